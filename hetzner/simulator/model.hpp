#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "net/clock.hpp"

/// Instants are unix milliseconds in the state file.
template <>
struct nlohmann::adl_serializer<net::Time> {
  static void to_json(json& value, const net::Time& time) { value = time.time_since_epoch().count(); }
  static void from_json(const json& value, net::Time& time) {
    time = net::Time(net::Duration(value.get<std::int64_t>()));
  }
};
template <>
struct nlohmann::adl_serializer<net::Duration> {
  static void to_json(json& value, const net::Duration& time) { value = time.count(); }
  static void from_json(const json& value, net::Duration& time) {
    time = net::Duration(value.get<std::int64_t>());
  }
};

/// What one project holds, as it is kept in the state file; the API's shape is made in render.cpp.
/// An id of 0 is none. `created` and charges are billing time, everything that runs is the clock's.
namespace hetzner::simulator {

using Id = std::int64_t;
using Labels = std::map<std::string, std::string>;
constexpr net::Time never = net::Time::max();

struct Resource {
  Id id = 0;
  std::string type;  ///< "server", "volume", …
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Resource, id, type)

/// Begins when `after` has ended well, and ends `length` later or, when hooked, with its command.
struct Action {
  Id id = 0;
  std::string command;
  std::string status = "running";
  std::string error_code, error_message;
  std::vector<Resource> resources;
  Id after = 0;
  std::int64_t amount = 0;  ///< resize_volume: the new size; change_server_type: the new disk
  std::string new_type;     ///< of change_server_type
  nlohmann::json what;      ///< what takes effect at its end, where that is none of the above
  bool hooked = false;
  net::Time begun = never;
  net::Duration length{};
  net::Time started, finished;  ///< billing time

  [[nodiscard]] bool is_running() const { return status == "running"; }
  [[nodiscard]] bool concerns(Id resource, const std::string& type) const {
    for (const auto& each : resources)
      if (each.id == resource && each.type == type) return true;
    return false;
  }
  [[nodiscard]] Id find(const std::string& type) const {
    for (const auto& each : resources)
      if (each.type == type) return each.id;
    return 0;
  }
  [[nodiscard]] net::Time ends() const { return begun == never || hooked ? never : begun + length; }
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Action, id, command, status, error_code, error_message,
                                                resources, after, amount, new_type, what, hooked, begun,
                                                length, started, finished)

/// How a virtual workspace behaves. `report`: ok, busy (a build beside the person), dirty · nobody logged in:
/// tab (open, not used), build, lease (of `devboxctl run`) · no word of it: silent, silent_build, hung ·
/// no_join join_fails failed http flush_fails flush_hangs no_shutdown. Seconds are divided by the speed.
struct Behaviour {
  double join_s = 10;
  double ready_s = 12;
  double idle_s = 0;            ///< not divided: so long before `idle_from` was the last sign of a person
  net::Time idle_from = never;  ///< never = somebody is at work, who last typed `idle_s` ago
  std::string report = "ok";

  /// Seconds since the last sign of a person.
  [[nodiscard]] std::int64_t idle_at(net::Time now) const;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Behaviour, join_s, ready_s, idle_s, idle_from, report)

/// How far the machine behind a server has come; what a real one keeps on its disk.
struct Machine {
  std::string phase = "boot";  ///< boot, joined, ready, failed, lost (its key was refused)
  std::string node;            ///< its identity in the tailnet, kept over reboots
  std::string boot_id;
  net::Time booted;
  std::string done, done_error;  ///< the order carried out and not yet told
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Machine, phase, node, boot_id, booted, done, done_error)

/// A server's place in a network; its addresses are taken from the moment it is asked for.
struct PrivateNet {
  Id network = 0;
  std::string ip;
  std::vector<std::string> alias_ips;
  bool attached = false;  ///< false while its attach_to_network runs
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PrivateNet, network, ip, alias_ips, attached)

struct Server {
  Id id = 0;
  std::string name, type, location, status, user_data;
  Labels labels;
  Id image = 0, ipv4 = 0, ipv6 = 0, iso = 0, placement_group = 0;
  std::vector<Id> ssh_keys, firewalls;
  std::vector<PrivateNet> private_nets;
  std::string backup_window;  ///< "22-02"; "" = no backups
  bool deleting = false;      ///< gone from the account, its delete_server still runs
  bool protect_delete = false, protect_rebuild = false, rescue = false;
  std::int64_t disk = 0;  ///< GB; of its type, unless a change of type left it as it was
  net::Time created;
  net::Time off_at = never;  ///< the end of an ACPI shutdown
  Behaviour behaviour;
  Machine machine;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Server, id, name, type, location, status, user_data, labels,
                                                image, ipv4, ipv6, iso, placement_group, ssh_keys, firewalls,
                                                private_nets, backup_window, deleting, protect_delete,
                                                protect_rebuild, rescue, disk, created, off_at, behaviour,
                                                machine)

struct Volume {
  Id id = 0;
  std::string name, location, format, status;
  Labels labels;
  std::int64_t size = 0;
  Id server = 0;
  Id pledged = 0;  ///< the server an attach_volume is on the way to
  bool protect_delete = false;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Volume, id, name, location, format, status, labels, size,
                                                server, pledged, protect_delete, created)

struct PrimaryIp {
  Id id = 0;
  std::string name, type, location, ip;
  Labels labels;
  std::map<std::string, std::string> pointers;  ///< reverse names that somebody set, by address
  Id server = 0;
  bool auto_delete = false, protect_delete = false;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PrimaryIp, id, name, type, location, ip, labels, pointers,
                                                server, auto_delete, protect_delete, created)

/// A snapshot or a backup; system images are the catalogue's.
struct Image {
  Id id = 0;
  std::string type, name, description, architecture, os_flavor, os_version;
  Labels labels;
  double image_size = 0;
  std::int64_t disk_size = 0;
  Id from = 0;   ///< the server it was made of
  Id bound = 0;  ///< a backup's: it goes with that server
  std::string from_name;
  bool creating = false, protect_delete = false;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Image, id, type, name, description, architecture, os_flavor,
                                                os_version, labels, image_size, disk_size, from, bound,
                                                from_name, creating, protect_delete, created)

struct SshKey {
  Id id = 0;
  std::string name, fingerprint, public_key;
  Labels labels;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SshKey, id, name, fingerprint, public_key, labels, created)

struct Firewall {
  Id id = 0;
  std::string name;
  Labels labels;
  nlohmann::json rules = nlohmann::json::array();
  std::vector<std::string> selectors;  ///< of labels; servers by id name it themselves
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Firewall, id, name, labels, rules, selectors, created)

struct Subnet {
  std::string type, ip_range, network_zone;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Subnet, type, ip_range, network_zone)

struct NetworkRoute {
  std::string destination, gateway;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(NetworkRoute, destination, gateway)

struct Network {
  Id id = 0;
  std::string name, ip_range;
  Labels labels;
  std::vector<Subnet> subnets;
  std::vector<NetworkRoute> routes;
  bool expose_routes = false, protect_delete = false;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Network, id, name, ip_range, labels, subnets, routes,
                                                expose_routes, protect_delete, created)

/// Of type spread: its servers run on different hosts. Who is in it stands with the server.
struct PlacementGroup {
  Id id = 0;
  std::string name;
  Labels labels;
  net::Time created;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PlacementGroup, id, name, labels, created)

/// One line of the bill: what is charged for a resource from its creation to its deletion.
struct Charge {
  std::string resource;  ///< server, backup (of a server), primary_ip, volume, snapshot
  Id id = 0;
  std::int64_t hourly = 0;   ///< 1e-10; server, backup and primary_ip
  std::int64_t monthly = 0;  ///< 1e-10; the cap, or the price of `micro_gb` = 1 GB
  std::int64_t micro_gb = 0;
  net::Time from;
  net::Time to = never;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Charge, resource, id, hourly, monthly, micro_gb, from, to)

struct Holdings {
  std::map<Id, Server> servers;
  std::map<Id, Volume> volumes;
  std::map<Id, PrimaryIp> primary_ips;
  std::map<Id, Image> images;
  std::map<Id, SshKey> ssh_keys;
  std::map<Id, Firewall> firewalls;
  std::map<Id, Network> networks;
  std::map<Id, PlacementGroup> placement_groups;
  std::map<Id, Action> actions;
  std::vector<Charge> charges;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Holdings, servers, volumes, primary_ips, images, ssh_keys,
                                                firewalls, networks, placement_groups, actions, charges)

}  // namespace hetzner::simulator
