#include <algorithm>

#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/grammar.hpp"
#include "commands/inventory.hpp"
#include "commands/keys.hpp"
#include "commands/ledger.hpp"
#include "commands/printable.hpp"
#include "commands/stages.hpp"
#include "commands/verbs.hpp"
#include "hetzner/adoption.hpp"
#include "hetzner/retired.hpp"

namespace commands {
namespace {

constexpr net::Duration undo_looks_again = std::chrono::seconds(5);

/// Deletes the server that this operation made, whatever it is called now; whether there was one.
net::awaitable<bool> delete_our_server(Operation& op, Services& world) {
  const hetzner::Labels ours{{"devbox-bot", world.settings.name}, {"devbox-operation", op.id()}};
  const auto servers = co_await world.cloud.servers(ours);
  if (servers.empty()) co_return false;
  const auto& server = servers.front();
  // One whose creation nobody confirmed is billed like any other.
  const auto plan = op.result("preflight");
  if (plan)
    world.storage.sessions.add(
        session_of(op.row(), plan->get<Plan>(), server.id, server.server_type, server.created));
  const auto action = co_await delete_server(world, server.id);
  co_await until_deleted(world, action, op.row().workspace);
  co_return true;
}

/// A second key was minted for a second create: the first key or server may still come.
bool has_repeated(const Operation& op) {
  return op.notes("minting").size() > 1 || !op.notes("asks again").empty();
}

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

net::Duration pause_of(Services& world) {
  const auto watch = world.settings.limits.undo_watch;
  return std::min(undo_looks_again, std::max<net::Duration>(watch / 20, std::chrono::milliseconds(1)));
}

/// After a create whose outcome nobody knows, the server may come late: looks until the watch has passed.
net::awaitable<void> delete_until_clean(Operation& op, Services& world) {
  const auto until = watched_until(op, world);
  const auto pause = pause_of(world);
  for (;;) {
    const bool found = co_await delete_our_server(op, world);
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

/// Whether volume and address are known, now that the one that was asked for last has been looked for.
net::awaitable<bool> find_kept(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  const auto name = workspace.hostname;
  const auto ours = workspace_labels(world.settings.name, name);
  const auto offer = co_await world.project.offer();
  if (workspace.volume_id == 0) {
    const auto volume = co_await world.cloud.find_volume(name);
    if (!volume || !hetzner::carries(*volume, ours)) co_return false;
    keep_volume(world, offer, workspace.id, *volume);
  } else if (workspace.ip_id == 0) {
    const auto ip = co_await world.cloud.find_primary_ip(name);
    if (!ip || !hetzner::carries(*ip, ours)) co_return false;
    keep_address(world, offer, workspace.id, *ip);
  }
  co_return true;
}

/// A volume or an address whose creation was not seen to its end stays, too, and is billed.
net::awaitable<void> learn_what_stays(const Operation& op, Services& world) {
  const bool may_come_late = !op.notes("unknown outcome").empty();
  const auto until =
      world.clock.now() + (may_come_late ? world.settings.limits.undo_watch : net::Duration(0));
  const auto pause = pause_of(world);
  for (;;) {
    const bool is_known = co_await find_kept(op, world);
    if (is_known || world.clock.now() >= until) co_return;
    co_await world.clock.sleep_for(pause);
  }
}

std::string what_stays(const Operation& op, Services& world, const storage::WorkspaceRow& workspace) {
  if (workspace.volume_id == 0 && workspace.ip_id == 0) return "";
  std::string text = "\n  What stays: ";
  if (workspace.volume_id != 0) text += std::to_string(workspace.volume_gb) + " GB volume";
  if (workspace.ip_id != 0) text += (workspace.volume_id != 0 ? " and IPv4 " : "IPv4 ") + workspace.ipv4;
  const auto plan = op.result("preflight");
  const auto& offer = world.project.last();
  if (!plan && !offer) return text + ".";
  const auto currency = plan ? plan->get<Plan>().currency : offer->pricing.currency;
  return text + ", " + hetzner::with_currency(held_monthly(world, workspace.id), currency, 2) + " a month.";
}

std::string what_was_cleaned(Services& world, const Operation& op) {
  for (const auto& session :
       world.storage.sessions.of(op.row().workspace, op.row().created - std::chrono::hours(1),
                                 world.clock.now() + std::chrono::hours(1))) {
    if (session.operation != op.id()) continue;
    return "\n  Its server (" + session.type + ") was deleted and its tailnet key revoked; it cost " +
           hetzner::with_currency(cost_of(session, world.clock.now()), session.currency, 2) + ".";
  }
  return "\n  No server was made.";
}

/// Where more can be read of a stage that the workspace said has failed; the server is gone by then.
std::string where_it_says_more(const Operation& op, Services& world, const storage::WorkspaceRow& workspace) {
  const auto failed = failed_of(stages_of(world.storage.journal, op.id()));
  if (!failed || op.is_cancelled()) return "";
  return "\n  " + line_for(world, workspace, "logs") + " " + failed->name + " shows what it said.";
}

/// "watch cpx32 location=fsn1" where Hetzner had none of what was asked for and may have some
/// again; "" otherwise.
net::awaitable<std::string> watch_for(const Operation& op, Services& world, storage::WorkspaceRow workspace) {
  if (op.notes("sold out").empty()) co_return "";
  const auto ask = op.row().request.get<Request>();
  const auto type = option_or(ask, "type", workspace.policy.value("type", world.settings.type));
  const auto location =
      workspace.location.empty() ? option_or(ask, "location", world.settings.location) : workspace.location;
  const auto types = co_await world.project.types();
  if (!hetzner::may_come_back(type, types.value, location, world.clock.now())) co_return "";
  co_return "watch " + type + " location=" + location;
}

/// "!devbox up image=debian-dev": what is not remembered, for it did not come up, is said again.
std::string line_again(const Operation& op, Services& world, const storage::WorkspaceRow& workspace) {
  const auto ask = op.row().request.get<Request>();
  const auto type = ask.options.contains("turn") ? option_or(ask, "type", "") : "";
  const auto image = option_or(ask, "image", "");
  return line_for(world, workspace, "up" + (type.empty() ? "" : " " + type)) +
         (image.empty() ? "" : " image=" + printable(image));
}

}  // namespace

net::awaitable<void> undo_up(Operation& op, Services& world) {
  const auto request = op.row().request.get<Request>();
  const auto workspace = op.workspace();
  const auto why = op.last_note("failure");
  const auto session = world.storage.sessions.current(workspace.id);
  if (session && session->operation != op.id()) {
    // It met the server of another `up`, which is left as it is.
    op.say("failed", "✗ `up` has not been done: " + why);
    co_return;
  }
  if (request.flags.contains("keep") && session && op.notes("cancel").empty()) {
    co_await revoke_keys(op, world);
    op.say("failed", "✗ " + workspace.hostname + " is not up: " + why +
                         "\n  Its server is kept, as asked, and billed until `" +
                         line_for(world, workspace, "down") + "`." +
                         where_it_says_more(op, world, workspace));
    co_return;
  }
  // Every create has a key of its own minted before it: without one there is nothing to look for.
  if (!op.notes("minting").empty()) {
    co_await delete_until_clean(op, world);
    co_await revoke_keys(op, world);
    co_await forget_devices(world, workspace);
  }
  if (op.result("preflight")) co_await learn_what_stays(op, world);
  const auto now = op.workspace();
  auto text = "✗ " + now.hostname + " is not up: " + why + what_was_cleaned(world, op) +
              what_stays(op, world, now) + where_it_says_more(op, world, now) + "\n  " +
              line_again(op, world, now) + " tries again.";
  const auto watch = co_await watch_for(op, world, now);
  if (watch.empty()) {
    op.say("failed", text);
  } else {
    text += "\n  " + world.settings.prefix + " " + watch + " tells you once when it can be ordered again.";
    op.say("failed", text, {{"Tell me", watch}});
  }
}

}  // namespace commands
