#include <algorithm>
#include <optional>

#include "net/url.hpp"
#include "tailnet/dialect.hpp"
#include "tailnet/tag.hpp"

namespace tailnet {
namespace {

using nlohmann::json;

const std::string keys_path = "/api/v2/tailnet/-/keys";
const std::string devices_path = "/api/v2/tailnet/-/devices";
constexpr std::size_t longest_description = 50;

/// What the API takes: 50 characters of [A-Za-z0-9 -].
std::string accepted_description(const std::string& text) {
  std::string accepted;
  for (const char c : text)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-')
      accepted += c;
  return accepted.substr(0, longest_description);
}

std::string mint_body(const std::string& tag, const KeyWish& wish) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(wish.life).count();
  const json create = {
      {"reusable", false}, {"ephemeral", true}, {"preauthorized", true}, {"tags", json::array({tag})}};
  const json body = {{"keyType", "auth"},
                     {"capabilities", {{"devices", {{"create", create}}}}},
                     {"expirySeconds", std::clamp<long>(whole, 1, 3600)},
                     {"description", accepted_description(wish.description)}};
  return body.dump();
}

struct Key {
  std::string id;
  std::string description;
  bool is_invalid = false;
  bool is_described = false;  ///< an element of the list may hold no more than the id
  bool is_revoked = false;
  Time expires = Time::max();
};

Key key_from(const json& answer) {
  Key key{answer.at("id").get<std::string>(), answer.value("description", ""), answer.value("invalid", false),
          answer.contains("description")};
  const auto has = [&](const char* field) { return answer.contains(field) && !answer[field].is_null(); };
  key.is_revoked = has("revoked") && answer["revoked"] != "";
  if (has("expires") && answer["expires"] != "") key.expires = parse_time(answer["expires"]);
  return key;
}

/// With all=true the list holds API tokens and OAuth clients too.
std::vector<Key> auth_keys(const json& answer) {
  std::vector<Key> listed;
  for (const auto& key : answer.at("keys"))
    if (key.value("keyType", "auth") == "auth") listed.push_back(key_from(key));
  return listed;
}

/// An element of GET …/devices. Where connectedToControl is missing, a missing lastSeen says online.
Device device_from(const json& element, const std::string& domain) {
  const auto find = [&](const char* field) {
    const auto found = element.find(field);
    return found == element.end() || found->is_null() ? nullptr : &*found;
  };
  Device device;
  const auto* id = find("nodeId");
  device.id = (id ? *id : element.at("id")).get<std::string>();
  device.name = full_name(element.at("name").get<std::string>(), domain);
  device.hostname = element.at("hostname").get<std::string>();
  if (const auto* tags = find("tags")) tags->get_to(device.tags);
  if (const auto* addresses = find("addresses")) addresses->get_to(device.addresses);
  const auto* connected = find("connectedToControl");
  device.online = connected ? connected->get<bool>() : !find("lastSeen");
  // Empty for a device that another tailnet shares with us; such a one is never ours.
  const auto* created = find("created");
  if (created && *created != "") device.created = parse_time(created->get<std::string>());
  return device;
}

class Tailscale final : public Dialect {
 public:
  Tailscale(Api& api, net::Clock& clock, const Options& options)
      : api_(api), clock_(clock), tag_(options.tag), domain_(options.domain) {}

  net::awaitable<AuthKey> mint(KeyWish wish) override;
  net::awaitable<void> revoke(std::string key_id) override;
  net::awaitable<std::vector<std::string>> keys(std::string description) override;
  net::awaitable<KeyState> key_state(std::string key_id, std::string description) override;
  net::awaitable<std::vector<Device>> devices() override;
  net::awaitable<void> delete_device(std::string id) override;

 private:
  net::awaitable<std::optional<Key>> find_key(std::string id);

  Api& api_;
  net::Clock& clock_;
  std::string tag_;
  std::string domain_;
};

net::awaitable<AuthKey> Tailscale::mint(KeyWish wish) {
  Call call{"make an auth key", "POST", keys_path, mint_body(tag_of(tag_, wish.owner), wish)};
  call.is_idempotent = false;
  const auto answer = co_await api_.send(call);
  co_return read_answer(Kind::tailscale, call.wish, [&] {
    return AuthKey{answer.at("id").get<std::string>(), answer.at("key").get<std::string>(),
                   parse_time(answer.at("created").get<std::string>())};
  });
}

net::awaitable<void> Tailscale::revoke(std::string key_id) {
  const Call call{"revoke the auth key " + key_id, "DELETE", keys_path + "/" + escaped(key_id)};
  std::optional<Error> refused;
  try {
    co_await api_.find(call);
  } catch (const Error& error) {
    const bool is_about_the_key = error.status == 400 || error.status == 409 || error.status == 410;
    if (!is_about_the_key) throw;
    refused = error;
  }
  if (!refused) co_return;
  const auto key = co_await find_key(key_id);
  if (key && !key->is_invalid) throw Error(*refused);
}

net::awaitable<std::vector<std::string>> Tailscale::keys(std::string description) {
  const Call call{"list the auth keys", "GET", keys_path + "?all=true"};
  const auto answer = co_await api_.send(call);
  const auto listed = read_answer(Kind::tailscale, call.wish, [&] { return auth_keys(answer); });
  const auto wanted = accepted_description(description);
  std::vector<std::string> ids;
  for (const auto& one : listed) {
    std::optional<Key> key = one;
    if (!one.is_described) {
      auto described = co_await find_key(one.id);
      key = std::move(described);
    }
    if (key && !key->is_invalid && key->description == wanted) ids.push_back(key->id);
  }
  co_return ids;
}

net::awaitable<std::optional<Key>> Tailscale::find_key(std::string id) {
  const Call call{"show the auth key " + id, "GET", keys_path + "/" + escaped(id)};
  const auto answer = co_await api_.find(call);
  if (!answer) co_return std::nullopt;
  co_return read_answer(Kind::tailscale, call.wish, [&] { return key_from(*answer); });
}

/// A key of one use is invalid once it was used, of which nothing else tells.
net::awaitable<KeyState> Tailscale::key_state(std::string key_id, std::string) {
  const auto key = co_await find_key(key_id);
  if (!key || key->is_revoked) co_return KeyState::revoked;
  if (key->expires <= clock_.now()) co_return KeyState::expired;
  co_return key->is_invalid ? KeyState::used : KeyState::usable;
}

net::awaitable<std::vector<Device>> Tailscale::devices() {
  // Of tags with an owner in them, none can be asked for.
  const bool is_one_tag = tag_of(tag_, "") == tag_;
  const auto query = is_one_tag ? "?" + net::encode_query({{"tags", tag_}}) : std::string();
  const Call call{"list the devices", "GET", devices_path + query};
  const auto answer = co_await api_.send(call);
  co_return read_answer(Kind::tailscale, call.wish, [&] {
    std::vector<Device> ours;
    for (const auto& one : answer.at("devices")) {
      auto device = device_from(one, domain_);
      if (has_tag(device.tags, tag_)) ours.push_back(std::move(device));
    }
    return ours;
  });
}

net::awaitable<void> Tailscale::delete_device(std::string id) {
  const Call call{"delete the device " + id, "DELETE", "/api/v2/device/" + escaped(id)};
  co_await api_.find(call);
}

}  // namespace

std::unique_ptr<Dialect> tailscale(Api& api, net::Clock& clock, const Options& options) {
  return std::make_unique<Tailscale>(api, clock, options);
}

std::string escaped(const std::string& id) {
  const auto pair = net::encode_query({{"", id}});
  return pair.substr(1);
}

}  // namespace tailnet
