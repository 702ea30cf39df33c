#include "commands/keys.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "commands/names.hpp"
#include "commands/request.hpp"
#include "commands/utf8.hpp"
#include "net/url.hpp"
#include "tailnet/tag.hpp"

namespace commands {
namespace {

constexpr net::Duration longest_life = std::chrono::hours(1);

std::string description(const Operation& op) { return "devbox " + op.id(); }

/// What stands for {owner} in the tag.
std::string owner_label(Services& world, std::int64_t owner) {
  return dns_label(short_name(world.storage.people.find(owner).value()));
}

struct NotedKey {
  std::string id;
  std::int64_t created = 0;  ///< unix ms
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(NotedKey, id, created)
};

NotedKey noted_key(const std::string& note) { return nlohmann::json::parse(note).get<NotedKey>(); }

net::awaitable<tailnet::AuthKey> mint(Operation& op, Services& world) {
  const auto& limits = world.settings.limits;
  const auto life = std::min<net::Duration>(limits.stage_boot + limits.stage_join, longest_life);
  const tailnet::KeyWish wish{owner_label(world, op.workspace().owner), description(op), life};
  // Noted before: from here on a key may be there whose id nobody knows.
  op.note("minting", wish.description);
  co_return co_await world.tailnet.mint(wish);
}

/// The tag of this owner's workspaces and of nobody else's, however many the pattern fits.
std::string tag_of_owner(Services& world, std::int64_t owner) {
  return tailnet::tag_of(world.settings.tag, owner_label(world, owner));
}

bool carries(const tailnet::Device& device, const std::string& tag) {
  return std::find(device.tags.begin(), device.tags.end(), tag) != device.tags.end();
}

/// Where workspaces report is where the bot runs, whatever tag that machine has.
bool is_where_bot_runs(const tailnet::Device& device, const Settings& settings) {
  if (settings.public_url.empty()) return false;
  const auto host = lower(net::parse_endpoint(settings.public_url).host);
  const auto name = lower(device.name);
  const auto& addresses = device.addresses;
  return host == name || host == name.substr(0, name.find('.')) ||
         std::find(addresses.begin(), addresses.end(), host) != addresses.end();
}

net::awaitable<std::vector<std::string>> devices_of(Services& world, storage::WorkspaceRow workspace) {
  const auto tag = tag_of_owner(world, workspace.owner);
  const auto devices = co_await world.tailnet.devices();
  std::vector<std::string> ids;
  for (const auto& device : devices) {
    const bool is_its = device.hostname == workspace.hostname && carries(device, tag);
    if (is_its && !is_where_bot_runs(device, world.settings)) ids.push_back(device.id);
  }
  co_return ids;
}

/// nullopt when the tailnet does not say in time.
net::awaitable<std::optional<tailnet::KeyState>> state_of_key(const Operation& op, Services& world) {
  const auto id = key_created(op, world).id;
  const auto ours = description(op);
  const auto limit = world.settings.limits.request;
  std::optional<tailnet::KeyState> state;
  const auto look = [&]() -> net::awaitable<void> {
    const auto found = co_await world.tailnet.key_state(id, ours);
    state = found;
  };
  try {
    auto task = look();
    co_await net::ends_within(world.clock, limit, std::move(task));
  } catch (const tailnet::Error& error) {
    spdlog::warn("operation {}: what became of its key is not known: {}", op.id(), error.what());
  }
  co_return state;
}

net::awaitable<void> delete_devices(Services& world, std::vector<std::string> ids) {
  for (const auto& id : ids) co_await world.tailnet.delete_device(id);
}

}  // namespace

net::awaitable<std::string> mint_noted(Operation& op, Services& world) {
  std::optional<tailnet::AuthKey> key;
  try {
    key = co_await mint(op, world);
  } catch (const tailnet::Error& error) {
    const bool may_have_happened = error.status < 400 || error.status >= 500;
    if (!may_have_happened) throw;
    spdlog::warn("a key may have been made: {}", error.what());
  }
  if (!key) {
    co_await revoke_keys(op, world);
    key = co_await mint(op, world);
  }
  const NotedKey noted{key->id, storage::to_ms(key->created)};
  op.note("key", nlohmann::json(noted).dump());
  co_return key->secret;
}

tailnet::GivenKey key_created(const Operation& op, Services& world) {
  const auto noted = noted_key(op.last_note("key"));
  return {noted.id, storage::from_ms(noted.created), tag_of_owner(world, op.workspace().owner)};
}

net::awaitable<void> revoke_keys(Operation& op, Services& world) {
  const auto noted = op.notes("key");
  for (const auto& note : noted) {
    const auto key = noted_key(note);
    co_await world.tailnet.revoke(key.id);
  }
  if (op.notes("minting").size() == noted.size()) co_return;
  const auto ours = description(op);
  const auto keys = co_await world.tailnet.keys(ours);
  for (const auto& key : keys) co_await world.tailnet.revoke(key);
}

net::awaitable<void> revoke_used_key(Operation& op, Services& world) {
  try {
    co_await revoke_keys(op, world);
  } catch (const tailnet::Error& error) {
    spdlog::warn("operation {}: its used key could not be revoked: {}", op.id(), error.what());
  }
}

net::awaitable<std::string> what_its_key_tells(const Operation& op, Services& world) {
  const auto state = co_await state_of_key(op, world);
  if (!state) co_return "";
  const auto& server = world.settings.login_server;
  switch (*state) {
    case tailnet::KeyState::used:
      co_return " Its key, which is good for one machine, was used already: the tailnet's list of devices "
          "shows by which.";
    case tailnet::KeyState::expired:
      co_return " Its key had expired before it was used.";
    case tailnet::KeyState::revoked:
      co_return " Its key was revoked in the tailnet, or is not known there.";
    case tailnet::KeyState::usable:
      break;
  }
  co_return " Its key is still good, so the machine may not reach " +
      (server.empty() ? "Tailscale's control server" : server) +
      ": with `up --keep` its server stays, and the console at Hetzner shows why.";
}

net::awaitable<void> forget_devices(Services& world, storage::WorkspaceRow workspace) {
  const auto ids = co_await devices_of(world, workspace);
  if (ids.empty()) co_return;
  const auto alive = co_await world.cloud.find_server(workspace.hostname);
  if (alive) co_return;
  co_await delete_devices(world, ids);
}

net::awaitable<std::string> leave_tailnet(Services& world, storage::WorkspaceRow workspace) {
  try {
    const auto ids = co_await devices_of(world, workspace);
    co_await delete_devices(world, ids);
  } catch (const tailnet::Error& error) {
    co_return error.what();
  }
  co_return "";
}

net::awaitable<void> check_owner_tag(Services& world, storage::WorkspaceRow workspace) {
  const auto& tag = world.settings.tag;
  if (tag.find("{owner}") == std::string::npos) co_return;
  const auto label = owner_label(world, workspace.owner);
  for (const auto& other : world.storage.workspaces.all()) {
    if (other.owner == workspace.owner || owner_label(world, other.owner) != label) continue;
    const auto person = world.storage.people.find(other.owner).value();
    throw Error("The tag of your workspaces, " + tailnet::tag_of(tag, label) + ", is " + person.platform +
                ":" + person.user + "'s already, whom the tailnet's policy would let in. " +
                "Somebody has to use the bot by another name. Nothing was made.");
  }
  const auto own = tag_of_owner(world, workspace.owner);
  const auto devices = co_await world.tailnet.devices();
  for (const auto& device : devices)
    if (carries(device, own) && is_where_bot_runs(device, world.settings))
      throw Error("The tag of your workspaces, " + own +
                  ", is that of the machine that the bot runs on, and what the tailnet's policy allows that "
                  "one they would be allowed, too. [tailnet] tag has to have another beginning, as " +
                  "\"tag:devbox-of-{owner}\". Nothing was made.");
}

}  // namespace commands
