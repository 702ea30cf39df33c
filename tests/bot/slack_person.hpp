#pragma once
#include <string>

#include "bot/slack/slack.hpp"
#include "storage/storage.hpp"
#include "tests/bot/loop.hpp"
#include "tests/slack/simulator/simulator.hpp"
#include "tests/temp_dir.hpp"
#include "tests/throwaway_ca.hpp"

namespace bot::test {

/// Slack's entities, as its clients show them.
inline std::string as_shown(std::string text) {
  for (const auto& [entity, plain] :
       {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&amp;", "&")})
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, std::string_view(entity).size(), plain);
  return text;
}

/// What was to be seen in a channel, a line each: "text", and "… text" for what one became.
inline std::string screen_of(const ::slack::simulator::Team& team, const std::string& channel) {
  std::string lines;
  for (const auto& one : team.shown)
    if (one.channel == channel) lines += (one.is_edit ? "… " : "") + as_shown(one.text) + "\n";
  return lines;
}

/// Somebody in direct conversation with the bot, in a workspace over TLS.
class SlackPerson {
 public:
  explicit SlackPerson(Loop& loop)
      : simulator_(loop.io.get_executor(), loop.clock, team_, identity(ca_)),
        slack_(loop.io.get_executor(), loop.clock, loop.random, storage_, options()) {
    simulator_.workspace().channel(room());
  }
  slack::Slack& chat() { return slack_; }
  void say(const std::string& text) { simulator_.workspace().say("U2", room(), text); }
  [[nodiscard]] std::string room() const { return "D2"; }
  [[nodiscard]] std::string sender() const { return "slack:T1/U2"; }
  [[nodiscard]] std::size_t acknowledged() const {
    std::size_t count = 0;
    for (const auto& envelope : team_.envelopes) count += envelope.is_acknowledged ? 1 : 0;
    return count;
  }
  const std::string& screen() { return screen_ = screen_of(team_, room()); }

 private:
  static ::slack::simulator::Options identity(ThrowawayCa& ca) {
    const auto issued = ca.issue("IP:127.0.0.1");
    ::slack::simulator::Options options;
    options.certificate_file = issued.certificate_file;
    options.private_key_file = issued.private_key_file;
    return options;
  }
  slack::Options options() {
    slack::Options options;
    options.api_url = simulator_.api_url();
    options.app_token = team_.app_token;
    options.bot_token = team_.bot_token;
    options.ca_file = ca_.file();
    options.per_channel = net::Duration::zero();
    return options;
  }

  TempDir dir_;
  ThrowawayCa ca_{dir_};
  storage::Storage storage_{dir_.file("devbox.db")};
  ::slack::simulator::Team team_;
  ::slack::simulator::Simulator simulator_;
  slack::Slack slack_;
  std::string screen_;
};

}  // namespace bot::test
