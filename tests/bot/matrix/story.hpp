#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "bot/matrix/matrix.hpp"
#include "tests/bot/chat_story.hpp"
#include "tests/matrix/scene.hpp"
#include "tests/matrix/simulator/person.hpp"

namespace bot::test {

namespace simulator = ::matrix::simulator;
using ::matrix::test::api;
using ::matrix::test::escaped;
using Texts = std::vector<std::string>;

/// A homeserver with alice in a public room of hers, in which the bot is, too; and the bot's process, which
/// comes and goes. Time passes only when the story says so.
class Story : public ChatStory<matrix::Matrix> {
 public:
  Story() : ChatStory(10s) {
    token("devbox-token", devbox);
    home.join(home.add_user("devbox"), room);
    options.homeserver = server.url();
    options.user = devbox;
    options.access_token = "devbox-token";
    options.rooms = {room};
    options.session_file = dir.file("secrets/matrix-session");
  }
  ~Story() override { stop(); }

  /// The process begins, and has had its first answer.
  void start() {
    launch();
    until([&] { return !process->batches.empty(); });
    settle();
  }
  void launch() { begin(options, "matrix:@*:devbox.test"); }
  void restart() {
    stop();
    start();
  }
  void lose_database() {
    stop();
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(dir.file("devbox.db") + end);
  }
  void token(const std::string& text, const std::string& user) {
    contents.access_tokens[text] = {user, "devbox"};
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

  json ask(const std::string& method, const std::string& path, const json& body = nullptr) override {
    return http.ask(method, path, body).body;
  }
  /// A parameter of each of those requests.
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
    row.room = to.empty() ? room : to;
    row.kind = message.buttons.empty() ? "line" : "question";
    put(row, message);
  }
  void post(const std::string& key, const std::string& text) { post(key, commands::Message{text, {}, {}}); }
  const std::string devbox = "@devbox:devbox.test";
  simulator::Contents contents;
  simulator::Simulator server{io.get_executor(), clock, contents};
  simulator::Homeserver& home = server.home();
  std::string room = home.create_room(home.add_user("alice"), {{"preset", "public_chat"}});
  simulator::Person alice{home, "alice", room};
  ::matrix::test::Http http{io, server.url()};
  matrix::Options options;

 protected:
  [[nodiscard]] std::string shown() const override { return alice.screen(); }

 private:
  std::size_t told_ = 0;
};

}  // namespace bot::test
