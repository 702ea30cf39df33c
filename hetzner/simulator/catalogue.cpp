#include "hetzner/simulator/catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

#include "hetzner/simulator/units.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

json parsed(const std::string& file) {
  if (file.empty()) return json::parse(built_in_catalogue);
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read the catalogue " + file);
  return json::parse(stream);
}

Offer offer_of(const json& price, const std::string& location) {
  constexpr double terabyte = 1e12;
  Offer offer;
  offer.location = location;
  offer.hourly = money(price.at("hourly"));
  offer.monthly = money(price.at("monthly"));
  offer.traffic = static_cast<std::int64_t>(price.value("traffic_tb", 20.0) * terabyte);
  offer.available = price.value("available", true);
  offer.recommended = price.value("recommended", false);
  offer.deprecated = price.value("deprecated", false);
  return offer;
}

ServerType type_of(const json& text, const json& locations) {
  ServerType type;
  text.at("id").get_to(type.id);
  text.at("name").get_to(type.name);
  text.at("description").get_to(type.description);
  text.at("category").get_to(type.category);
  text.at("cpu_type").get_to(type.cpu_type);
  text.at("architecture").get_to(type.architecture);
  text.at("cores").get_to(type.cores);
  text.at("memory").get_to(type.memory);
  text.at("disk").get_to(type.disk);
  const auto& prices = text.at("prices");
  for (const auto& location : locations) {
    const auto price = prices.find(location.at("region").get<std::string>());
    if (price != prices.end()) type.offers.push_back(offer_of(*price, location.at("name")));
  }
  return type;
}

/// Of its own, or the one that every place had: "fsn1-dc14".
json datacenter_of(const json& location) {
  const auto name = location.at("name").get<std::string>();
  const json usual = {{"id", location.at("id")}, {"name", name + "-dc1"}};
  auto datacenter = location.value("datacenter", usual);
  datacenter["description"] = location.at("city").get<std::string>() + " 1 virtual DC";
  return datacenter;
}

Image image_of(const json& text) {
  auto image = text.get<Image>();
  image.type = "system";
  image.created = net::Time(std::chrono::sys_days(std::chrono::year(2026) / 4 / 20));
  return image;
}

std::pair<Id, std::string> shown_id_and_name(const json& row) {
  return {row.at("id").get<Id>(), row.at("name").get<std::string>()};
}

template <class List, class Name>
auto find_in(const List& list, const json& id_or_name, Name id_and_name) -> decltype(&*list.begin()) {
  const auto id = find_id(id_or_name);
  for (const auto& each : list) {
    const auto [its_id, its_name] = id_and_name(each);
    if (id ? *id == its_id : id_or_name == its_name) return &each;
  }
  return nullptr;
}

}  // namespace

std::optional<Id> find_id(const json& id_or_name) {
  if (id_or_name.is_number_integer()) return id_or_name.get<Id>();
  if (!id_or_name.is_string()) return std::nullopt;
  const auto& text = id_or_name.get_ref<const std::string&>();
  Id id = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failure != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return id;
}

const Offer* ServerType::find_offer(const std::string& location) const {
  const auto found = std::find_if(offers.begin(), offers.end(),
                                  [&](const Offer& offer) { return offer.location == location; });
  return found == offers.end() ? nullptr : &*found;
}

Catalogue::Catalogue(const std::string& file) {
  try {
    read(parsed(file));
  } catch (const std::exception& error) {
    throw std::runtime_error("the catalogue " + file + " is not one: " + error.what());
  }
}

void Catalogue::read(const json& text) {
  text.at("currency").get_to(currency);
  text.at("vat_percent").get_to(vat_percent);
  text.at("retired_announced").get_to(retired_announced);
  text.at("retired_after").get_to(retired_after);
  volume_gb_month = money(text.at("volume_gb_month"));
  image_gb_month = money(text.at("image_gb_month"));
  ipv4_hourly = money(text.at("ipv4").at("hourly"));
  ipv4_monthly = money(text.at("ipv4").at("monthly"));
  const auto floating = text.value("floating_ip", json::object());
  floating_ipv4 = money(floating.value("ipv4", "0"));
  floating_ipv6 = money(floating.value("ipv6", "0"));
  for (const auto& type : text.at("server_types"))
    server_types.push_back(type_of(type, text.at("locations")));
  for (const auto& image : text.at("images")) images.push_back(image_of(image));
  isos = text.value("isos", json::array());
  snapshots = text.value("snapshots", json::array());
  ssh_key = text.value("ssh_key", json());
  locations = text.at("locations");
  for (auto& location : locations) {
    datacenters_[location.at("name")] = datacenter_of(location);
    location.erase("region");
    location.erase("datacenter");
  }
}

const ServerType* Catalogue::find_type(const json& id_or_name) const {
  return find_in(server_types, id_or_name,
                 [](const ServerType& type) { return std::pair(type.id, type.name); });
}

const json* Catalogue::find_location(const json& id_or_name) const {
  return find_in(locations, id_or_name, shown_id_and_name);
}

const json& Catalogue::datacenter(const std::string& location) const { return datacenters_.at(location); }

const json* Catalogue::find_iso(const json& id_or_name) const {
  return find_in(isos, id_or_name, shown_id_and_name);
}

const ServerType& Catalogue::type(const std::string& name) const {
  const auto* found = find_type(name);
  if (!found) throw std::runtime_error("the catalogue has no type " + name);
  return *found;
}

}  // namespace hetzner::simulator
