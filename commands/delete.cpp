#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/gone.hpp"
#include "commands/inventory.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/times.hpp"
#include "commands/trash.hpp"
#include "commands/unasked.hpp"
#include "commands/whose.hpp"
#include "commands/work.hpp"

/// `delete` and `undelete`: a workspace goes into the trash, comes back from it, or goes for good when its
/// time there is over.
namespace commands {
namespace {

/// What goes, decided once.
struct Doomed {
  std::string hostname;
  Leaving leaving;
  std::vector<std::string> things;  ///< "20 GB volume \"alice\"", "IPv4 203.0.113.10 \"ak IPv4\""
  std::string work;                 ///< that would be cut off, as the workspace says; "" when nobody answered
  bool was_asked = false;           ///< and has answered
  std::string last_work;            ///< in place of that: what it said last
  hetzner::Money monthly;
  std::string currency;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Doomed, hostname, leaving, things, work, was_asked, last_work, monthly,
                                 currency)

  [[nodiscard]] std::string price() const {
    return hetzner::with_currency(monthly, currency, 2) + " a month";
  }
};

net::awaitable<void> add_things(Services& world, const storage::WorkspaceRow& workspace, Doomed& doomed) {
  const auto offer = co_await world.project.offer();
  doomed.currency = offer.pricing.currency;
  const auto volume = co_await find_volume_of(world, workspace);
  if (volume) {
    doomed.things.push_back(std::to_string(volume->size_gb) + " GB volume \"" + volume->name + "\"");
    doomed.monthly += volume_monthly(world, offer, volume->size_gb);
  }
  const auto ip = co_await find_address_of(world, workspace);
  if (ip) {
    doomed.things.push_back("IPv4 " + ip->ip + " \"" + ip->name + "\"");
    doomed.monthly += address_monthly(world, offer, ip->location);
  }
}

net::awaitable<Doomed> find_things(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  Doomed doomed;
  doomed.hostname = workspace.hostname;
  co_await add_things(world, workspace, doomed);
  co_return doomed;
}

net::awaitable<Doomed> find_doomed(const Operation& op, Services& world) {
  auto doomed = co_await find_things(op, world);
  doomed.leaving = co_await find_leaving(op, world);
  const auto work = co_await ask_work(op, world, doomed.leaving);
  doomed.was_asked = work.has_value();
  if (work) doomed.work = text_of(*work);
  if (!work) doomed.last_work = text_of(last_work(world, op.row().workspace));
  co_return doomed;
}

std::string preview(const Operation& op, Services& world, const Doomed& doomed) {
  const auto workspace = op.workspace();
  const auto now = world.clock.now();
  const auto until = clock_text(now + world.settings.policy.trash.time, now, zone_of(world, workspace));
  std::string text = "Delete " + doomed.hostname + "?";
  if (doomed.leaving.server.value != 0) text += " Its server goes down first.";
  if (!doomed.things.empty())
    text += "\n  Into the trash, with all that is in /home: " + joined(doomed.things) + ".\n  Until " +
            until + " `" + named_line(world, workspace, "undelete", op.row().actor) +
            "` brings it back, and it costs " + doomed.price() + " as before; then it is deleted for good.";
  if (!doomed.work.empty()) text += "\n  " + doomed.work;
  if (doomed.leaving.runs && !doomed.was_asked)
    text += "\n  It does not answer, so what runs on it is not known.";
  if (!doomed.last_work.empty()) text += "\n  when it was last heard: " + doomed.last_work;
  return text;
}

/// What has neither volume nor address needs no trash. Returns what is said of it.
net::awaitable<std::string> put_into_trash(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  auto& storage = world.storage;
  // Its prices are told, also by a process that has only just begun.
  const auto offer = co_await world.project.offer();
  storage.database.write(storage::Commit::full, [&] {
    storage.deadlines.remove(workspace.id, "down");
    if (workspace.volume_id == 0 && workspace.ip_id == 0) return storage.workspaces.bury(workspace.id);
    storage.workspaces.trash(workspace.id, world.clock.now() + world.settings.policy.trash.time, op.id());
  });
  world.changed.notify();
  const auto now = op.workspace();
  if (now.state == "trashed") co_return "✓ " + trash_text(world, now, op.row().actor);
  // Its name has gone already when a process before this one came so far.
  const auto name = workspace.hostname.substr(0, workspace.hostname.find('~'));
  co_return "✓ " + name + " is deleted: it had neither volume nor address.";
}

net::awaitable<void> take_turns_to_delete(const Operation& op, Services& world, const Doomed& doomed) {
  world.storage.database.write(storage::Commit::full, [&] {
    Request down;
    down.verb = "down";
    down.options["agreed"] = doomed.work;
    add_turn(world, op, op.workspace(), down);
    Request rest;
    rest.verb = "delete";
    rest.flags.insert("confirmed");
    add_turn(world, op, op.workspace(), rest);
  });
  co_return;
}

/// The trash, once nothing runs.
net::awaitable<void> trash(Operation& op, Services& world) {
  const auto name = op.workspace().hostname;
  if (world.storage.sessions.current(op.row().workspace) && !op.result("trash"))
    throw Error(name + " still runs, so it was not deleted.");
  auto text = co_await op.step("trash", [&] { return put_into_trash(op, world); });
  op.say("deleted", text);
}

net::awaitable<void> delete_after_question(Operation& op, Services& world) {
  auto doomed = co_await op.look("find", [&] { return find_doomed(op, world); });
  const auto question = preview(op, world, doomed);
  const bool agreed = co_await op.agrees("delete", question);
  if (!agreed) {
    op.say("deleted", "✓ " + doomed.hostname + " stays as it is; nothing was deleted.");
    co_return;
  }
  if (doomed.leaving.server.value == 0) co_return co_await trash(op, world);
  co_await op.step("take turns", [&] { return take_turns_to_delete(op, world, doomed); });
}

/// Somebody has given it to another workspace, or to another bot.
std::string whose_by_labels(Services& world, const storage::WorkspaceRow& workspace,
                            const hetzner::Labels& labels) {
  for (const auto& [key, value] : workspace_labels(world.settings.name, workspace.hostname)) {
    const auto found = labels.find(key);
    if (found != labels.end() && found->second != value)
      return "its label " + key + " says " + printable(found->second);
  }
  return "";
}

WhyNot labels_of_others(Services& world, const storage::WorkspaceRow& workspace) {
  return [&](const hetzner::Labels& labels) { return whose_by_labels(world, workspace, labels); };
}

/// Why a thing may not go, before anything does: "" = it may. What is not there is not believed to be gone:
/// it may be in another project, whose token it is, and what was deleted outside the reconciler has taken off
/// the row.
template <class T>
std::string why_kept(Services& world, const storage::WorkspaceRow& workspace, const std::string& what,
                     std::int64_t id, const std::optional<T>& thing, std::optional<hetzner::ServerId> at) {
  if (id == 0) return "";
  if (!thing) return "its " + what + " " + std::to_string(id) + " is not in the project; ";
  if (at) return "its " + what + " is at server " + std::to_string(at->value) + "; ";
  const auto whose = whose_by_labels(world, workspace, thing->labels);
  return whose.empty() ? "" : "its " + what + " is not to be touched: " + whose + "; ";
}

net::awaitable<std::string> find_reasons(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  const auto volume = co_await find_volume_of(world, workspace);
  const auto ip = co_await find_address_of(world, workspace);
  const auto volume_at = volume ? volume->server : std::nullopt;
  const auto ip_at = ip ? ip->assignee : std::nullopt;
  auto reasons = why_kept(world, workspace, "volume", workspace.volume_id, volume, volume_at) +
                 why_kept(world, workspace, "address", workspace.ip_id, ip, ip_at);
  if (!reasons.empty()) reasons.resize(reasons.size() - 2);
  co_return reasons;
}

net::awaitable<std::string> end_volume(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  if (workspace.volume_id == 0) co_return "";
  const hetzner::VolumeId id{workspace.volume_id};
  const auto why_not = labels_of_others(world, workspace);
  const auto why = co_await remove_volume(world, id, why_not);
  if (why.empty()) forget_volume(world, workspace);
  co_return why.empty() ? "" : "its volume was left alone: " + why;
}

net::awaitable<std::string> end_address(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  if (workspace.ip_id == 0) co_return "";
  const hetzner::PrimaryIpId id{workspace.ip_id};
  const auto why_not = labels_of_others(world, workspace);
  const auto why = co_await remove_address(world, id, why_not);
  if (why.empty()) forget_address(world, workspace);
  co_return why.empty() ? "" : "its address was left alone: " + why;
}

net::awaitable<void> bury(const Operation& op, Services& world) {
  world.storage.workspaces.bury(op.row().workspace);
  co_return;
}

/// The address first: what it fails at leaves the files alone.
net::awaitable<std::string> end_things(Operation& op, Services& world) {
  auto address = co_await op.step("delete address", [&] { return end_address(op, world); });
  if (!address.empty()) co_return address;
  co_return co_await op.step("delete volume", [&] { return end_volume(op, world); });
}

/// Its time in the trash is over, of which its owner was told a day ago.
net::awaitable<void> delete_for_good(Operation& op, Services& world) {
  auto doomed = co_await op.look("find", [&] { return find_things(op, world); });
  auto why = co_await op.look("find reasons", [&] { return find_reasons(op, world); });
  if (why.empty()) why = co_await end_things(op, world);
  if (!why.empty())
    throw Error(doomed.hostname + " is not deleted for good: " + why + ". It stays in the trash for " +
                span_text(world.settings.policy.trash.notice) + " more, and what is left of it is billed.");
  co_await op.step("forget", [&] { return bury(op, world); });
  op.say("deleted",
         "✓ " + doomed.hostname + " is deleted for good" +
             (doomed.things.empty() ? "; nothing of it was left at Hetzner."
                                    : ": " + joined(doomed.things) + ", " + doomed.price() + " less."));
}

}  // namespace

net::awaitable<void> run_delete(Operation& op, Services& world, const Request& ask) {
  if (ask.flags.contains("final")) return delete_for_good(op, world);
  if (ask.flags.contains("confirmed")) return trash(op, world);
  return delete_after_question(op, world);
}

Begin begin_delete(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty())
    throw Error("`delete` wants the name, as in `delete main`; `status` lists them. Nothing was done.");
  const auto workspace = workspace_of(world, caller, ask);
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (!before.empty()) return busy_text(world, before.front());
  if (workspace.state == "trashed") return trash_text(world, workspace, caller.person.id);
  return operation_of(world, caller, ask, workspace.id);
}

Begin undelete(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty())
    throw Error("`undelete` wants the name, as in `undelete main`; `status` lists them. Nothing was done.");
  const auto workspace = workspace_of(world, caller, ask);
  if (workspace.state != "trashed") return workspace.hostname + " is not in the trash. Nothing was changed.";
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (!before.empty()) throw Error(busy_text(world, before.front()) + " Nothing was changed.");
  world.storage.workspaces.restore(workspace.id);
  world.changed.notify();
  Message message;
  message.text = "✓ " + workspace.hostname + " is back: " + kept_text(world, workspace) + ".\n  " +
                 line_for(world, workspace, "up", caller.person.id) + " brings it up.";
  if (workspace.volume_id == 0) message.text += " It has no files any more.";
  message.mentions = {sender_of(world.storage, caller.person.id)};
  if (workspace.owner == caller.person.id) return message;
  message.mentions.push_back(sender_of(world.storage, workspace.owner));
  const auto theirs = place_of(world, caller.message.chat, workspace.owner);
  if (caller.message.direct && theirs)
    post(world, *theirs, caller.message.key + "/undeleted", "final", message);
  return message;
}

}  // namespace commands
