#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "bot/slack/options.hpp"
#include "net/client.hpp"

namespace bot::slack {

/// Slack says no: {"ok":false,"error":…}, or a status that is not 200.
struct Refusal : std::runtime_error {
  Refusal(const std::string& asked, std::string word, int code)
      : std::runtime_error("Slack answers " + asked + " with " + word),
        method(asked),
        error(std::move(word)),
        status(code) {}
  std::string method;  ///< "chat.postMessage"
  std::string error;   ///< "channel_not_found"
  int status;
  std::optional<net::Duration> wait;  ///< Retry-After
  [[nodiscard]] bool is_limit() const { return status == 429 || error == "ratelimited"; }
  /// Nobody knows whether it happened.
  [[nodiscard]] bool is_trouble() const;
  /// A token or an app that will not do, however often it is tried.
  [[nodiscard]] bool is_for_good() const;
  /// The bot is not where the message should go.
  [[nodiscard]] bool is_out_of_reach() const;
};

/// The Web API, and the URLs on other hosts that it and its envelopes name.
/// https://docs.slack.dev/apis/web-api/
class Api {
 public:
  Api(net::Executor executor, const Options& options);

  enum class Token { bot, app };
  /// The answer's body. Throws Refusal and net::Error.
  net::awaitable<nlohmann::json> call(std::string method, nlohmann::json arguments, Token token = Token::bot);
  /// The same for the methods that take no JSON.
  net::awaitable<nlohmann::json> call_with_form(std::string method, net::Query arguments);
  /// A response_url, an upload_url: without a token. Throws Refusal and net::Error.
  net::awaitable<void> post(std::string url, std::string type, std::string body);

  /// What only the last answer's headers tell: "chat:write,commands".
  [[nodiscard]] const std::string& scopes() const { return scopes_; }
  [[nodiscard]] const net::Tally& tally() const { return *tally_; }
  [[nodiscard]] bool is_local() const { return is_local_; }  ///< api_url is a loopback address

 private:
  net::awaitable<nlohmann::json> ask(std::string method, std::string type, std::string body, Token token);
  net::Client& client_of(const net::Endpoint& endpoint);

  net::Executor executor_;
  const Options& options_;
  std::shared_ptr<net::Tally> tally_ = std::make_shared<net::Tally>();
  net::Client client_;
  std::map<std::string, std::unique_ptr<net::Client>> others_;  ///< by URL of the host
  std::string scopes_;
  bool is_local_;
};

}  // namespace bot::slack
