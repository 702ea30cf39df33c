#pragma once
#include <string>

#include "bot/slack/fields.hpp"
#include "bot/slack/slack.hpp"
#include "tests/bot/chat_story.hpp"
#include "tests/bot/slack_person.hpp"
#include "tests/matrix/scene.hpp"

namespace bot::test {

/// A workspace with U2 in a public channel, in which the bot is, too; and the bot's process, which comes and
/// goes. Time passes only when the story says so, but on the sockets.
class SlackStory final : public ChatStory<slack::Slack> {
 public:
  SlackStory() : ChatStory(20s) {
    home.channel(room);
    options.api_url = server.api_url();
    options.app_token = team.app_token;
    options.bot_token = team.bot_token;
    options.silence = 400ms;
  }
  ~SlackStory() override { stop(); }

  void launch() { begin(options, "slack:T1/*"); }
  void start() {
    launch();
    until([&] { return is_connected(); });
    settle();
  }
  [[nodiscard]] bool is_connected() const { return process->backend.health().sockets->ours > 0; }

  /// Time passes, a little at a time, until it has come; how much.
  net::Duration pass_until(const std::function<bool()>& reached, net::Duration step = 50ms) {
    net::Duration passed{};
    for (; !reached() && passed < 5min; passed += step) pass(step);
    return passed;
  }

  [[nodiscard]] std::string screen(const std::string& channel = "C1") const {
    return screen_of(team, channel);
  }
  json ask(const std::string& method, const std::string& path, const json& body = nullptr) override {
    return http.ask(method, path, body).body;
  }
  /// A message of the bot, as an operation would leave it.
  void post(const std::string& key, const commands::Message& message, const std::string& channel = "C1",
            const std::string& thread = "", const std::string& kind = "line") {
    storage::OutboxRow row;
    row.key = key;
    row.room = channel;
    row.thread = thread;
    row.kind = kind;
    put(row, message);
  }
  /// The newest message of the bot there.
  [[nodiscard]] const ::slack::simulator::Posted& newest(const std::string& channel = "C1") const {
    for (auto at = team.posts.rbegin(); at != team.posts.rend(); ++at)
      if (at->channel == channel && at->user == team.bot_user) return *at;
    throw std::runtime_error("the bot has said nothing in " + channel);
  }
  /// Under which the first command is answered.
  [[nodiscard]] std::string thread_of_command() const {
    return "command/" + bot::slack::digest(team.envelopes.front().payload["trigger_id"]);
  }
  [[nodiscard]] std::size_t acknowledged() const {
    std::size_t count = 0;
    for (const auto& envelope : team.envelopes) count += envelope.is_acknowledged ? 1 : 0;
    return count;
  }

  ::slack::simulator::Team team;
  ::slack::simulator::Simulator server{io.get_executor(), clock, team};
  ::slack::simulator::Workspace& home = server.workspace();
  const std::string room = "C1";
  ::matrix::test::Http http{io, server.url()};
  slack::Options options;

 protected:
  [[nodiscard]] std::string shown() const override { return screen(); }
};

}  // namespace bot::test
