#include "tests/matrix/simulator/sessions.hpp"

#include <algorithm>

namespace matrix::simulator {

using nlohmann::json;

namespace {

Refusal unknown_token(const std::string& message, bool is_soft) {
  Refusal refusal(401, "M_UNKNOWN_TOKEN", message);
  refusal.more["soft_logout"] = is_soft;
  return refusal;
}

std::string local_part(const std::string& user) { return user.substr(1, user.find(':') - 1); }

/// "alice" or "@alice:devbox.test", from the identifier or the deprecated field.
std::string user_named(const Homeserver& home, const json& body) {
  const auto identifier = body.value("identifier", json::object());
  const auto name = identifier.value("user", body.value("user", ""));
  return name.starts_with('@') ? name : "@" + name + ":" + home.contents.server_name;
}

void forget_device(Homeserver& home, const Session& session) {
  const auto is_its = [&](const auto& one) {
    return one.second.user == session.user && one.second.device == session.device;
  };
  std::erase_if(home.contents.access_tokens, is_its);
  std::erase_if(home.contents.refresh_tokens, is_its);
}

/// An access token and, when it ends, the refresh token beside it.
json grant(Homeserver& home, const Session& session, bool refreshable) {
  const auto lifetime_ms = home.contents.limits.token_lifetime_s * 1000;
  const auto access = "syt_" + local_part(session.user) + "_" + home.random_id();
  json granted = {{"access_token", access}};
  auto& token = home.contents.access_tokens[access];
  token = {session.user, session.device, 0, false};
  if (!refreshable || lifetime_ms == 0) return granted;
  token.expires = home.now() + lifetime_ms;
  const auto refresh_token = "syr_" + local_part(session.user) + "_" + home.random_id();
  home.contents.refresh_tokens[refresh_token] = {session.user, session.device, "", ""};
  granted["expires_in_ms"] = lifetime_ms;
  granted["refresh_token"] = refresh_token;
  return granted;
}

}  // namespace

json log_in(Homeserver& home, const json& body) {
  if (body.value("type", "") != "m.login.password")
    throw Refusal(400, "M_UNKNOWN", "Unknown login type " + body.value("type", "None"));
  const auto name = user_named(home, body);
  home.login_limiter.check(name, home.contents.limits.logins, home.now());
  home.login_limiter.count(name, home.contents.limits.logins, home.now());
  const auto found = home.contents.users.find(name);
  if (found == home.contents.users.end() || found->second.password.empty() ||
      found->second.password != body.value("password", ""))
    throw forbidden("Invalid username or password");
  Session session{name, body.value("device_id", "")};
  if (session.device.empty()) session.device = home.random_id().substr(0, 10);
  forget_device(home, session);  // a log-in to a device ends its earlier ones
  found->second.devices.insert(session.device);
  auto granted = grant(home, session, body.value("refresh_token", false));
  granted["user_id"] = session.user;
  granted["device_id"] = session.device;
  granted["home_server"] = home.contents.server_name;
  return granted;
}

json refresh(Homeserver& home, const std::string& refresh_token) {
  auto& tokens = home.contents.refresh_tokens;
  const auto found = tokens.find(refresh_token);
  if (found == tokens.end()) throw Refusal(401, "M_UNKNOWN_TOKEN", "refresh token does not exist");
  const auto next = tokens.find(found->second.next);
  const bool is_refreshed_again = next != tokens.end() && !next->second.next.empty();
  const auto access = home.contents.access_tokens.find(found->second.next_access);
  const bool is_used = access != home.contents.access_tokens.end() && access->second.is_used;
  if (is_used || is_refreshed_again) throw forbidden("refresh token isn't valid anymore");
  const Session session{found->second.user, found->second.device};
  auto granted = grant(home, session, true);
  auto& old = tokens[refresh_token];
  old.next = granted.value("refresh_token", "");
  old.next_access = granted["access_token"];
  return granted;
}

void log_out(Homeserver& home, const std::string& access_token) {
  const auto found = home.contents.access_tokens.find(access_token);
  if (found == home.contents.access_tokens.end()) return;
  forget_device(home, {found->second.user, found->second.device});
}

Session authenticate(Homeserver& home, const std::string& access_token) {
  const auto found = home.contents.access_tokens.find(access_token);
  if (found == home.contents.access_tokens.end()) throw unknown_token("Invalid access token passed.", false);
  auto& token = found->second;
  if (token.expires && token.expires < home.now()) throw unknown_token("Access token has expired", true);
  token.is_used = true;
  return {token.user, token.device};
}

void expire_tokens(Homeserver& home, const std::string& user) {
  for (auto& [text, token] : home.contents.access_tokens)
    if (token.user == user) token.expires = home.now() - 1;
}

void log_out_user(Homeserver& home, const std::string& user) {
  const auto is_its = [&](const auto& one) { return one.second.user == user; };
  std::erase_if(home.contents.access_tokens, is_its);
  std::erase_if(home.contents.refresh_tokens, is_its);
}

}  // namespace matrix::simulator
