#include "commands/keys.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace commands {
namespace {

constexpr net::Duration longest_life = std::chrono::hours(1);

std::string description(const Operation& op) { return "devbox " + op.id(); }

struct NotedKey {
  std::string id;
  std::int64_t created = 0;  ///< unix ms
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(NotedKey, id, created)
};

NotedKey parse(const std::string& note) { return nlohmann::json::parse(note).get<NotedKey>(); }

net::awaitable<tailnet::AuthKey> mint(Operation& op, Services& world) {
  const auto& limits = world.settings.limits;
  const auto life = std::min<net::Duration>(limits.stage_boot + limits.stage_join, longest_life);
  const auto about = description(op);
  // Noted before: from here on a key may be there whose id nobody knows.
  op.note("minting", about);
  co_return co_await world.tailnet.mint(about, life);
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

net::Time key_created(const Operation& op) { return storage::from_ms(parse(op.last_note("key")).created); }

net::awaitable<void> revoke_keys(Operation& op, Services& world) {
  const auto noted = op.notes("key");
  for (const auto& note : noted) {
    const auto key = parse(note);
    co_await world.tailnet.revoke(key.id);
  }
  if (op.notes("minting").size() == noted.size()) co_return;
  const auto keys = co_await world.tailnet.keys();
  for (const auto& key : keys)
    if (key.description == description(op)) co_await world.tailnet.revoke(key.id);
}

net::awaitable<void> revoke_used_key(Operation& op, Services& world) {
  try {
    co_await revoke_keys(op, world);
  } catch (const tailnet::Error& error) {
    spdlog::warn("operation {}: its used key could not be revoked: {}", op.id(), error.what());
  }
}

net::awaitable<void> forget_devices(Services& world, std::string hostname) {
  const auto devices = co_await world.tailnet.devices();
  for (const auto& device : devices)
    if (device.hostname == hostname) co_await world.tailnet.delete_device(device.id);
}

net::awaitable<std::string> leave_tailnet(Services& world, std::string hostname) {
  try {
    co_await forget_devices(world, hostname);
  } catch (const tailnet::Error& error) {
    co_return error.what();
  }
  co_return "";
}

}  // namespace commands
