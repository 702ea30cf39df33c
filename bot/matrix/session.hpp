#pragma once
#include <optional>
#include <stdexcept>
#include <string>

#include "bot/chat.hpp"
#include "bot/matrix/homeserver.hpp"
#include "bot/matrix/options.hpp"
#include "net/signal.hpp"

namespace bot::matrix {

/// Our login: a token from the configuration, or one that a password was changed for once, which is kept and
/// refreshed. A new token is stored before it is used, so that a crash never leaves us with one that is
/// spent. https://spec.matrix.org/latest/client-server-api/#client-authentication
class Session {
 public:
  Session(net::Executor executor, net::Clock& clock, Homeserver& homeserver, const Options& options);

  /// Has a token that the homeserver takes for ours; may be repeated. Throws CredentialsRefused, Refusal,
  /// net::Error.
  net::awaitable<void> open();
  /// A token to use now: refreshed at four fifths of its life, while all who want one wait.
  net::awaitable<std::string> token();
  /// The homeserver has refused this token: gets another, or throws CredentialsRefused.
  net::awaitable<void> replace(std::string token, Refusal refusal);
  [[nodiscard]] const std::string& user() const { return options_.user; }

 private:
  struct Login {
    std::string access_token;
    std::string refresh_token;
    std::optional<net::Time> refresh_at;
  };
  void load();
  void keep(const nlohmann::json& answer);
  void store() const;
  void forget();
  net::awaitable<void> check_user();
  net::awaitable<void> log_in();
  net::awaitable<void> renew();
  net::awaitable<void> refresh_or_log_in();
  net::awaitable<std::optional<Refusal>> refresh();

  net::Clock& clock_;
  Homeserver& homeserver_;
  const Options& options_;
  Login login_;
  bool is_renewing_ = false;
  bool may_come_late_ = false;  ///< a login without an answer, which nobody has heard of since
  net::Signal renewed_;
};

/// What a process before this one has kept of its session: {user_id, access_token, …}; null when there is
/// none.
nlohmann::json stored_session(const Options& options);

}  // namespace bot::matrix
