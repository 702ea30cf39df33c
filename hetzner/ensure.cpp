#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "hetzner/adoption.hpp"
#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

using nlohmann::json;

/// Reads the answer of a POST. It was carried out, so what cannot be read is not "nothing changed".
template <class Read>
auto read_created(Read read) {
  try {
    return read();
  } catch (const Unavailable& unreadable) {
    throw OutcomeUnknown(unreadable.what());
  }
}

template <class T>
T created(const json& answer, std::string_view key) {
  return read_created([&] { return reading::required(answer, key).get<T>(); });
}

/// `action` and `next_actions` of a create request.
std::vector<Action> actions_of(const json& answer) {
  return read_created([&] {
    auto actions = reading::list<Action>(answer, "next_actions");
    const auto* first = reading::find(answer, "action");
    if (first) actions.insert(actions.begin(), first->get<Action>());
    return actions;
  });
}

bool has(const Server& server, VolumeId volume) {
  return std::find(server.volumes.begin(), server.volumes.end(), volume) != server.volumes.end();
}

CreatedServer remembered(const Server& server) {
  CreatedServer created;
  created.id = server.id;
  created.name = server.name;
  created.server_type = server.server_type;
  created.ipv4 = server.ipv4.value_or("");
  created.created = server.created;
  return created;
}

void remember_actions(CreatedServer& server, const std::vector<Action>& actions) {
  for (const auto& action : actions) {
    server.actions.push_back(action.id);
    server.volume_attached |= action.command == "attach_volume";
  }
}

json server_body(const ServerSpec& spec, const std::string& name, const std::string& type,
                 const std::string& user_data) {
  json firewalls = json::array();
  for (const auto id : spec.firewalls) firewalls.push_back({{"firewall", id}});
  return {{"name", name},
          {"server_type", type},
          {"location", spec.location},
          {"image", spec.image},
          {"ssh_keys", spec.ssh_keys},
          {"volumes", json::array({spec.volume})},
          {"automount", false},
          {"user_data", user_data},
          {"labels", spec.labels},
          {"firewalls", firewalls},
          {"public_net", {{"enable_ipv4", true}, {"ipv4", spec.ipv4}, {"enable_ipv6", true}}},
          {"start_after_create", true}};
}

/// "ssh-ed25519 AAAA…" without the comment: what the fingerprint is made of.
std::string key_material(const std::string& public_key) {
  const auto kind = public_key.find(' ');
  return public_key.substr(0, kind == std::string::npos ? kind : public_key.find_first_of(" \r\n", kind + 1));
}

}  // namespace

net::awaitable<Volume> Cloud::ensure_volume(VolumeSpec spec, Attempt attempt) {
  std::vector<ActionId> making;
  auto find = [&]() -> net::awaitable<std::optional<Volume>> {
    auto found = co_await find_volume(spec.name);
    if (found) require_ours(*found, spec.ours);
    co_return found;
  };
  auto create = [&](const std::string& name) -> net::awaitable<Volume> {
    const json body{
        {"name", name}, {"size", spec.size_gb}, {"location", spec.location}, {"labels", spec.labels}};
    const auto answer = co_await api_.post("/volumes", body);
    auto volume = created<Volume>(answer, "volume");
    for (const auto& action : actions_of(answer))
      if (action.is_running()) making.push_back(action.id);
    co_return volume;
  };
  auto volume = co_await ensure<Volume>(spec.name, attempt, find, create);
  co_await actions_.until_done(making);
  co_return volume;
}

net::awaitable<PrimaryIp> Cloud::ensure_primary_ip(PrimaryIpSpec spec, Attempt attempt) {
  auto find = [&]() -> net::awaitable<std::optional<PrimaryIp>> {
    auto found = co_await find_primary_ip(spec.name);
    if (found) require_ours(*found, spec.ours);
    co_return found;
  };
  auto create = [&](const std::string& name) -> net::awaitable<PrimaryIp> {
    const json body{{"name", name},
                    {"type", "ipv4"},
                    {"location", spec.location},
                    {"auto_delete", false},
                    {"labels", spec.labels}};
    const auto answer = co_await api_.post("/primary_ips", body);
    co_return created<PrimaryIp>(answer, "primary_ip");
  };
  co_return co_await ensure<PrimaryIp>(spec.name, attempt, find, create);
}

/// By its name and, for somebody may have renamed it, by its labels. What only has the name is not ours.
net::awaitable<std::optional<Server>> Cloud::find_ours(const ServerSpec& spec) {
  auto named = co_await find_server(spec.name);
  if (named && carries(*named, spec.ours)) co_return named;
  auto ours = co_await servers(spec.ours);
  if (!ours.empty()) co_return std::move(ours.front());
  if (named) require_ours(*named, spec.ours);
  co_return std::nullopt;
}

net::awaitable<CreatedServer> Cloud::ensure_server(ServerSpec spec, Attempt attempt, UserData user_data) {
  auto find = [&]() -> net::awaitable<std::optional<CreatedServer>> {
    const auto found = co_await find_ours(spec);
    if (!found) co_return std::nullopt;
    auto server = remembered(*found);
    server.volume_attached = has(*found, spec.volume);
    if (found->status == "running") co_return server;
    // Their end says what the status does not: a create that failed leaves "initializing".
    const auto path = "/servers/" + std::to_string(found->id.value) + "/actions";
    const auto listed = co_await api_.list(path, "actions");
    remember_actions(server, listed.get<std::vector<Action>>());
    co_return server;
  };
  auto create = [&](const std::string& name) -> net::awaitable<CreatedServer> {
    // A type without room leaves nothing behind, so one text, with its one key, does for all of them.
    const auto text = co_await user_data();
    for (auto type = spec.server_types.begin();; ++type) {
      const auto body = server_body(spec, name, *type, text);
      try {
        const auto answer = co_await api_.post("/servers", body);
        auto server = remembered(created<Server>(answer, "server"));
        remember_actions(server, actions_of(answer));
        co_return server;
      } catch (const ApiError& error) {
        if (!has_no_room(error) || std::next(type) == spec.server_types.end()) throw;
        spdlog::info("no room for {} in {}", *type, spec.location);
      }
    }
  };
  co_return co_await ensure<CreatedServer>(spec.name, attempt, find, create);
}

net::awaitable<SshKeyId> Cloud::ensure_ssh_key(std::string name, std::string public_key, Labels labels) {
  auto find = [&]() -> net::awaitable<std::optional<SshKeyId>> {
    const auto keys = co_await ssh_keys();
    for (const auto& key : keys)
      if (key_material(key.public_key) == key_material(public_key)) co_return key.id;
    co_return std::nullopt;
  };
  auto create = [&](const std::string& as) -> net::awaitable<SshKeyId> {
    const json body{{"name", as}, {"public_key", public_key}, {"labels", labels}};
    const auto answer = co_await api_.post("/ssh_keys", body);
    co_return created<SshKey>(answer, "ssh_key").id;
  };
  co_return co_await ensure<SshKeyId>(name, Attempt::first, find, create);
}

}  // namespace hetzner
