#include "commands/orphans.hpp"

#include "commands/deletion.hpp"
#include "commands/sentence.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

using Orphans = std::vector<Orphan>;

net::awaitable<Orphans> look(Services& world) {
  const auto offer = co_await world.project.offer();
  const auto types = co_await world.project.types();
  const auto inventory = co_await take_inventory(world);
  co_return find_orphans(world, inventory, known_now(world), offer, types.value);
}

net::awaitable<Orphans> look_for_ours(Services& world) {
  auto found = co_await look(world);
  std::erase_if(found, [](const Orphan& orphan) { return !orphan.ours; });
  co_return found;
}

hetzner::Money sum(const Orphans& orphans) {
  hetzner::Money sum;
  for (const auto& orphan : orphans) sum += orphan.monthly;
  return sum;
}

std::string monthly(Services& world, hetzner::Money amount) {
  const auto& offer = world.project.last();
  return hetzner::with_currency(amount, offer ? offer->pricing.currency : "EUR", 2) + " a month";
}

std::string rows(Services& world, const Orphans& orphans, bool ours) {
  std::string text;
  for (const auto& orphan : orphans)
    if (orphan.ours == ours)
      text += "\n  " + orphan.label() + " · " + orphan.about + " · " + monthly(world, orphan.monthly);
  return text;
}

net::awaitable<std::string> list(Services& world) {
  const auto found = co_await look(world);
  if (found.empty()) co_return "Everything in the project belongs to a workspace.";
  const auto ours = rows(world, found, true);
  const auto foreign = rows(world, found, false);
  std::string text = "In the project and in no workspace, " + monthly(world, sum(found)) + " together:";
  if (!ours.empty())
    text += "\nmade by this bot; `" + world.settings.prefix + " orphans clean` deletes them:" + ours;
  if (!foreign.empty()) text += "\nnot made by this bot, which never touches them:" + foreign;
  co_return text;
}

constexpr const char* belongs_now = "it belongs to a workspace now";

/// Whether it has become a workspace's meanwhile.
bool is_adopted(Services& world, const Orphan& orphan) {
  for (const auto& workspace : world.storage.workspaces.all())
    if ((orphan.kind == "volume" && std::to_string(workspace.volume_id) == orphan.id) ||
        (orphan.kind == "address" && std::to_string(workspace.ip_id) == orphan.id))
      return true;
  return false;
}

std::optional<hetzner::ServerId> holder_of(const hetzner::Volume& volume) { return volume.server; }
std::optional<hetzner::ServerId> holder_of(const hetzner::PrimaryIp& ip) { return ip.assignee; }

/// As it is when it is at no server; waits while the one that it is at is being deleted. nullopt = gone.
template <class T, class Find>
net::awaitable<std::optional<T>> until_let_go(Services& world, Find find) {
  const auto deadline = world.clock.now() + world.settings.limits.shutdown;
  for (hetzner::PollPace pace(world.settings.limits.poll_actions);;) {
    auto found = co_await find();
    const auto at = !found ? std::nullopt : holder_of(*found);
    if (!at || world.clock.now() >= deadline) co_return found;
    const auto server = co_await world.cloud.find_server(*at);
    if (server) co_return found;
    const auto pause = pace.next();
    co_await world.clock.sleep_for(pause);
  }
}

std::string stays_at(hetzner::ServerId server) {
  return "it is at server " + std::to_string(server.value) + "; detach it there first";
}

/// "" or why it was left alone.
net::awaitable<std::string> remove_server(Services& world, hetzner::ServerId id) {
  const auto server = co_await world.cloud.find_server(id);
  if (!server) co_return "";
  const auto action = co_await delete_server(world, id);
  std::vector<hetzner::ActionId> actions;
  if (action != 0) actions.push_back(hetzner::ActionId{action});
  co_await world.cloud.until_done(actions);
  co_return "";
}

/// A volume or an address: `find` → optional<T>, `destroy` deletes it once nothing protects it.
template <class T, class Find, class Destroy>
net::awaitable<std::string> remove_kept(Services& world, const Orphan& orphan, Find find, Destroy destroy) {
  const auto kept = co_await until_let_go<T>(world, find);
  if (!kept) co_return "";
  if (const auto at = holder_of(*kept)) co_return stays_at(*at);
  if (is_adopted(world, orphan)) co_return belongs_now;
  if (kept->delete_protected) co_await world.cloud.set_delete_protection(kept->id, false);
  co_await destroy();
  co_return "";
}

net::awaitable<std::string> remove_volume(Services& world, hetzner::VolumeId id, const Orphan& orphan) {
  const auto find = [&] { return world.cloud.find_volume(id); };
  const auto destroy = [&] { return world.cloud.delete_volume(id); };
  co_return co_await remove_kept<hetzner::Volume>(world, orphan, find, destroy);
}

net::awaitable<std::string> remove_address(Services& world, hetzner::PrimaryIpId id, const Orphan& orphan) {
  const auto find = [&] { return world.cloud.find_primary_ip(id); };
  const auto destroy = [&] { return world.cloud.delete_primary_ip(id); };
  co_return co_await remove_kept<hetzner::PrimaryIp>(world, orphan, find, destroy);
}

net::awaitable<std::string> remove_device(Services& world, std::string id) {
  co_await world.tailnet.delete_device(id);
  co_return "";
}

net::awaitable<std::string> removal(Services& world, const Orphan& orphan) {
  if (orphan.kind == "device") return remove_device(world, orphan.id);
  const auto id = std::stoll(orphan.id);
  if (orphan.kind == "server") return remove_server(world, hetzner::ServerId{id});
  if (orphan.kind == "volume") return remove_volume(world, hetzner::VolumeId{id}, orphan);
  return remove_address(world, hetzner::PrimaryIpId{id}, orphan);
}

/// What cannot be deleted now does not keep the others, and is told.
net::awaitable<std::string> remove(Services& world, const Orphan& orphan) {
  std::exception_ptr failure;
  try {
    co_return co_await removal(world, orphan);
  } catch (...) {
    failure = std::current_exception();
  }
  if (ends_the_process(failure)) std::rethrow_exception(failure);
  co_return sentence(failure);
}

}  // namespace

net::awaitable<void> clean_orphans(Operation& op, Services& world, const Request&) {
  auto found = co_await op.look("find orphans", [&] { return look_for_ours(world); });
  if (found.empty()) {
    op.say("cleaned", "✓ This bot has no orphans in the project; nothing was deleted.");
    co_return;
  }
  const auto question = "Delete these for good, with all that is on them? " + monthly(world, sum(found)) +
                        " would be saved:" + rows(world, found, true);
  const bool agreed = co_await op.agrees("clean", question);
  if (!agreed) {
    op.say("cleaned", "✓ Nothing was deleted.");
    co_return;
  }
  Orphans gone;
  std::string left;
  for (const auto& orphan : found) {
    const auto step = "delete " + orphan.kind + " " + orphan.id;
    auto why = co_await op.step(step.c_str(), [&] { return remove(world, orphan); });
    if (why.empty()) gone.push_back(orphan);
    if (!why.empty()) left += "\n  left alone: " + orphan.label() + ": " + why;
  }
  op.say("cleaned", "✓ Deleted, " + monthly(world, sum(gone)) + " less:" + rows(world, gone, true) + left);
}

Begin begin_orphans(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty()) return Later([&world] { return list(world); });
  if (ask.words.size() > 1 || ask.words.front() != "clean")
    throw Error("`orphans` takes no words but `clean`. Nothing was done.");
  return operation_of(world, caller, ask, 0);
}

}  // namespace commands
