#include "commands/plan.hpp"

#include <algorithm>

#include "commands/card.hpp"
#include "commands/nearest.hpp"
#include "commands/times.hpp"

namespace commands {
namespace {

using hetzner::ServerType;

std::string option_or(const Request& ask, const std::string& key, const std::string& otherwise) {
  const auto found = ask.options.find(key);
  return found == ask.options.end() ? otherwise : found->second;
}

hetzner::Money shown(const Services& world, const hetzner::Price& price) {
  return world.settings.gross ? price.gross : price.net;
}

std::string location_of(const Services& world, const storage::WorkspaceRow& workspace, const Request& ask) {
  if (workspace.location.empty()) return option_or(ask, "location", world.settings.location);
  const auto wanted = option_or(ask, "location", workspace.location);
  if (wanted != workspace.location)
    throw Error(
        workspace.hostname + "'s volume and address are in " + workspace.location +
        " and cannot leave it. Leave location= out, or bring up another workspace: up NAME location=" +
        wanted);
  return wanted;
}

/// "cpx22 (€0.0312/h), cpx32 (€0.0569/h), …": the cheapest that can be ordered in the location.
std::string orderable(const Services& world, std::vector<const ServerType*> types, const Plan& plan) {
  const auto price = [&](const ServerType* type) {
    return shown(world, type->price_in(plan.location)->hourly);
  };
  std::sort(types.begin(), types.end(), [&](const auto* a, const auto* b) { return price(a) < price(b); });
  std::string list;
  for (const auto* type : types)
    list += (list.empty() ? "" : ", ") + type->name + " (" +
            hetzner::with_currency(price(type), plan.currency, 4) + "/h)";
  return list.empty() ? "nothing" : list;
}

const ServerType& sold_type(const Services& world, const std::vector<ServerType>& types, const Plan& plan,
                            const std::string& wanted) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> sold_names;
  std::vector<const ServerType*> sold;
  const ServerType* found = nullptr;
  for (const auto& type : types) {
    names.push_back(type.name);
    if (type.name == wanted) found = &type;
    if (!type.is_orderable(plan.location, world.clock.now()) || !type.price_in(plan.location)) continue;
    sold.push_back(&type);
    sold_names.push_back(type.name);
  }
  if (!found) {
    auto near = nearest(wanted, sold_names);
    if (!near) near = nearest(wanted, names);
    throw Error("There is no server type \"" + wanted + "\"" +
                (near ? "; did you mean " + *near + "?" : ".") + " Sold in " + plan.location +
                " now: " + orderable(world, sold, plan) + ".");
  }
  if (std::find(sold.begin(), sold.end(), found) == sold.end())
    throw Error(wanted + " cannot be ordered in " + plan.location +
                " now. Nothing was made. Sold there: " + orderable(world, sold, plan) + ".");
  return *found;
}

void take_type(const Services& world, Plan& plan, const ServerType& type) {
  const auto& price = *type.price_in(plan.location);
  plan.type = type.name;
  plan.architecture = type.architecture;
  plan.cores = type.cores;
  plan.memory_gb = type.memory_gb;
  plan.hourly = shown(world, price.hourly);
  plan.monthly = shown(world, price.monthly);
}

void take_image(Plan& plan, const std::vector<hetzner::Image>& images, const ServerType& type) {
  if (images.empty())
    throw Error("No snapshot of the project is labelled os-flavor=" + plan.flavour +
                ". Build one, or name another flavour: up image=FLAVOUR");
  const auto fits = [&](const hetzner::Image& image) {
    return image.architecture == type.architecture && image.disk_gb <= type.disk_gb;
  };
  const auto newest = std::find_if(images.begin(), images.end(), fits);
  if (newest == images.end())
    throw Error("No snapshot labelled os-flavor=" + plan.flavour + " fits " + type.name + " (" +
                type.architecture + ", " + std::to_string(type.disk_gb) + " GB disk). The newest is for " +
                images.front().architecture + " and needs " + std::to_string(images.front().disk_gb) +
                " GB. Choose another type or image=FLAVOUR.");
  plan.image = newest->id;
  plan.image_created = storage::to_ms(newest->created);
  const auto contract = newest->labels.find("devbox-contract");
  plan.has_contract = contract != newest->labels.end() && contract->second == "1";
}

}  // namespace

hetzner::Money kept_monthly(const Services& world, const Offer& offer, const std::string& location,
                            int volume_gb) {
  auto sum = shown(world, offer.pricing.volume_gb_month) * volume_gb;
  if (const auto* ip = offer.ipv4_price(location)) sum += shown(world, ip->monthly);
  return sum;
}

net::awaitable<Plan> preflight(const Operation& op, Services& world, const Request& ask) {
  const auto workspace = op.workspace();
  const auto offer = co_await world.project.offer();
  Plan plan;
  plan.hostname = workspace.hostname;
  plan.location = location_of(world, workspace, ask);
  plan.flavour = option_or(ask, "image", world.settings.image);
  plan.currency = offer.pricing.currency;
  plan.is_first = workspace.volume_id == 0;
  plan.volume_gb = workspace.volume_gb ? workspace.volume_gb : world.settings.volume_gb;
  plan.kept_monthly = kept_monthly(world, offer, plan.location, plan.volume_gb);
  if (!offer.ipv4_price(plan.location))
    throw Error("Hetzner has no location \"" + plan.location +
                "\" that sells IPv4 addresses. Nothing was made.");
  offer.keys_named(world.settings.ssh_keys);
  offer.firewalls_named(world.settings.firewalls);

  const auto types = co_await world.cloud.server_types();
  const auto& type = sold_type(world, types, plan, option_or(ask, "type", world.settings.type));
  take_type(world, plan, type);
  const auto images = co_await world.cloud.snapshots(plan.flavour);
  take_image(plan, images, type);
  co_return plan;
}

std::string announcement(const Services& world, const Plan& plan) {
  const auto money = [&](hetzner::Money amount, int decimals) {
    return hetzner::with_currency(amount, plan.currency, decimals);
  };
  auto text = plan.hostname + " comes up: " + hardware(plan, world.clock.now()) + "\n  " +
              money(plan.hourly, 4) + "/h for every started hour, at most " + money(plan.monthly, 2) +
              " a month" + (world.settings.gross ? " (gross)" : " (net)") +
              "; an estimate from Hetzner's prices";
  if (plan.is_first)
    text += "\n  new and kept when it is down: " + std::to_string(plan.volume_gb) +
            " GB volume as /home, IPv4 address: " + money(plan.kept_monthly, 2) +
            " a month\n  what survives `down`: /home" + kept_directories(world.settings) +
            ", ssh host keys; nothing else on the root disk";
  if (!plan.has_contract)
    text += "\n  the image has no label devbox-contract=1: it may not know how to start";
  if (!world.settings.notice.empty()) text += "\n  " + world.settings.notice;
  return text;
}

}  // namespace commands
