#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "commands/operation.hpp"
#include "commands/request.hpp"
#include "hetzner/pricing.hpp"

namespace commands {

/// What an `up` has decided before any money is spent; stored by its first step, so that a replay decides
/// the same. Prices as shown: net or gross by configuration.
struct Plan {
  std::string hostname;
  std::string location;
  std::string type;
  std::string architecture;
  int cores = 0;
  double memory_gb = 0;
  hetzner::ImageId image;
  std::string flavour;
  std::int64_t image_created = 0;  ///< unix ms
  bool has_contract = true;        ///< the image says that it knows what we expect of it
  hetzner::Money hourly;
  hetzner::Money monthly;
  std::string currency;
  int volume_gb = 0;
  hetzner::Money kept_monthly;  ///< volume and IPv4, also while the workspace is down
  bool is_first = false;        ///< volume and address have to be made
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Plan, hostname, location, type, architecture, cores, memory_gb, image,
                                 flavour, image_created, has_contract, hourly, monthly, currency, volume_gb,
                                 kept_monthly, is_first)

  [[nodiscard]] hetzner::Rate rate() const { return {hourly, monthly}; }
};

/// Checks all that can be known before money: the type is sold in the location, the newest snapshot fits
/// it, keys and firewalls exist. Two requests. Throws Error with the sentence to read.
net::awaitable<Plan> preflight(const Operation& op, Services& world, const Request& ask);

/// What is about to be made and what it costs; the first line of an `up`.
std::string announcement(const Services& world, const Plan& plan);

/// Volume and IPv4 of a workspace per month, as shown.
hetzner::Money kept_monthly(const Services& world, const Offer& offer, const std::string& location,
                            int volume_gb);

}  // namespace commands
