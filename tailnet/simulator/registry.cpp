#include "tailnet/simulator/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tailnet/simulator/shapes.hpp"

namespace tailnet::simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t second = 1000;
constexpr std::int64_t longest_life_s = 90LL * 24 * 3600;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void check_description(const std::string& text) {
  if (text.size() > 50) throw Refusal(400, "description must be at most 50 characters");
  const bool ok = std::all_of(text.begin(), text.end(),
                              [](char c) { return is_alphanumeric(c) || c == ' ' || c == '-'; });
  if (!ok) throw Refusal(400, "description may hold letters, digits, hyphens and spaces only");
}

/// The label of a machine that reports this host name.
std::string label_of(const std::string& hostname) {
  std::string label;
  for (const char c : hostname.substr(0, 63)) {
    if (is_alphanumeric(c))
      label += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    else
      label += '-';
  }
  return label;
}

template <class List>
auto find_by_id(List& list, const std::string& id) {
  return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.id == id; });
}

}  // namespace

Registry::Registry(net::Clock& clock, Options options)
    : clock_(clock), options_(std::move(options)), contents_(load(options_.state_file)) {}

json Registry::give_token(const std::string& client_id, const std::string& client_secret) {
  if (client_id != options_.oauth_id || client_secret != options_.oauth_secret || client_secret.empty())
    throw Refusal(401, "API token invalid");
  std::erase_if(contents_.tokens, [&](const Token& token) { return token.ends <= now(); });
  const Token token{"tskey-api-" + random_.hex(20), now() + 3600 * second};
  contents_.tokens.push_back(token);
  save();
  return {{"access_token", token.text},
          {"token_type", "Bearer"},
          {"expires_in", 3600},
          {"scope", "auth_keys devices:core"}};
}

bool Registry::accepts(const std::string& token) const {
  if (token.empty()) return false;
  if (token == options_.api_key) return true;
  return std::any_of(contents_.tokens.begin(), contents_.tokens.end(),
                     [&](const Token& one) { return one.text == token && one.ends > now(); });
}

json Registry::mint(const json& body) {
  if (body.value("keyType", "auth") != "auth") throw Refusal(400, "only auth keys can be made here");
  const auto& create = body.at("capabilities").at("devices").at("create");
  check_tags(create.value("tags", json::array()));
  const auto life = body.value("expirySeconds", longest_life_s);
  if (life < 1 || life > longest_life_s) throw Refusal(400, "expirySeconds must be between 1 and 7776000");
  Key key;
  key.description = body.value("description", "");
  check_description(key.description);
  key.id = fmt::format("k{}CNTRL", ++contents_.last_key);
  key.secret = fmt::format("tskey-auth-{}-{}", key.id, random_.hex(16));
  key.created = now();
  key.expires = now() + life * second;
  key.reusable = create.value("reusable", false);
  key.ephemeral = create.value("ephemeral", false);
  key.preauthorized = create.value("preauthorized", false);
  key.tags = create.at("tags").get<std::vector<std::string>>();
  contents_.keys.push_back(key);
  save();
  auto answer = key_json(key, true);
  answer["key"] = key.secret;
  return answer;
}

void Registry::check_tags(const json& tags) const {
  if (tags.empty()) throw Refusal(400, "tailnet-owned auth key must have tags set");
  std::string foreign;
  for (const auto& tag : tags)
    if (tag != options_.tag) foreign += (foreign.empty() ? "" : " ") + tag.get<std::string>();
  if (!foreign.empty())
    throw Refusal(400, fmt::format("requested tags [{}] are invalid or not permitted", foreign));
}

json Registry::list_keys() const {
  auto list = json::array();
  for (const auto& key : contents_.keys)
    if (is_valid(key)) list.push_back({{"id", key.id}});
  return {{"keys", list}};
}

json Registry::show_key(const std::string& id) const {
  const auto& found = key(id);
  return key_json(found, is_valid(found));
}

void Registry::revoke(const std::string& id) {
  const auto found = find_by_id(contents_.keys, id);
  if (found == contents_.keys.end() || found->revoked) throw Refusal(404, "key not found");
  found->revoked = now();
  save();
}

json Registry::list_devices(const net::Query& query) const {
  auto list = json::array();
  for (const auto& one : all_devices())
    if (matches(one, query)) list.push_back(one);
  return {{"devices", list}};
}

json Registry::show_device(const std::string& id) const { return device_json(device(id)); }

void Registry::delete_device(const std::string& id) {
  const auto& node_id = device(id).node_id;
  std::erase_if(contents_.devices, [node_id](const Device& one) { return one.node_id == node_id; });
  save();
}

json Registry::join(const std::string& secret, const std::string& hostname) {
  const auto key = std::find_if(contents_.keys.begin(), contents_.keys.end(),
                                [&](const Key& one) { return one.secret == secret; });
  if (key == contents_.keys.end()) throw Refusal(401, "invalid key: API key does not exist");
  admit(*key);
  if (hostname.empty()) throw Refusal(400, "hostname must not be empty");
  key->used = true;
  const int n = ++contents_.last_device;
  Device device;
  device.id = std::to_string(1'000'000 + n);
  device.node_id = fmt::format("n{}CNTRL", n);
  device.name = free_name(hostname);
  device.hostname = hostname;
  device.addresses = {fmt::format("100.64.{}.{}", n / 250, n % 250 + 1),
                      fmt::format("fd7a:115c:a1e0::{:x}", n)};
  device.tags = key->tags;
  device.ephemeral = key->ephemeral;
  device.connected = true;
  device.created = now();
  contents_.devices.push_back(device);
  save();
  return {{"id", device.node_id}, {"name", device.name}};
}

void Registry::admit(const Key& key) const {
  if (key.revoked) throw Refusal(403, "invalid key: authkey revoked");
  if (key.used && !key.reusable) throw Refusal(403, "invalid key: authkey already used");
  if (key.expires <= now()) throw Refusal(403, "invalid key: authkey expired");
}

std::string Registry::free_name(const std::string& hostname) const {
  const auto label = label_of(hostname);
  for (int n = 0;; ++n) {
    const auto name = fmt::format("{}{}.{}", label, n ? "-" + std::to_string(n) : "", options_.domain);
    const auto is_it = [&](const Device& one) { return one.name == name; };
    if (std::none_of(contents_.devices.begin(), contents_.devices.end(), is_it)) return name;
  }
}

void Registry::set_connected(const std::string& id, bool connected) {
  const auto& node_id = device(id).node_id;
  for (auto& one : contents_.devices) {
    if (one.node_id != node_id) continue;
    one.connected = connected;
    one.last_seen = now();
  }
  save();
}

void Registry::advance(net::Duration time) {
  contents_.clock_ms += time.count();
  save();
}

json Registry::all_keys() const {
  auto list = json::array();
  for (const auto& one : contents_.keys) {
    auto shown = key_json(one, is_valid(one));
    shown["revoked"] = one.revoked != 0;
    shown["used"] = one.used;
    shown["expired"] = one.expires <= now();
    list.push_back(shown);
  }
  return list;
}

json Registry::all_devices() const {
  auto list = json::array();
  for (const auto& one : contents_.devices) list.push_back(device_json(one));
  return list;
}

std::int64_t Registry::now() const { return clock_.now().time_since_epoch().count() + contents_.clock_ms; }

const Key& Registry::key(const std::string& id) const {
  const auto found = find_by_id(contents_.keys, id);
  if (found == contents_.keys.end()) throw Refusal(404, "key not found");
  return *found;
}

const Device& Registry::device(const std::string& id) const {
  const auto found = std::find_if(contents_.devices.begin(), contents_.devices.end(),
                                  [&](const Device& one) { return one.node_id == id || one.id == id; });
  if (found == contents_.devices.end()) throw Refusal(404, "device not found");
  return *found;
}

bool Registry::is_valid(const Key& key) const {
  return !key.revoked && key.expires > now() && (key.reusable || !key.used);
}

void Registry::save() const { simulator::save(options_.state_file, contents_); }

}  // namespace tailnet::simulator
