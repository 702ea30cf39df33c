#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>

#include "tailnet/simulator/ask.hpp"
#include "tailnet/simulator/shapes.hpp"

/// The answers of headscale 0.26.1, 0.28.0 and 0.29.2, as far as the bot asks: what those programs say, also
/// where that is odd.
namespace tailnet::simulator {
namespace {

using nlohmann::json;

/// Keys are listed without their secret and expired by id, and nodes have one list of tags.
bool is_late(const Ask& ask) { return ask.registry.options().headscale >= 28; }

/// gRPC's Unknown, which goes out as HTTP 500, is what a plain Go error becomes.
constexpr int unknown = 500;

json user_json(const Ask& ask) {
  return {{"id", "1"},
          {"name", ask.registry.options().headscale_user},
          {"createdAt", "2026-01-01T00:00:00Z"},
          {"displayName", ""},
          {"email", ""},
          {"providerId", ""},
          {"provider", ""},
          {"profilePicUrl", ""}};
}

/// Revoked is expired, there.
std::string expiry_text(const Key& key) {
  auto text = time_text(key.revoked ? key.revoked : key.expires);
  if (key.revoked || key.expiry_micros == 0) return text;
  text.pop_back();
  return fmt::format("{}.{:06}Z", text, key.expiry_micros);
}

json key_shape(const Ask& ask, const Key& key, bool is_new) {
  auto shown = key.secret;
  if (is_late(ask) && !is_new) shown = shown.substr(0, shown.rfind('-')) + "-***";
  return {{"user", user_json(ask)},
          {"id", key.id},
          {"key", shown},
          {"reusable", key.reusable},
          {"ephemeral", key.ephemeral},
          {"used", key.used},
          {"expiration", expiry_text(key)},
          {"createdAt", time_text(key.created)},
          {"aclTags", key.tags}};
}

json node_shape(const Ask& ask, const Device& device) {
  json shown = {{"id", device.id},
                {"machineKey", "mkey:" + device.id},
                {"nodeKey", "nodekey:" + device.id},
                {"discoKey", "discokey:" + device.id},
                {"ipAddresses", device.addresses},
                {"name", device.hostname},
                {"user", user_json(ask)},
                {"lastSeen", time_text(device.last_seen)},
                {"expiry", nullptr},
                {"preAuthKey", nullptr},
                {"createdAt", time_text(device.created)},
                {"registerMethod", "REGISTER_METHOD_AUTH_KEY"},
                {"givenName", device.name.substr(0, device.name.find('.'))},
                {"online", device.connected},
                {"approvedRoutes", json::array()},
                {"availableRoutes", json::array()},
                {"subnetRoutes", json::array()}};
  if (const auto* key = ask.registry.find_key(device.key)) shown["preAuthKey"] = key_shape(ask, *key, false);
  if (is_late(ask)) {
    shown["tags"] = device.tags;
  } else {
    shown["forcedTags"] = shown["validTags"] = device.tags;
    shown["invalidTags"] = json::array();
  }
  return shown;
}

/// Any tag is good that looks like one, whether or not the policy knows it.
void check_tags(const std::vector<std::string>& tags) {
  for (const auto& tag : tags) {
    if (!tag.starts_with("tag:")) throw Refusal(400, "tag must start with the string 'tag:'");
    if (std::any_of(tag.begin(), tag.end(), [](unsigned char c) { return std::isupper(c); }))
      throw Refusal(400, "tag should be lowercase");
  }
}

/// A uint64 in JSON is text or a number; "" when it is missing.
std::string number_in(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void check_user(const Ask& ask, const std::string& user) {
  const bool may_be_nobody = is_late(ask) && (user.empty() || user == "0");
  if (user != "1" && !may_be_nobody) throw Refusal(unknown, "user not found");
}

/// "2026-11-27T05:24:14.012345Z", kept to the microsecond.
void take_expiration(Key& key, const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, length = 0;
  const int found = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour,
                                &minute, &second, &length);
  if (found != 6 || !text.ends_with('Z'))
    throw Refusal(400, "proto: invalid google.protobuf.Timestamp value");
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                    std::chrono::seconds(second);
  key.expires = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  auto fraction =
      text.substr(static_cast<std::size_t>(length), text.size() - 1 - static_cast<std::size_t>(length));
  if (!fraction.starts_with('.')) return;
  fraction = (fraction.substr(1) + "000000").substr(0, 6);
  if (std::sscanf(fraction.c_str(), "%6d", &key.expiry_micros) != 1)
    throw Refusal(400, "proto: invalid google.protobuf.Timestamp value");
}

json mint_preauth_key(const Ask& ask) {
  const auto body = ask.object();
  Key key;
  key.tags = body.value("aclTags", std::vector<std::string>());
  check_tags(key.tags);
  const auto user = number_in(body, "user");
  check_user(ask, user);
  if (user != "1" && key.tags.empty()) throw Refusal(400, "either user or tags is required");
  key.reusable = body.value("reusable", false);
  key.ephemeral = body.value("ephemeral", false);
  // Without one it is the beginning of time.
  if (body.contains("expiration")) take_expiration(key, body["expiration"].get<std::string>());
  return {{"preAuthKey", key_shape(ask, ask.registry.mint(std::move(key)), true)}};
}

json list_preauth_keys(const Ask& ask) {
  if (!is_late(ask)) check_user(ask, ask.parameter("user"));
  auto list = json::array();
  for (const auto& key : ask.registry.keys()) list.push_back(key_shape(ask, key, false));
  return {{"preAuthKeys", list}};
}

/// By text and owner before 0.28; then by id, and an id that nobody has is fine.
json expire(const Ask& ask) {
  const auto body = ask.object();
  const auto id = number_in(body, "id"), text = body.value("key", "");
  for (const auto& key : ask.registry.keys()) {
    if (is_late(ask) ? key.id != id : key.secret != text) continue;
    if (!is_late(ask) && number_in(body, "user") != "1")
      throw Refusal(unknown, "preauth key does not belong to user");
    if (!key.revoked) ask.registry.revoke(key.id);
    return json::object();
  }
  if (!is_late(ask)) throw Refusal(unknown, "AuthKey not found");
  return json::object();
}

json list_nodes(const Ask& ask) {
  auto list = json::array();
  for (const auto& one : ask.registry.devices()) list.push_back(node_shape(ask, one));
  return {{"nodes", list}};
}

json delete_node(const Ask& ask) {
  if (!is_late(ask) && !ask.registry.find_device(ask.id)) throw Refusal(unknown, "record not found");
  ask.registry.delete_device(ask.id);
  return json::object();
}

json list_users(const Ask& ask) {
  const auto name = ask.parameter("name");
  auto list = json::array();
  if (name.empty() || name == ask.registry.options().headscale_user) list.push_back(user_json(ask));
  return {{"users", list}};
}

constexpr std::array<Endpoint, 6> headscale_table = {{
    {"GET", "/api/v1/user", list_users},
    {"POST", "/api/v1/preauthkey", mint_preauth_key},
    {"GET", "/api/v1/preauthkey", list_preauth_keys},
    {"POST", "/api/v1/preauthkey/expire", expire},
    {"GET", "/api/v1/node", list_nodes},
    {"DELETE", "/api/v1/node/*", delete_node},
}};

}  // namespace

std::span<const Endpoint> headscale_endpoints() { return headscale_table; }

}  // namespace tailnet::simulator
