#include "bot/matrix/session.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "bot/matrix/event.hpp"
#include "bot/state.hpp"
#include "net/error.hpp"
#include "storage/database.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;

constexpr net::Duration retry_refresh = std::chrono::seconds(5);

bool is_for_good(const Refusal& refusal) { return refusal.is(401) || refusal.is(403); }

CredentialsRefused refused(const std::string& what, const std::string& todo) {
  return CredentialsRefused("matrix: " + what + ". " + todo);
}

}  // namespace

json stored_session(const Options& options) {
  std::ifstream in(options.session_file);
  if (!in) return nullptr;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto stored = json::parse(text, nullptr, false);
  if (stored.is_object()) return stored;
  spdlog::warn("{} holds no session", options.session_file);
  return nullptr;
}

Session::Session(net::Executor executor, net::Clock& clock, Homeserver& homeserver, const Options& options)
    : clock_(clock), homeserver_(homeserver), options_(options), renewed_(executor) {}

net::awaitable<void> Session::open() {
  if (!options_.access_token.empty())
    login_.access_token = options_.access_token;
  else if (login_.access_token.empty())
    load();
  if (login_.access_token.empty()) co_await log_in();
  co_await check_user();
}

/// The session of a process before this one, unless it was another user's.
void Session::load() {
  const auto stored = stored_session(options_);
  if (stored.is_null()) return;
  const auto user = text_of(stored, "user_id");
  if (user != options_.user)
    throw refused("the stored session is of " + user + ", and [matrix] user is " + options_.user,
                  "If that is meant, remove " + options_.session_file + " and start again");
  login_.access_token = text_of(stored, "access_token");
  login_.refresh_token = text_of(stored, "refresh_token");
  const auto at = stored.find("refresh_at");
  if (at != stored.end() && at->is_number_integer())
    login_.refresh_at = storage::from_ms(at->get<std::int64_t>());
}

void Session::store() const {
  if (options_.session_file.empty()) return;
  json stored = {{"user_id", options_.user},
                 {"device_id", options_.device},
                 {"access_token", login_.access_token},
                 {"refresh_token", login_.refresh_token}};
  if (login_.refresh_at) stored["refresh_at"] = storage::to_ms(*login_.refresh_at);
  keep_secret(options_.session_file, stored.dump());
}

void Session::forget() {
  login_ = {};
  if (!options_.session_file.empty() && options_.access_token.empty()) store();
}

/// {access_token, refresh_token?, expires_in_ms?} of /login and /refresh.
void Session::keep(const json& answer) {
  const auto token = text_of(answer, "access_token");
  if (token.empty()) throw BadAnswer("the homeserver gave no access token");
  login_.access_token = token;
  const auto refresh_token = text_of(answer, "refresh_token");
  if (!refresh_token.empty()) login_.refresh_token = refresh_token;
  login_.refresh_at.reset();
  const auto life = answer.find("expires_in_ms");
  if (life != answer.end() && life->is_number_unsigned() && !login_.refresh_token.empty()) {
    const auto ms = std::min<std::uint64_t>(life->get<std::uint64_t>(), 31'536'000'000);
    login_.refresh_at = clock_.now() + net::Duration(static_cast<std::int64_t>(ms) * 4 / 5);
  }
  store();
}

net::awaitable<void> Session::check_user() {
  for (;;) {
    Call ask{"GET", "/_matrix/client/v3/account/whoami"};
    ask.token = co_await token();
    std::optional<Refusal> refusal;
    std::string body;
    try {
      body = co_await homeserver_.call(ask, options_.request);
    } catch (const Refusal& error) {
      refusal = error;
    }
    if (!refusal) {
      const auto user = text_of(object_of(body), "user_id");
      if (user == options_.user) co_return;
      throw refused(
          "the token is of " + (user.empty() ? "nobody" : user) + ", and [matrix] user is " + options_.user,
          "Give the token of that account, or name the other one");
    }
    if (!refusal->is(401)) throw *refusal;
    co_await replace(ask.token, *refusal);
  }
}

net::awaitable<void> Session::log_in() {
  if (options_.password.empty())
    throw refused("the access token is not valid any more", "Put a new one into [matrix] access_token_file");
  const json who = {{"type", "m.id.user"}, {"user", options_.user}};
  const json body = {{"type", "m.login.password"},
                     {"identifier", who},
                     {"password", options_.password},
                     {"device_id", options_.device},
                     {"initial_device_display_name", "devbox"},
                     {"refresh_token", true}};
  const Call ask{"POST", "/_matrix/client/v3/login", body.dump()};
  std::optional<Refusal> refusal;
  std::string answer;
  try {
    answer = co_await homeserver_.call(ask, options_.request);
  } catch (const Refusal& error) {
    refusal = error;
  } catch (const net::NoAnswer&) {
    may_come_late_ = true;
    throw;
  }
  if (refusal && is_for_good(*refusal))
    throw refused("the homeserver refuses the password of " + options_.user + ": " + refusal->error,
                  "Put the right one into [matrix] password_file");
  if (refusal) throw *refusal;
  const auto login = object_of(answer);
  const auto user = text_of(login, "user_id");
  if (user != options_.user)
    throw refused("the login is of " + user + ", and [matrix] user is " + options_.user,
                  "Write the user as the homeserver does");
  keep(login);
  spdlog::info("matrix: logged in as {}, device {}", user, text_of(login, "device_id"));
}

net::awaitable<std::string> Session::token() {
  while (is_renewing_) co_await renewed_.wait();
  const bool is_due = login_.refresh_at && clock_.now() >= *login_.refresh_at;
  // Until its end the token is as good as a new one: whether it has ended, the homeserver will say.
  try {
    if (is_due) co_await renew();
  } catch (const net::Error& error) {
    spdlog::info("matrix: the session was not refreshed yet: {}", error.what());
  } catch (const Refusal& error) {
    spdlog::info("matrix: the session was not refreshed yet: {}", error.what());
  }
  co_return login_.access_token;
}

net::awaitable<void> Session::replace(std::string token, Refusal refusal) {
  while (is_renewing_) co_await renewed_.wait();
  if (token != login_.access_token) co_return;
  const bool may_renew = refusal.soft_logout && options_.access_token.empty();
  if (may_renew) {
    co_await renew();
    co_return;
  }
  forget();
  // A login that was not answered may have come to its effect after the one that was, which ended that one's
  // session: a device has one.
  if (std::exchange(may_come_late_, false)) {
    co_await renew();
    co_return;
  }
  const bool has_password = !options_.password.empty();
  throw refused("the homeserver has ended the session of " + options_.user + " (" +
                    (refusal.error.empty() ? refusal.errcode : refusal.error) + ")",
                has_password
                    ? "If that was not meant, see who logged it out; when started again, devbox logs "
                      "in with the password"
                    : "Put a new token into [matrix] access_token_file");
}

net::awaitable<void> Session::renew() {
  is_renewing_ = true;
  std::exception_ptr failure;
  try {
    co_await refresh_or_log_in();
  } catch (...) {
    failure = std::current_exception();
  }
  is_renewing_ = false;
  renewed_.notify();
  if (failure) std::rethrow_exception(failure);
}

net::awaitable<void> Session::refresh_or_log_in() {
  std::optional<Refusal> refusal;
  if (!login_.refresh_token.empty()) {
    refusal = co_await refresh();
    if (!refusal) co_return;
    // The one we have may still be good: try again soon, and let its own end decide.
    if (!is_for_good(*refusal)) throw *refusal;
    spdlog::warn("matrix: the session cannot be refreshed ({}); logging in again", refusal->error);
  }
  co_await log_in();
}

/// What the homeserver said when it refused; nullopt when there is a new token.
net::awaitable<std::optional<Refusal>> Session::refresh() {
  const json body = {{"refresh_token", login_.refresh_token}};
  const Call ask{"POST", "/_matrix/client/v3/refresh", body.dump()};
  std::optional<Refusal> refusal;
  std::string answer;
  login_.refresh_at = clock_.now() + retry_refresh;
  try {
    answer = co_await homeserver_.call(ask, options_.request);
  } catch (const Refusal& error) {
    refusal = error;
  }
  if (!refusal) keep(object_of(answer));
  co_return refusal;
}

}  // namespace bot::matrix
