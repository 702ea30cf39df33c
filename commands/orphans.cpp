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

/// Whether it has become a workspace's meanwhile: the sentence that says so.
std::string whose_now(Services& world, const Orphan& orphan) {
  for (const auto& workspace : world.storage.workspaces.all())
    if ((orphan.kind == "volume" && std::to_string(workspace.volume_id) == orphan.id) ||
        (orphan.kind == "address" && std::to_string(workspace.ip_id) == orphan.id))
      return "it belongs to a workspace now";
  return "";
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

net::awaitable<std::string> remove_kept_one(Services& world, const Orphan& orphan) {
  const auto id = std::stoll(orphan.id);
  const WhyNot why_not = [&](const hetzner::Labels&) { return whose_now(world, orphan); };
  const hetzner::VolumeId volume{id};
  const hetzner::PrimaryIpId address{id};
  if (orphan.kind == "volume") co_return co_await remove_volume(world, volume, why_not);
  co_return co_await remove_address(world, address, why_not);
}

net::awaitable<std::string> remove_device(Services& world, std::string id) {
  co_await world.tailnet.delete_device(id);
  co_return "";
}

net::awaitable<std::string> removal(Services& world, const Orphan& orphan) {
  if (orphan.kind == "device") return remove_device(world, orphan.id);
  if (orphan.kind == "server") return remove_server(world, hetzner::ServerId{std::stoll(orphan.id)});
  return remove_kept_one(world, orphan);
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
