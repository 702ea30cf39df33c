#include <algorithm>

#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/keys.hpp"
#include "commands/ledger.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

constexpr net::Duration look_again = std::chrono::seconds(5);

bool is_of(const hetzner::Server& server, const Operation& op) {
  const auto label = server.labels.find("devbox-operation");
  return label != server.labels.end() && label->second == op.id();
}

/// Deletes the server of that name if this operation made it; whether there was one.
net::awaitable<bool> delete_our_server(Operation& op, Services& world, const std::string& hostname) {
  const auto server = co_await world.cloud.find_server(hostname);
  if (!server || !is_of(*server, op)) co_return false;
  const auto action = co_await delete_server(world, server->id);
  co_await until_deleted(world, action, op.row().workspace);
  co_return true;
}

/// A second key was minted for a second create: the first key or server may still come.
bool has_repeated(const Operation& op) { return op.notes("minting").size() > 1; }

/// Until when something may come of a request whose outcome nobody knows.
net::Time watched_until(const Operation& op, Services& world) {
  const auto now = world.clock.now();
  const auto watch = world.settings.limits.undo_watch;
  if (!op.notes("unknown outcome").empty()) return now + watch;
  if (!has_repeated(op)) return now;
  const auto session = world.storage.sessions.current(op.row().workspace);
  if (!session || session->operation != op.id()) return now + watch;
  // What was repeated was asked for before the server that came, whose `created` is a whole second.
  return session->created + std::chrono::seconds(1) + watch;
}

/// After a create whose outcome nobody knows, the server may come late: looks until the watch has passed.
net::awaitable<void> delete_until_clean(Operation& op, Services& world) {
  const auto hostname = op.workspace().hostname;
  const auto watch = world.settings.limits.undo_watch;
  const auto until = watched_until(op, world);
  const auto pause = std::min(look_again, std::max<net::Duration>(watch / 20, std::chrono::milliseconds(1)));
  for (;;) {
    const bool found = co_await delete_our_server(op, world, hostname);
    if ((found && !has_repeated(op)) || world.clock.now() >= until) break;
    co_await world.clock.sleep_for(pause);
  }
  // An undo that was resumed does not know the action of a deletion before it.
  co_await until_free(world, op.row().workspace);
  // Also of a server that was deleted by hand meanwhile.
  const auto session = world.storage.sessions.current(op.row().workspace);
  if (session && session->operation == op.id())
    world.storage.sessions.end(session->server_id, world.clock.now());
}

std::string what_stays(const Operation& op, Services& world, const storage::WorkspaceRow& workspace) {
  if (workspace.volume_id == 0 && workspace.ip_id == 0) return "";
  std::string text = "\n  What stays: ";
  if (workspace.volume_id != 0) text += std::to_string(workspace.volume_gb) + " GB volume";
  if (workspace.ip_id != 0) text += (workspace.volume_id != 0 ? " and IPv4 " : "IPv4 ") + workspace.ipv4;
  // What the plan said, so that a replay says the same; without one, what is known now.
  const auto plan = op.result("preflight");
  const auto& offer = world.project.last();
  if (!plan && !offer) return text + ".";
  const auto monthly = plan ? plan->get<Plan>().kept_monthly
                            : kept_monthly(world, *offer, workspace.location, workspace.volume_gb);
  const auto currency = plan ? plan->get<Plan>().currency : offer->pricing.currency;
  return text + ", " + hetzner::with_currency(monthly, currency, 2) + " a month.";
}

std::string what_was_cleaned(Services& world, const Operation& op) {
  for (const auto& session :
       world.storage.sessions.of(op.row().workspace, op.row().created - std::chrono::hours(1),
                                 world.clock.now() + std::chrono::hours(1))) {
    if (session.operation != op.id()) continue;
    return "\n  Its server was deleted and its tailnet key revoked; it cost " +
           hetzner::with_currency(cost_of(session, world.clock.now()), session.currency, 2) + ".";
  }
  return "\n  No server was made.";
}

/// "watch cpx32 location=fsn1" where Hetzner had none of what was asked for; "" otherwise.
std::string watch_for(const Operation& op, Services& world, const storage::WorkspaceRow& workspace) {
  if (op.notes("sold out").empty()) return "";
  const auto options = op.row().request.get<Request>().options;
  const auto option_or = [&](const char* key, const std::string& otherwise) {
    const auto found = options.find(key);
    return found == options.end() ? otherwise : found->second;
  };
  const auto type = option_or("type", workspace.policy.value("type", world.settings.type));
  const auto location =
      workspace.location.empty() ? option_or("location", world.settings.location) : workspace.location;
  return "watch " + type + " location=" + location;
}

}  // namespace

net::awaitable<void> undo_up(Operation& op, Services& world) {
  const auto request = op.row().request.get<Request>();
  const auto workspace = op.workspace();
  const auto why = op.last_note("failure");
  const auto session = world.storage.sessions.current(workspace.id);
  if (request.flags.contains("keep") && session && op.notes("cancel").empty()) {
    co_await revoke_keys(op, world);
    op.say("failed", "✗ " + workspace.hostname + " is not up: " + why +
                         "\n  Its server is kept, as asked, and billed until `" +
                         line_for(world, workspace, "down") + "`.");
    co_return;
  }
  // Every create has a key of its own minted before it: without one there is nothing to look for.
  if (!op.notes("minting").empty()) {
    co_await delete_until_clean(op, world);
    co_await revoke_keys(op, world);
    co_await forget_devices(world, workspace.hostname);
  }
  const auto now = op.workspace();
  auto text = "✗ " + now.hostname + " is not up: " + why + what_was_cleaned(world, op) +
              what_stays(op, world, now) + "\n  " + line_for(world, now, "up") + " tries again.";
  const auto watch = watch_for(op, world, now);
  if (watch.empty()) {
    op.say("failed", text);
  } else {
    text += "\n  " + world.settings.prefix + " " + watch + " tells you once when it can be ordered again.";
    op.say("failed", text, {{"Tell me", watch}});
  }
}

}  // namespace commands
