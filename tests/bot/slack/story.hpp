#pragma once
#include <fnmatch.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bot/slack/process.hpp"
#include "tests/bot/slack_person.hpp"
#include "tests/matrix/scene.hpp"

namespace bot::test {

using nlohmann::json;
using namespace std::chrono_literals;

/// A workspace with U2 in a public channel, in which the bot is, too; and the bot's process, which comes and
/// goes. Time passes only when the story says so, but on the sockets.
class SlackStory {
 public:
  SlackStory() {
    home.channel(room);
    options.api_url = server.api_url();
    options.app_token = team.app_token;
    options.bot_token = team.bot_token;
    options.silence = 400ms;
    net::on_death([this](const auto&, const std::exception_ptr& why) { death_ = sentence(why); });
  }
  ~SlackStory() { net::on_death(nullptr); }
  SlackStory(const SlackStory&) = delete;
  SlackStory& operator=(const SlackStory&) = delete;

  void launch() {
    process =
        std::make_unique<SlackProcess>(dir.file("devbox.db"), options, clock.now(), 7919 * ++processes_);
    process->start();
  }
  void start() {
    launch();
    until([&] { return is_connected(); });
    settle();
  }
  void stop() { process.reset(); }
  [[nodiscard]] bool is_connected() const { return process->slack.health().sockets->ours > 0; }
  [[nodiscard]] const std::string& death() const { return death_; }

  void until(const std::function<bool()>& reached) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("what the story waits for did not come; seen: " + screen() + death_);
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
  /// Time passes, a little at a time, until it has come; how much.
  net::Duration pass_until(const std::function<bool()>& reached, net::Duration step = 50ms) {
    net::Duration passed{};
    for (; !reached() && passed < 5min; passed += step) pass(step);
    return passed;
  }

  [[nodiscard]] std::string screen(const std::string& channel = "C1") const {
    return screen_of(team, channel);
  }
  json ask(const std::string& method, const std::string& path, const json& body = nullptr) {
    return http.ask(method, path, body).body;
  }
  void fault(const json& plan) { ask("POST", "/_sim/faults", plan); }
  int count(const std::string& pattern) {
    int found = 0;
    for (const auto& row : ask("GET", "/_sim/requests")) {
      const auto line = row["method"].get<std::string>() + " " + row["path"].get<std::string>();
      found += ::fnmatch(pattern.c_str(), line.c_str(), 0) == 0 ? 1 : 0;
    }
    return found;
  }
  /// A message of the bot, as an operation would leave it.
  void post(const std::string& key, const commands::Message& message, const std::string& channel = "C1",
            const std::string& thread = "") {
    storage::OutboxRow row;
    row.key = key;
    row.chat = "slack";
    row.room = channel;
    row.thread = thread;
    row.kind = "line";
    row.body = json(message).dump();
    row.due = process->clock.now();
    process->storage.outbox.add(row);
    process->sender.wake();
  }
  [[nodiscard]] std::string state_of(const std::string& key) const {
    return process->storage.outbox.find(key)->state;
  }
  /// The newest message of the bot there.
  [[nodiscard]] const ::slack::simulator::Posted& newest(const std::string& channel = "C1") const {
    for (auto at = team.posts.rbegin(); at != team.posts.rend(); ++at)
      if (at->channel == channel && at->user == team.bot_user) return *at;
    throw std::runtime_error("the bot has said nothing in " + channel);
  }
  [[nodiscard]] std::size_t acknowledged() const {
    std::size_t count = 0;
    for (const auto& envelope : team.envelopes) count += envelope.is_acknowledged ? 1 : 0;
    return count;
  }

  TempDir dir;
  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  ::slack::simulator::Team team;
  ::slack::simulator::Simulator server{io.get_executor(), clock, team};
  ::slack::simulator::Workspace& home = server.workspace();
  const std::string room = "C1";
  ::matrix::test::Http http{io, server.url()};
  slack::Options options;
  std::unique_ptr<SlackProcess> process;

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

  std::uint64_t processes_ = 0;
  std::string death_;
};

}  // namespace bot::test
