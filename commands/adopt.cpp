#include "commands/grammar.hpp"
#include "commands/ledger.hpp"
#include "commands/names.hpp"
#include "commands/plan.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

/// What will be the workspace's own; ids of 0 are none. Times are unix ms.
struct Taken {
  std::int64_t volume = 0;
  std::string volume_name;
  int gb = 0;
  std::int64_t volume_created = 0;
  std::int64_t ip = 0;
  std::string address;
  std::int64_t ip_created = 0;
  bool auto_delete = false;  ///< the address would go with its server
  std::string location;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Taken, volume, volume_name, gb, volume_created, ip, address, ip_created,
                                 auto_delete, location)
};

std::string option(const Request& ask, const std::string& key) { return option_or(ask, key, ""); }

/// By name, else by id.
template <class T>
const T* find_either(const std::vector<T>& all, const std::string& wanted) {
  for (const auto& one : all)
    if (one.name == wanted) return &one;
  for (const auto& one : all)
    if (std::to_string(one.id.value) == wanted) return &one;
  return nullptr;
}

template <class T>
std::string names_of(const std::vector<T>& all) {
  std::string list;
  for (const auto& one : all) list += (list.empty() ? "" : ", ") + ("\"" + one.name + "\"");
  return list.empty() ? "none" : list;
}

void check_unowned(Services& world, const std::string& what, std::int64_t id,
                   std::int64_t storage::WorkspaceRow::*member) {
  for (const auto& workspace : world.storage.workspaces.all())
    if (id != 0 && workspace.*member == id)
      throw Error(what + " belongs to the workspace " + workspace.hostname + " already.");
}

void check_free(Services& world, const std::string& what, std::int64_t id,
                std::int64_t storage::WorkspaceRow::*member, std::optional<hetzner::ServerId> at) {
  check_unowned(world, what, id, member);
  if (at)
    throw Error(what + " is at server " + std::to_string(at->value) +
                ". Shut that down and delete it, or detach it there, and adopt again.");
}

void take_volume(Services& world, Taken& taken, const std::vector<hetzner::Volume>& volumes,
                 const std::string& wanted) {
  const auto* volume = find_either(volumes, wanted);
  if (!volume)
    throw Error("The project has no volume \"" + wanted + "\". It has: " + names_of(volumes) + ".");
  check_free(world, "Volume \"" + volume->name + "\"", volume->id.value, &storage::WorkspaceRow::volume_id,
             volume->server);
  taken.volume = volume->id.value;
  taken.volume_name = volume->name;
  taken.gb = volume->size_gb;
  taken.volume_created = storage::to_ms(volume->created);
  taken.location = volume->location;
}

void take_address(Services& world, Taken& taken, std::vector<hetzner::PrimaryIp> ips,
                  const std::string& wanted) {
  std::erase_if(ips, [](const hetzner::PrimaryIp& ip) { return ip.type != "ipv4"; });
  const auto* ip = find_either(ips, wanted);
  if (!ip) throw Error("The project has no Primary IPv4 \"" + wanted + "\". It has: " + names_of(ips) + ".");
  check_free(world, "Address \"" + ip->name + "\"", ip->id.value, &storage::WorkspaceRow::ip_id,
             ip->assignee);
  if (!taken.location.empty() && taken.location != ip->location)
    throw Error("Volume \"" + taken.volume_name + "\" is in " + taken.location + ", address \"" + ip->name +
                "\" in " + ip->location + ": no server can have both, and neither can move.");
  taken.ip = ip->id.value;
  taken.address = ip->ip;
  taken.ip_created = storage::to_ms(ip->created);
  taken.auto_delete = ip->auto_delete;
  taken.location = ip->location;
}

net::awaitable<Taken> find_taken(const Operation& op, Services& world, const Request& ask) {
  const hetzner::Labels any;
  Taken taken;
  if (world.storage.workspaces.find(op.row().actor, ask.words.front()))
    throw Error("You have a workspace \"" + ask.words.front() + "\" already.");
  if (const auto wanted = option(ask, "volume"); !wanted.empty()) {
    const auto volumes = co_await world.cloud.volumes(any);
    take_volume(world, taken, volumes, wanted);
  }
  if (const auto wanted = option(ask, "ip"); !wanted.empty()) {
    const auto ips = co_await world.cloud.primary_ips(any);
    take_address(world, taken, ips, wanted);
  }
  co_return taken;
}

void hold(Services& world, const Offer& offer, std::int64_t workspace, const Taken& taken) {
  if (taken.volume != 0) {
    hetzner::Volume volume;
    volume.id.value = taken.volume;
    volume.size_gb = taken.gb;
    hold_volume(world, offer, workspace, volume, storage::from_ms(taken.volume_created));
  }
  if (taken.ip != 0) {
    hetzner::PrimaryIp ip;
    ip.id.value = taken.ip;
    ip.location = taken.location;
    hold_address(world, offer, workspace, ip, storage::from_ms(taken.ip_created));
  }
}

/// The workspace's row; one that a process before this one has written is the same. Returns its id.
net::awaitable<std::int64_t> take(const Operation& op, Services& world, const Request& ask,
                                  const Taken& taken) {
  const auto offer = co_await world.project.offer();
  const auto owner = world.storage.people.find(op.row().actor).value();
  auto& workspaces = world.storage.workspaces;
  const auto& name = ask.words.front();
  if (const auto there = workspaces.find(owner.id, name)) {
    const bool is_it = there->volume_id == taken.volume && there->ip_id == taken.ip;
    if (!is_it) throw Error("You have a workspace \"" + name + "\" already.");
    co_return there->id;
  }
  storage::WorkspaceRow row;
  row.owner = owner.id;
  row.name = name;
  row.location = taken.location;
  row.volume_id = taken.volume;
  row.volume_gb = taken.gb;
  row.ip_id = taken.ip;
  row.ipv4 = taken.address;
  world.storage.database.write(storage::Commit::full, [&] {
    // Somebody else may have adopted them since they were found.
    check_unowned(world, "Volume \"" + taken.volume_name + "\"", taken.volume,
                  &storage::WorkspaceRow::volume_id);
    check_unowned(world, "Address " + taken.address, taken.ip, &storage::WorkspaceRow::ip_id);
    row.hostname = free_hostname(workspaces, owner, name);
    row.id = workspaces.add(row);
    hold(world, offer, row.id, taken);
  });
  co_return row.id;
}

std::string welcome(Services& world, const storage::WorkspaceRow& workspace, const Taken& taken) {
  std::string what;
  if (taken.volume != 0)
    what = "volume \"" + taken.volume_name + "\" (" + std::to_string(taken.gb) + " GB) as /home";
  if (taken.ip != 0) what += (what.empty() ? "" : " and ") + ("IPv4 " + taken.address);
  auto text = "✓ " + workspace.hostname + " has " + what + " in " + taken.location +
              ", as they are: names and labels stay.";
  if (taken.auto_delete) text += " The address now stays when its server goes.";
  if (taken.volume == 0) text += " The first `up` makes a volume.";
  if (taken.ip == 0) text += " The first `up` gets an address.";
  return text + "\n  " + world.settings.prefix + " up " + workspace.name + " brings it up.";
}

}  // namespace

net::awaitable<void> adopt(Operation& op, Services& world, const Request& ask) {
  auto taken = co_await op.look("find", [&] { return find_taken(op, world, ask); });
  const hetzner::PrimaryIpId ip{taken.ip};
  if (taken.auto_delete) co_await op.step("keep address", [&] { return world.cloud.keep_after_server(ip); });
  auto id = co_await op.step("take", [&] { return take(op, world, ask, taken); });
  op.say("adopted", welcome(world, world.storage.workspaces.find(id).value(), taken));
}

Begin begin_adopt(Services& world, const Caller& caller, const Request& ask) {
  const std::string usage = "It is written: adopt name volume=data ip=\"ak IPv4\", one of both at least.";
  if (ask.words.size() != 1 || (option(ask, "volume").empty() && option(ask, "ip").empty()))
    throw Error("`adopt` takes a name for the workspace and what it shall have. " + usage);
  const auto& name = ask.words.front();
  if (dns_label(name) != name)
    throw Error("\"" + name + "\" cannot be a workspace's name; \"" + dns_label(name) + "\" could. " + usage);
  if (world.storage.workspaces.find(caller.person.id, name))
    throw Error("You have a workspace \"" + name + "\" already. Nothing was done.");
  return operation_of(world, caller, ask, 0);
}

}  // namespace commands
