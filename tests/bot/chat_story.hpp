#pragma once
#include <fnmatch.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bot/chat_process.hpp"
#include "tests/temp_dir.hpp"

namespace bot::test {

using nlohmann::json;
using namespace std::chrono_literals;

/// A chat whose server is simulated in `io`, and the bot's process, which comes and goes. Time passes only
/// when the story says so. A story's own destructor stops the process, before the server goes.
template <class Backend>
class ChatStory {
 public:
  /// `patience`: real time, for what is to come without any passing.
  explicit ChatStory(std::chrono::seconds patience) : patience_(patience) {
    net::on_death([this](const auto&, const std::exception_ptr& why) { death_ = sentence(why); });
  }
  virtual ~ChatStory() { net::on_death(nullptr); }
  ChatStory(const ChatStory&) = delete;
  ChatStory& operator=(const ChatStory&) = delete;

  void stop() { process.reset(); }
  /// What it died of; "" while it lives.
  [[nodiscard]] const std::string& death() const { return death_; }

  void until(const std::function<bool()>& reached) {
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("what the story waits for did not come; seen: " + shown() + death_);
      turn();
    }
  }
  /// Until nothing happens any more without time.
  void settle() {
    for (int idle = 0; idle < 6;) idle = turn() ? 0 : idle + 1;
  }
  void pass(net::Duration time) {
    settle();
    clock.advance(time);
    if (process) process->clock.advance(time);
    settle();
  }

  /// Of the server's control.
  virtual json ask(const std::string& method, const std::string& path, const json& body = nullptr) = 0;
  void fault(const json& plan) { ask("POST", "/_sim/faults", plan); }
  /// All requests of "METHOD /path" (globs), in the order they were answered.
  std::vector<json> requests(const std::string& pattern) {
    std::vector<json> found;
    for (const auto& row : ask("GET", "/_sim/requests")) {
      const std::string method = row["method"], path = row["path"];
      const auto line = method + " " + path;
      if (::fnmatch(pattern.c_str(), line.c_str(), 0) == 0) found.push_back(row);
    }
    return found;
  }
  int count(const std::string& pattern) { return static_cast<int>(requests(pattern).size()); }
  [[nodiscard]] std::string state_of(const std::string& key) const {
    return process->storage.outbox.find(key)->state;
  }

  TempDir dir;
  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  std::unique_ptr<ChatProcess<Backend>> process;

 protected:
  template <class Options>
  void begin(const Options& options, const std::string& members) {
    const auto seed = 7919 * ++processes_;
    process =
        std::make_unique<ChatProcess<Backend>>(dir.file("devbox.db"), options, members, clock.now(), seed);
    process->start();
  }
  /// A message of the bot to a room, as an operation would leave it.
  void put(storage::OutboxRow row, const commands::Message& message) {
    row.chat = process->backend.name();
    row.body = json(message).dump();
    row.due = process->clock.now();
    process->storage.outbox.add(row);
    process->sender.wake();
  }
  /// What people see, for the failure's text.
  [[nodiscard]] virtual std::string shown() const = 0;

 private:
  bool turn() {
    io.restart();
    auto done = io.poll();
    if (process) {
      process->io.restart();
      done += process->io.poll();
    }
    if (done == 0) std::this_thread::sleep_for(200us);
    return done > 0;
  }
  static std::string sentence(const std::exception_ptr& why) {
    try {
      std::rethrow_exception(why);
    } catch (const CredentialsRefused& error) {
      return error.what();
    } catch (const std::exception& error) {
      return std::string("not foreseen: ") + error.what();
    }
  }

  std::chrono::seconds patience_;
  std::uint64_t processes_ = 0;
  std::string death_;
};

}  // namespace bot::test
