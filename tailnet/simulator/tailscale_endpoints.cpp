#include <algorithm>
#include <array>

#include "tailnet/simulator/ask.hpp"
#include "tailnet/simulator/shapes.hpp"

namespace tailnet::simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t longest_life_s = 90LL * 24 * 3600;

void check_description(const std::string& text) {
  if (text.size() > 50) throw Refusal(400, "description must be at most 50 characters");
  const bool ok = std::all_of(text.begin(), text.end(),
                              [](char c) { return is_alphanumeric(c) || c == ' ' || c == '-'; });
  if (!ok) throw Refusal(400, "description may hold letters, digits, hyphens and spaces only");
}

/// Whether the policy knows the tag: the one of the options, in which {owner} stands for anybody.
bool is_known(const std::string& tag, const std::string& known) {
  const auto at = known.find("{owner}");
  if (at == std::string::npos) return tag == known;
  return tag.size() > at && tag.starts_with(known.substr(0, at));
}

void check_tags(const Registry& registry, const std::vector<std::string>& tags) {
  if (tags.empty()) throw Refusal(400, "tailnet-owned auth key must have tags set");
  std::string foreign;
  for (const auto& tag : tags)
    if (!is_known(tag, registry.options().tag)) foreign += (foreign.empty() ? "" : " ") + tag;
  if (!foreign.empty()) throw Refusal(400, "requested tags [" + foreign + "] are invalid or not permitted");
}

json give_token(const Ask& ask) {
  net::Target form;
  form.query = net::parse_form(ask.body);
  if (form.find("grant_type").value_or("client_credentials") != "client_credentials")
    throw Refusal(400, "grant_type must be client_credentials");
  const auto basic = basic_pair(ask.authorization);
  const auto colon = basic.find(':');
  const bool is_basic = colon != std::string::npos;
  const auto id = is_basic ? basic.substr(0, colon) : form.find("client_id").value_or("");
  const auto secret = is_basic ? basic.substr(colon + 1) : form.find("client_secret").value_or("");
  return {{"access_token", ask.registry.give_token(id, secret).text},
          {"token_type", "Bearer"},
          {"expires_in", 3600},
          {"scope", "auth_keys devices:core"}};
}

json mint_auth_key(const Ask& ask) {
  const auto body = ask.object();
  if (body.value("keyType", "auth") != "auth") throw Refusal(400, "only auth keys can be made here");
  const auto& create = body.at("capabilities").at("devices").at("create");
  Key key;
  key.tags = create.value("tags", std::vector<std::string>());
  check_tags(ask.registry, key.tags);
  const auto life = body.value("expirySeconds", longest_life_s);
  if (life < 1 || life > longest_life_s) throw Refusal(400, "expirySeconds must be between 1 and 7776000");
  key.description = body.value("description", "");
  check_description(key.description);
  key.expires = ask.registry.now() + life * 1000;
  key.reusable = create.value("reusable", false);
  key.ephemeral = create.value("ephemeral", false);
  key.preauthorized = create.value("preauthorized", false);
  const auto& made = ask.registry.mint(std::move(key));
  auto answer = key_json(made, true);
  answer["key"] = made.secret;
  return answer;
}

json list_auth_keys(const Ask& ask) {
  auto list = json::array();
  for (const auto& key : ask.registry.keys())
    if (ask.registry.is_valid(key)) list.push_back({{"id", key.id}});
  return {{"keys", list}};
}

json show_key(const Ask& ask) {
  const auto* key = ask.registry.find_key(ask.id);
  if (!key) throw Refusal(404, "key not found");
  return key_json(*key, ask.registry.is_valid(*key));
}

/// `query`: fields of a device and their values.
json list_devices(const Ask& ask) {
  auto list = json::array();
  for (const auto& one : ask.registry.devices()) {
    auto shown = device_json(one);
    if (matches(shown, ask.query)) list.push_back(std::move(shown));
  }
  return {{"devices", list}};
}

json show_device(const Ask& ask) {
  const auto* device = ask.registry.find_device(ask.id);
  if (!device) throw Refusal(404, "device not found");
  return device_json(*device);
}

constexpr std::array<Endpoint, 8> tailscale_table = {{
    {"POST", "/api/v2/oauth/token", give_token},
    {"POST", "/api/v2/tailnet/-/keys", mint_auth_key},
    {"GET", "/api/v2/tailnet/-/keys", list_auth_keys},
    {"GET", "/api/v2/tailnet/-/keys/*", show_key},
    {"DELETE", "/api/v2/tailnet/-/keys/*",
     [](const Ask& ask) { return ask.registry.revoke(ask.id), json(nullptr); }},
    {"GET", "/api/v2/tailnet/-/devices", list_devices},
    {"GET", "/api/v2/device/*", show_device},
    {"DELETE", "/api/v2/device/*",
     [](const Ask& ask) { return ask.registry.delete_device(ask.id), json(nullptr); }},
}};

}  // namespace

std::span<const Endpoint> tailscale_endpoints() { return tailscale_table; }

}  // namespace tailnet::simulator
