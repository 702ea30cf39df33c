#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hetzner/simulator/model.hpp"

namespace hetzner::simulator {

/// What a type costs in a location and whether it is sold there.
struct Offer {
  std::string location;
  std::int64_t hourly = 0;   ///< 1e-10 net
  std::int64_t monthly = 0;  ///< 1e-10 net, the cap of a calendar month
  std::int64_t traffic = 0;  ///< bytes included
  bool available = true;
  bool recommended = false;
  bool deprecated = false;  ///< its unavailable_after is past
};

struct ServerType {
  std::int64_t id = 0;
  std::string name, description, category, cpu_type, architecture;
  int cores = 0;
  double memory = 0;
  std::int64_t disk = 0;
  std::vector<Offer> offers;
  [[nodiscard]] const Offer* find_offer(const std::string& location) const;
};

/// What Hetzner sells: types, prices and locations, system images, and the snapshots and the key that a
/// new project starts with. Read from catalogue.json, or a file of the same shape.
class Catalogue {
 public:
  /// "" = the built-in one; throws std::runtime_error when the file is not a catalogue.
  explicit Catalogue(const std::string& file);

  std::string currency, retired_announced, retired_after;
  std::int64_t vat_percent = 0;
  std::int64_t volume_gb_month = 0, image_gb_month = 0, ipv4_hourly = 0, ipv4_monthly = 0;
  std::int64_t floating_ipv4 = 0, floating_ipv6 = 0;  ///< a month; shown and not sold
  nlohmann::json locations;  ///< as the API shows them
  std::vector<ServerType> server_types;
  std::vector<Image> images;  ///< of the system; `created` long ago
  nlohmann::json isos;        ///< as the API shows them
  nlohmann::json snapshots;   ///< [{description, os_flavor, age_s, image_size}]
  nlohmann::json ssh_key;     ///< {name, public_key}

  /// By id, numeric string or name.
  [[nodiscard]] const ServerType* find_type(const nlohmann::json& id_or_name) const;
  [[nodiscard]] const nlohmann::json* find_location(const nlohmann::json& id_or_name) const;
  /// {id, name, description} of a location's, of before 2026.
  [[nodiscard]] const nlohmann::json& datacenter(const std::string& location) const;
  [[nodiscard]] const nlohmann::json* find_iso(const nlohmann::json& id_or_name) const;
  [[nodiscard]] const ServerType& type(const std::string& name) const;

 private:
  void read(const nlohmann::json& text);
  std::map<std::string, nlohmann::json> datacenters_;  ///< by location
};

extern const char* const built_in_catalogue;

/// The id in a number or a numeric string.
std::optional<Id> find_id(const nlohmann::json& id_or_name);

}  // namespace hetzner::simulator
