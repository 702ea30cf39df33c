#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hetzner/money.hpp"

/// Hetzner Cloud's objects, as far as the bot reads them. Field names and units follow the API
/// (https://docs.hetzner.cloud): disk, memory and image sizes in GB, times RFC 3339.
namespace hetzner {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A 53-bit id (action ids have 15 digits) that cannot be taken for another kind's.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  auto operator<=>(const Id&) const = default;
};
template <class Tag>
void to_json(nlohmann::json& json, const Id<Tag>& id) {
  json = id.value;
}
template <class Tag>
void from_json(const nlohmann::json& json, Id<Tag>& id) {
  id.value = json.get<std::int64_t>();
}

using ServerId = Id<struct ServerTag>;
using VolumeId = Id<struct VolumeTag>;
using PrimaryIpId = Id<struct PrimaryIpTag>;
using ImageId = Id<struct ImageTag>;
using SshKeyId = Id<struct SshKeyTag>;
using FirewallId = Id<struct FirewallTag>;
using ActionId = Id<struct ActionTag>;

using Labels = std::map<std::string, std::string>;

/// Both sides of a price; which one is shown is configuration.
struct Price {
  Money net;
  Money gross;
};

struct LocationPrice {
  std::string location;
  Price hourly;
  Price monthly;  ///< also the cap of a calendar month
};

/// Where a type is supported; `available` is only an indicator of stock.
struct TypeLocation {
  std::string name;
  bool available = false;
  bool recommended = false;
  std::optional<Time> unavailable_after;
};

struct ServerType {
  std::int64_t id = 0;
  std::string name;
  std::string category;
  std::string cpu_type;      ///< shared | dedicated
  std::string architecture;  ///< x86 | arm
  int cores = 0;
  double memory_gb = 0;
  int disk_gb = 0;
  std::vector<LocationPrice> prices;
  std::vector<TypeLocation> locations;
  [[nodiscard]] const LocationPrice* price_in(const std::string& location) const;
  /// Orderable in `location` at `now`: supported there, available, its deprecation not past.
  [[nodiscard]] bool is_orderable(const std::string& location, Time now) const;
};

struct Location {
  std::int64_t id = 0;
  std::string name;
  std::string city;
  std::string country;
  std::string network_zone;  ///< eu-central, us-east, …
};

struct Image {
  ImageId id;
  std::string type;    ///< system | snapshot | backup | app
  std::string status;  ///< available | creating | unavailable
  std::optional<std::string> name;
  std::string description;
  std::string architecture;
  double image_size_gb = 0;  ///< billed size
  int disk_gb = 0;           ///< smallest disk it fits on
  Time created;
  bool delete_protected = false;
  Labels labels;
};

struct Volume {
  VolumeId id;
  std::string name;
  int size_gb = 0;
  std::string location;
  std::string linux_device;
  std::optional<ServerId> server;
  Time created;
  bool delete_protected = false;
  Labels labels;
};

struct PrimaryIp {
  PrimaryIpId id;
  std::string name;
  std::string type;  ///< ipv4 | ipv6
  std::string ip;
  std::string location;
  std::optional<ServerId> assignee;
  Time created;
  bool auto_delete = false;
  bool delete_protected = false;
  Labels labels;
};

struct Server {
  ServerId id;
  std::string name;
  std::string status;  ///< running initializing starting stopping off deleting migrating rebuilding unknown
  std::string server_type;
  std::string location;
  std::optional<std::string> ipv4;
  std::vector<VolumeId> volumes;
  Time created;
  Labels labels;
};

struct SshKey {
  SshKeyId id;
  std::string name;
  std::string fingerprint;
  std::string public_key;
  Labels labels;
};

struct Firewall {
  FirewallId id;
  std::string name;
  Labels labels;
};

struct Action {
  ActionId id;
  std::string command;
  std::string status;  ///< running | success | error
  int progress = 0;    ///< 0..100
  std::string error_code;
  std::string error_message;
  [[nodiscard]] bool is_running() const { return status == "running"; }
};

/// What a server did on average, measured from outside it (`GET /servers/{id}/metrics`).
struct Load {
  double cpu = 0;      ///< percent, 100 a core that is busy
  double disk = 0;     ///< bytes a second, read and written
  double network = 0;  ///< bytes a second, in and out, of the public interface
  bool operator==(const Load&) const = default;
};

/// `GET /pricing`, the parts that are not on the server type.
struct Pricing {
  std::string currency;
  Price volume_gb_month;
  Price image_gb_month;
  struct PrimaryIpPrice {
    std::string type;
    std::string location;
    Price hourly;
    Price monthly;
  };
  std::vector<PrimaryIpPrice> primary_ips;
};

/// From the API's JSON. Nothing that may be missing or null there fails; what must be there and is not
/// throws Unavailable with a sentence that names the field.
void from_json(const nlohmann::json& json, LocationPrice& one);
void from_json(const nlohmann::json& json, TypeLocation& one);
void from_json(const nlohmann::json& json, ServerType& type);
void from_json(const nlohmann::json& json, Location& location);
void from_json(const nlohmann::json& json, Image& image);
void from_json(const nlohmann::json& json, Volume& volume);
void from_json(const nlohmann::json& json, PrimaryIp& ip);
void from_json(const nlohmann::json& json, Server& server);
void from_json(const nlohmann::json& json, SshKey& key);
void from_json(const nlohmann::json& json, Firewall& firewall);
void from_json(const nlohmann::json& json, Action& action);
void from_json(const nlohmann::json& json, Pricing::PrimaryIpPrice& ip);
void from_json(const nlohmann::json& json, Pricing& pricing);

}  // namespace hetzner
