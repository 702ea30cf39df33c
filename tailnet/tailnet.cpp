#include "tailnet/tailnet.hpp"

#include <algorithm>
#include <optional>

#include "net/url.hpp"

namespace tailnet {
namespace {

using nlohmann::json;

const std::string keys_path = "/api/v2/tailnet/-/keys";
const std::string devices_path = "/api/v2/tailnet/-/devices";
constexpr std::size_t longest_description = 50;

std::string accepted_description(const std::string& text) {
  std::string accepted;
  for (const char c : text)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-')
      accepted += c;
  return accepted.substr(0, longest_description);
}

std::string mint_body(const std::string& tag, const std::string& description, net::Duration life) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(life).count();
  const json create = {
      {"reusable", false}, {"ephemeral", true}, {"preauthorized", true}, {"tags", json::array({tag})}};
  const json body = {{"keyType", "auth"},
                     {"capabilities", {{"devices", {{"create", create}}}}},
                     {"expirySeconds", std::clamp<long>(whole, 1, 3600)},
                     {"description", accepted_description(description)}};
  return body.dump();
}

/// What `read` makes of an answer; an answer of another shape than the API's is an Error.
template <class Read>
auto read_answer(const std::string& wish, Read read) {
  try {
    return read();
  } catch (const std::exception&) {
    throw Error(200, "Tailscale was asked to " + wish + ": its answer has an unknown form");
  }
}

Key key_from(const json& answer) {
  return Key{answer.at("id").get<std::string>(), answer.value("description", ""),
             answer.value("invalid", false)};
}

/// An element of the list of keys, which may hold no more than the id.
struct Listed {
  Key key;
  bool is_described = false;
};

/// With all=true the list holds API tokens and OAuth clients too.
std::vector<Listed> auth_keys(const json& answer) {
  std::vector<Listed> listed;
  for (const auto& key : answer.at("keys"))
    if (key.value("keyType", "auth") == "auth")
      listed.push_back({key_from(key), key.contains("description")});
  return listed;
}

std::string escaped(const std::string& id) {
  const auto pair = net::encode_query({{"", id}});
  return pair.substr(1);
}

}  // namespace

Tailnet::Tailnet(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random,
                 Options options)
    : options_(std::move(options)),
      api_(executor, client, clock, random, options_),
      arrivals_(executor, clock, random, options_.poll, [this] { return devices(); }) {}

net::awaitable<AuthKey> Tailnet::mint(std::string description, net::Duration life) {
  const Call call{"make an auth key", "POST", keys_path, mint_body(options_.tag, description, life)};
  const auto answer = co_await api_.send(call);
  co_return read_answer(call.wish, [&] {
    return AuthKey{answer.at("id").get<std::string>(), answer.at("key").get<std::string>(),
                   parse_time(answer.at("created").get<std::string>())};
  });
}

net::awaitable<void> Tailnet::revoke(std::string key_id) {
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
  if (key && !key->invalid) throw Error(*refused);
}

net::awaitable<std::vector<Key>> Tailnet::keys() {
  const Call call{"list the auth keys", "GET", keys_path + "?all=true"};
  const auto answer = co_await api_.send(call);
  const auto listed = read_answer(call.wish, [&] { return auth_keys(answer); });
  std::vector<Key> keys;
  for (const auto& one : listed) {
    std::optional<Key> key = one.key;
    if (!one.is_described) {
      auto described = co_await find_key(one.key.id);
      key = std::move(described);
    }
    if (key && !key->invalid) keys.push_back(*key);
  }
  co_return keys;
}

net::awaitable<std::optional<Key>> Tailnet::find_key(std::string id) {
  const Call call{"show the auth key " + id, "GET", keys_path + "/" + escaped(id)};
  const auto answer = co_await api_.find(call);
  if (!answer) co_return std::nullopt;
  co_return read_answer(call.wish, [&] { return key_from(*answer); });
}

net::awaitable<std::vector<Device>> Tailnet::devices() {
  const Call call{"list the devices", "GET",
                  devices_path + "?" + net::encode_query({{"tags", options_.tag}})};
  const auto answer = co_await api_.send(call);
  co_return read_answer(call.wish, [&] {
    std::vector<Device> ours;
    for (const auto& one : answer.at("devices")) {
      auto device = device_from(one, options_.domain);
      if (std::count(device.tags.begin(), device.tags.end(), options_.tag)) ours.push_back(std::move(device));
    }
    return ours;
  });
}

net::awaitable<void> Tailnet::delete_device(std::string id) {
  const Call call{"delete the device " + id, "DELETE", "/api/v2/device/" + escaped(id)};
  co_await api_.find(call);
}

net::awaitable<Node> Tailnet::until_online(std::string hostname, Time since) {
  return arrivals_.until_online(std::move(hostname), since);
}

void Tailnet::poke() { arrivals_.poke(); }

}  // namespace tailnet
