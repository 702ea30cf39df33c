#include "hetzner/types.hpp"

#include <algorithm>
#include <stdexcept>

#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

using namespace reading;

template <class Tag>
std::optional<Id<Tag>> find_id(const Json& object, std::string_view key) {
  const auto value = find_integer(object, key);
  if (!value) return std::nullopt;
  return Id<Tag>{*value};
}

/// The name inside a nested object: `location`, `server_type`; "" when it is null.
std::string name_in(const Json& object, std::string_view key) {
  const auto* nested = find(object, key);
  return nested ? text(*nested, "name") : "";
}

bool delete_protected(const Json& object) {
  const auto* protection = find(object, "protection");
  return protection && flag(*protection, "delete");
}

Money money(const Json& object, std::string_view key) {
  const auto written = required_text(object, key);
  try {
    return Money::parse(written);
  } catch (const std::invalid_argument&) {
    unreadable(key, "an amount of money");
  }
}

Price price(const Json& object, std::string_view key) {
  const auto& both = required(object, key);
  return {money(both, "net"), money(both, "gross")};
}

std::optional<Time> unavailable_after(const Json& object) {
  const auto* deprecation = find(object, "deprecation");
  return deprecation ? find_time(*deprecation, "unavailable_after") : std::nullopt;
}

}  // namespace

const LocationPrice* ServerType::price_in(const std::string& location) const {
  const auto found = std::find_if(prices.begin(), prices.end(),
                                  [&](const LocationPrice& one) { return one.location == location; });
  return found == prices.end() ? nullptr : &*found;
}

bool ServerType::is_orderable(const std::string& location, Time now) const {
  return std::any_of(locations.begin(), locations.end(), [&](const TypeLocation& one) {
    return one.name == location && one.available && !(one.unavailable_after && *one.unavailable_after <= now);
  });
}

void from_json(const Json& json, LocationPrice& one) {
  one.location = required_text(json, "location");
  one.hourly = price(json, "price_hourly");
  one.monthly = price(json, "price_monthly");
}

void from_json(const Json& json, TypeLocation& one) {
  one.name = required_text(json, "name");
  one.available = flag(json, "available");
  one.recommended = flag(json, "recommended");
  one.unavailable_after = unavailable_after(json);
}

void from_json(const Json& json, ServerType& type) {
  type.id = required_integer(json, "id");
  type.name = required_text(json, "name");
  type.category = text(json, "category");
  type.cpu_type = text(json, "cpu_type");
  type.architecture = text(json, "architecture");
  type.cores = static_cast<int>(number(json, "cores"));
  type.memory_gb = number(json, "memory");
  type.disk_gb = static_cast<int>(number(json, "disk"));
  type.prices = list<LocationPrice>(json, "prices");
  type.locations = list<TypeLocation>(json, "locations");
}

void from_json(const Json& json, Location& location) {
  location.id = required_integer(json, "id");
  location.name = required_text(json, "name");
  location.city = text(json, "city");
  location.country = text(json, "country");
  location.network_zone = text(json, "network_zone");
}

void from_json(const Json& json, Image& image) {
  image.id = ImageId{required_integer(json, "id")};
  image.type = text(json, "type");
  image.status = text(json, "status");
  image.name = find_text(json, "name");
  image.description = text(json, "description");
  image.architecture = text(json, "architecture");
  image.image_size_gb = number(json, "image_size");
  image.disk_gb = static_cast<int>(number(json, "disk_size"));
  image.created = find_time(json, "created").value_or(Time{});
  image.delete_protected = delete_protected(json);
  image.labels = labels(json);
}

void from_json(const Json& json, Volume& volume) {
  volume.id = VolumeId{required_integer(json, "id")};
  volume.name = required_text(json, "name");
  volume.size_gb = static_cast<int>(number(json, "size"));
  volume.location = name_in(json, "location");
  volume.linux_device = text(json, "linux_device");
  volume.server = find_id<ServerTag>(json, "server");
  volume.created = find_time(json, "created").value_or(Time{});
  volume.delete_protected = delete_protected(json);
  volume.labels = labels(json);
}

void from_json(const Json& json, PrimaryIp& ip) {
  ip.id = PrimaryIpId{required_integer(json, "id")};
  ip.name = required_text(json, "name");
  ip.type = text(json, "type");
  ip.ip = text(json, "ip");
  ip.location = name_in(json, "location");
  // assignee_type is "unassigned" beside a null id, and may name a load balancer.
  const auto kind = text(json, "assignee_type");
  if (kind.empty() || kind == "server") ip.assignee = find_id<ServerTag>(json, "assignee_id");
  ip.created = find_time(json, "created").value_or(Time{});
  ip.auto_delete = flag(json, "auto_delete");
  ip.delete_protected = delete_protected(json);
  ip.labels = labels(json);
}

void from_json(const Json& json, Server& server) {
  server.id = ServerId{required_integer(json, "id")};
  server.name = required_text(json, "name");
  server.status = text(json, "status");
  server.server_type = name_in(json, "server_type");
  server.location = name_in(json, "location");
  const auto* net = find(json, "public_net");
  const auto* ipv4 = net ? find(*net, "ipv4") : nullptr;
  if (ipv4) server.ipv4 = find_text(*ipv4, "ip");
  for (const auto id : list<std::int64_t>(json, "volumes")) server.volumes.push_back(VolumeId{id});
  const auto created = find_time(json, "created");
  if (!created) unreadable("created", "there");
  server.created = *created;
  server.labels = labels(json);
}

void from_json(const Json& json, SshKey& key) {
  key.id = SshKeyId{required_integer(json, "id")};
  key.name = required_text(json, "name");
  key.fingerprint = text(json, "fingerprint");
  key.public_key = text(json, "public_key");
  key.labels = labels(json);
}

void from_json(const Json& json, Firewall& firewall) {
  firewall.id = FirewallId{required_integer(json, "id")};
  firewall.name = required_text(json, "name");
  firewall.labels = labels(json);
}

void from_json(const Json& json, Action& action) {
  action.id = ActionId{required_integer(json, "id")};
  action.command = text(json, "command");
  action.status = required_text(json, "status");
  action.progress = static_cast<int>(number(json, "progress"));
  const auto* error = find(json, "error");
  if (!error) return;
  action.error_code = text(*error, "code");
  action.error_message = text(*error, "message");
}

void from_json(const Json& json, Pricing::PrimaryIpPrice& ip) {
  ip.location = required_text(json, "location");
  ip.hourly = price(json, "price_hourly");
  ip.monthly = price(json, "price_monthly");
}

void from_json(const Json& json, Pricing& pricing) {
  pricing.currency = required_text(json, "currency");
  pricing.volume_gb_month = price(required(json, "volume"), "price_per_gb_month");
  pricing.image_gb_month = price(required(json, "image"), "price_per_gb_month");
  pricing.primary_ips.clear();
  for (const auto& kind : list<Json>(json, "primary_ips"))
    for (auto& one : list<Pricing::PrimaryIpPrice>(kind, "prices")) {
      one.type = text(kind, "type");
      pricing.primary_ips.push_back(std::move(one));
    }
}

}  // namespace hetzner
