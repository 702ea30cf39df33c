#include <fmt/format.h>

#include <array>

#include "bot/check.hpp"
#include "bot/guarded.hpp"
#include "bot/options.hpp"
#include "bot/slack/api.hpp"
#include "bot/slack/fields.hpp"

namespace bot {
namespace {

using nlohmann::json;

struct Scope {
  const char* name;
  const char* without;  ///< what does not work then
};
constexpr std::array<Scope, 9> wanted_scopes = {
    {{"commands", "/devbox"},
     {"chat:write", "any answer"},
     {"app_mentions:read", "mentions"},
     {"im:history", "direct messages"},
     {"im:write", "answers to commands that took more than half an hour in channels it is not in"},
     {"channels:history", "!devbox in public channels, and finding what a crash left half sent there"},
     {"groups:history", "the same in private channels"},
     {"users:read", "workspaces called after their owners instead of U0123ABCD"},
     {"files:write", "pictures, of which no command makes one yet"}}};

bool has_scope(const std::string& list, const std::string& scope) {
  return ("," + list + ",").find("," + scope + ",") != std::string::npos;
}

class SlackCheck {
 public:
  SlackCheck(const Checking& with, slack::Options options)
      : with_(with), options_(std::move(options)), api_(with.executor, options_) {}

  net::awaitable<Findings> run() {
    auto asking = ask_who();
    co_await guarded(with_, findings_, "Slack's bot token", std::move(asking));
    auto opening = open_socket();
    co_await guarded(with_, findings_, "Slack's app-level token", std::move(opening));
    co_return findings_;
  }

 private:
  net::awaitable<void> ask_who() {
    const json none = json::object();
    try {
      const auto answer = co_await api_.call("auth.test", none);
      findings_.push_back(
          good(fmt::format("Slack: in the workspace {} ({}) as {}; people are \"slack:{}/U…\"",
                           slack::text_of(answer, "team"), slack::text_of(answer, "team_id"),
                           slack::text_of(answer, "user_id"), slack::text_of(answer, "team_id"))));
      note_scopes();
    } catch (const slack::Refusal& refusal) {
      findings_.push_back(
          broken(std::string("Slack: ") + refusal.what(),
                 "Install the app (OAuth & Permissions) and put its bot token, xoxb-…, into the file "
                 "that [slack] bot_token_file names."));
    }
  }

  void note_scopes() {
    for (const auto& [name, without] : wanted_scopes)
      if (!has_scope(api_.scopes(), name))
        findings_.push_back(
            doubtful(fmt::format("Slack: the app has not the scope {}: no {}", name, without),
                     "Add it under OAuth & Permissions and install the app again, or do without."));
  }

  net::awaitable<void> open_socket() {
    const json none = json::object();
    try {
      co_await api_.call("apps.connections.open", none, slack::Api::Token::app);
      findings_.push_back(good("Slack: the app-level token opens sockets"));
    } catch (const slack::Refusal& refusal) {
      findings_.push_back(
          broken(std::string("Slack: ") + refusal.what(),
                 "Make an app-level token with connections:write (Basic Information), switch Socket "
                 "Mode on, and put the token, xapp-…, into the file that [slack] app_token_file "
                 "names."));
    }
  }

  const Checking& with_;
  const slack::Options options_;
  slack::Api api_;
  Findings findings_;
};

}  // namespace

net::awaitable<Findings> check_slack(Checking with) {
  auto options = slack_options(with.config);
  if (!options) co_return Findings();
  SlackCheck check(with, std::move(*options));
  co_return co_await check.run();
}

}  // namespace bot
