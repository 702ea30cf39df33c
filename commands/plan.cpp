#include "commands/plan.hpp"

#include <algorithm>

#include "commands/card.hpp"

namespace commands {

std::vector<std::string> Plan::types() const {
  std::vector<std::string> types{type};
  for (const auto& other : others) types.push_back(other.type);
  return types;
}

Plan Plan::with(const std::string& other) const {
  auto plan = *this;
  const auto found =
      std::find_if(others.begin(), others.end(), [&](const Sold& one) { return one.type == other; });
  if (found == others.end()) return plan;
  plan.type = found->type;
  plan.architecture = found->architecture;
  plan.cores = found->cores;
  plan.memory_gb = found->memory_gb;
  plan.hourly = found->hourly;
  plan.monthly = found->monthly;
  plan.others.clear();
  return plan;
}

hetzner::Money shown(const Settings& settings, const hetzner::Price& price) {
  return settings.gross ? price.gross : price.net;
}

std::string hourly_text(hetzner::Money amount, const std::string& currency) {
  return hetzner::with_currency(amount, currency, 4) + "/h";
}

storage::SessionRow session_of(const storage::OperationRow& operation, const Plan& planned,
                               hetzner::ServerId server, const std::string& type, net::Time created) {
  const auto plan = planned.with(type);
  storage::SessionRow session;
  session.server_id = server.value;
  session.workspace = operation.workspace;
  session.operation = operation.id;
  session.type = plan.type;
  session.location = plan.location;
  session.image = std::to_string(plan.image.value);
  session.hourly = plan.hourly.raw();
  session.monthly = plan.monthly.raw();
  session.currency = plan.currency;
  session.created = created;
  return session;
}

bool is_image_id(const std::string& image) {
  return !image.empty() && image.size() < 16 && image.find_first_not_of("0123456789") == std::string::npos;
}

std::string pin_text(const Services& world, const Plan& plan) {
  if (!is_image_id(plan.flavour)) return "";
  return "\n  it stays with this image until image=FLAVOUR is said, as image=" + world.settings.image +
         ", which takes the newest again";
}

hetzner::Money kept_monthly(const Services& world, const Offer& offer, const std::string& location,
                            int volume_gb) {
  return volume_monthly(world, offer, volume_gb) + address_monthly(world, offer, location);
}

hetzner::Money volume_monthly(const Services& world, const Offer& offer, int volume_gb) {
  return shown(world.settings, offer.pricing.volume_gb_month) * volume_gb;
}

hetzner::Money address_monthly(const Services& world, const Offer& offer, const std::string& location) {
  const auto* price = offer.ipv4_price(location);
  return price ? shown(world.settings, price->monthly) : hetzner::Money();
}

namespace {

/// "new and kept when it is down: 20 GB volume as /home, IPv4 address".
std::string what_is_new(const Plan& plan) {
  const auto volume = std::to_string(plan.volume_gb) + " GB volume as /home";
  if (plan.has_volume) return "new is the IPv4 address; kept when it is down, with the " + volume;
  if (plan.has_address) return "new is the " + volume + "; kept when it is down, with the IPv4 address";
  return "new and kept when it is down: " + volume + ", IPv4 address";
}

}  // namespace

std::string announcement(const Services& world, const Plan& plan) {
  const auto money = [&](hetzner::Money amount) { return hetzner::with_currency(amount, plan.currency, 2); };
  auto text = plan.hostname + " comes up: " + hardware(plan, world.clock.now());
  if (!plan.replaced.empty()) text += "\n  " + plan.replaced;
  text += "\n  " + hourly_text(plan.hourly, plan.currency) + " for every started hour, at most " +
          money(plan.monthly) + " a month" + (world.settings.gross ? " (gross)" : " (net)") +
          "; an estimate from Hetzner's prices";
  if (plan.is_first)
    text += "\n  " + what_is_new(plan) + ": " + money(plan.kept_monthly) +
            " a month\n  what survives `down`: /home" + kept_directories(world.settings) +
            ", ssh host keys; nothing else on the root disk";
  text += pin_text(world, plan);
  if (!plan.has_contract)
    text += "\n  the image has no label devbox-contract=1: it may not know how to start";
  if (!world.settings.notice.empty()) text += "\n  " + world.settings.notice;
  return text;
}

}  // namespace commands
