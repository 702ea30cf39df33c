#pragma once
#include <fnmatch.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bot/matrix/process.hpp"
#include "tests/matrix/scene.hpp"
#include "tests/matrix/simulator/person.hpp"
#include "tests/temp_dir.hpp"

namespace bot::test {

namespace simulator = ::matrix::simulator;
using ::matrix::test::api;
using ::matrix::test::escaped;
using nlohmann::json;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// A homeserver with alice in a public room of hers, in which the bot is, too; and the bot's process, which
/// comes and goes. Time passes only when the story says so.
class Story {
 public:
  Story() {
    token("devbox-token", devbox);
    home.join(home.add_user("devbox"), room);
    options.homeserver = server.url();
    options.user = devbox;
    options.access_token = "devbox-token";
    options.rooms = {room};
    options.session_file = dir.file("secrets/matrix-session");
    net::on_death([this](const auto&, const std::exception_ptr& why) { death_ = sentence(why); });
  }
  ~Story() { net::on_death(nullptr); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  /// The process begins, and has had its first answer.
  void start() {
    launch();
    until([&] { return !process->batches.empty(); });
    settle();
  }
  void launch() {
    process = std::make_unique<Process>(dir.file("devbox.db"), options, now(), 7919 * ++processes_);
    process->start();
  }
  void stop() { process.reset(); }
  void restart() {
    stop();
    start();
  }
  void lose_database() {
    stop();
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(dir.file("devbox.db") + end);
  }
  /// What it died of; "" while it lives.
  [[nodiscard]] const std::string& death() const { return death_; }
  void token(const std::string& text, const std::string& user) {
    contents.access_tokens[text] = {user, "devbox"};
  }

  void until(const std::function<bool()>& reached) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!reached()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("what the story waits for did not come; seen: " + alice.screen() + death_);
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
  [[nodiscard]] net::Time now() const { return clock.now(); }

  /// Says it and waits until nothing happens any more; what was said since, a line each.
  std::string say(const std::string& text) {
    news();
    alice.say(text);
    settle();
    return news();
  }
  std::string news() {
    const auto all = alice.screen();
    auto fresh = all.substr(told_);
    told_ = all.size();
    return fresh;
  }
  /// Commands that are each answered with a line of their own.
  void say_many(int first, int last) {
    for (int n = first; n <= last; ++n) alice.say("!devbox watch w" + std::to_string(n));
  }
  static std::string answers(int first, int last) {
    std::string all;
    for (int n = first; n <= last; ++n)
      all +=
          "\"w" + std::to_string(n) + "\" is no server type; for example: watch cpx32. Nothing was done.\n";
    return all;
  }

  json ask(const std::string& method, const std::string& path, const json& body = nullptr) {
    return http.ask(method, path, body).body;
  }
  void fault(const json& plan) { ask("POST", "/_sim/faults", plan); }
  /// All requests of "METHOD /path" (globs), in the order they were answered.
  std::vector<json> requests(const std::string& pattern) {
    std::vector<json> found;
    for (const auto& row : ask("GET", "/_sim/requests")) {
      const auto line = row["method"].get<std::string>() + " " + row["path"].get<std::string>();
      if (::fnmatch(pattern.c_str(), line.c_str(), 0) == 0) found.push_back(row);
    }
    return found;
  }
  int count(const std::string& pattern) { return static_cast<int>(requests(pattern).size()); }
  /// A parameter of each of those.
  Texts queried(const std::string& pattern, const std::string& key) {
    Texts values;
    for (const auto& row : requests(pattern)) {
      const auto query = net::parse_target("/?" + row["query"].get<std::string>());
      values.push_back(query.find(key).value_or("none"));
    }
    return values;
  }

  /// What the process has heard and taken for meant for it.
  [[nodiscard]] std::vector<In> heard() const {
    std::vector<In> all;
    for (const auto& batch : process->batches)
      all.insert(all.end(), batch.messages.begin(), batch.messages.end());
    return all;
  }
  [[nodiscard]] Texts heard_texts() const {
    Texts texts;
    for (const auto& message : heard()) texts.push_back(message.text);
    return texts;
  }
  /// A message of the bot to the room, as an operation would leave it.
  void post(const std::string& key, const commands::Message& message, const std::string& to = "") {
    storage::OutboxRow row;
    row.key = key;
    row.chat = "matrix";
    row.room = to.empty() ? room : to;
    row.kind = message.buttons.empty() ? "line" : "question";
    row.body = json(message).dump();
    row.due = process->clock.now();
    process->storage.outbox.add(row);
    process->sender.wake();
  }
  void post(const std::string& key, const std::string& text) { post(key, commands::Message{text, {}, {}}); }
  [[nodiscard]] std::string state_of(const std::string& key) const {
    return process->storage.outbox.find(key)->state;
  }

  const std::string devbox = "@devbox:devbox.test";
  TempDir dir;
  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  simulator::Contents contents;
  simulator::Simulator server{io.get_executor(), clock, contents};
  simulator::Homeserver& home = server.home();
  std::string room = home.create_room(home.add_user("alice"), {{"preset", "public_chat"}});
  simulator::Person alice{home, "alice", room};
  ::matrix::test::Http http{io, server.url()};
  matrix::Options options;
  std::unique_ptr<Process> process;

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
  std::size_t told_ = 0;
  std::string death_;
};

}  // namespace bot::test
