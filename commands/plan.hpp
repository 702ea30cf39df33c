#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/request.hpp"
#include "commands/services.hpp"
#include "hetzner/pricing.hpp"

namespace commands {

/// A server type as it is sold in a plan's location, prices as shown.
struct Sold {
  std::string type;
  std::string architecture;
  int cores = 0;
  double memory_gb = 0;
  int disk_gb = 0;
  hetzner::Money hourly;
  hetzner::Money monthly;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(Sold, type, architecture, cores, memory_gb, disk_gb, hourly,
                                              monthly)
};

/// What an `up` has decided before any money is spent; stored by its first step, so that a replay decides
/// the same. Prices as shown: net or gross by configuration.
struct Plan {
  std::string hostname;
  std::string location;
  std::string type;
  std::string architecture;
  int cores = 0;
  double memory_gb = 0;
  std::string replaced;      ///< why it is not the type that was asked for, a sentence; "" = it is
  std::vector<Sold> others;  ///< tried in this order where Hetzner has no room for `type`
  hetzner::ImageId image;
  std::string flavour;
  std::int64_t image_created = 0;  ///< unix ms
  bool has_contract = true;        ///< the image says that it knows what we expect of it
  hetzner::Money hourly;
  hetzner::Money monthly;
  std::string currency;
  int volume_gb = 0;
  hetzner::Money kept_monthly;  ///< volume and IPv4, also while the workspace is down
  bool is_first = false;        ///< volume or address have to be made
  bool has_volume = false;
  bool has_address = false;
  std::string consent;  ///< why somebody else has to allow it first; "" = nobody has to
  // With defaults, for a version before this one may have stored it.
  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(Plan, hostname, location, type, architecture, cores, memory_gb,
                                              replaced, others, image, flavour, image_created, has_contract,
                                              hourly, monthly, currency, volume_gb, kept_monthly, is_first,
                                              has_volume, has_address, consent)

  [[nodiscard]] hetzner::Rate rate() const { return {hourly, monthly}; }
  /// Types in the order in which they are tried.
  [[nodiscard]] std::vector<std::string> types() const;
  /// The same plan with one of `others` as its type; with `type` itself nothing changes.
  [[nodiscard]] Plan with(const std::string& other) const;
};

/// Checks all that can be known before money: the type, or what takes its place, is sold in the location, the
/// newest snapshot fits it, keys and firewalls exist. Two requests. Throws Error with the sentence to read,
/// SoldOut when nothing of the kind can be ordered.
net::awaitable<Plan> preflight(Services& world, storage::WorkspaceRow workspace, const Request& ask);

/// One side of a price, by configuration.
hetzner::Money shown(const Settings& settings, const hetzner::Price& price);
/// "€0.0569".
std::string hourly_text(hetzner::Money amount, const std::string& currency);

/// Whether image= names one snapshot, by its number, and not a flavour.
bool is_image_id(const std::string& image);
/// That the image is one that was named once and will be taken for ever, and how that ends; "" where it is
/// the newest of its flavour. A line of its own.
std::string pin_text(const Services& world, const Plan& plan);

/// What is about to be made and what it costs; the first line of an `up`.
std::string announcement(const Services& world, const Plan& plan);

/// The life of a server of that type that was made by this plan, as it is billed.
storage::SessionRow session_of(const storage::OperationRow& operation, const Plan& planned,
                               hetzner::ServerId server, const std::string& type, net::Time created);

/// Each per month, as shown.
hetzner::Money volume_monthly(const Services& world, const Offer& offer, int volume_gb);
hetzner::Money address_monthly(const Services& world, const Offer& offer, const std::string& location);
/// Volume and IPv4 of a workspace per month, as shown.
hetzner::Money kept_monthly(const Services& world, const Offer& offer, const std::string& location,
                            int volume_gb);

}  // namespace commands
