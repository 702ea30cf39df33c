#include "hetzner/simulator/world.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <set>
#include <stdexcept>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/shape.hpp"
#include "hetzner/simulator/state_file.hpp"

namespace hetzner::simulator {

World::World(net::Executor given_executor, net::Clock& given_clock, Options given_options)
    : executor(given_executor),
      clock(given_clock),
      options(std::move(given_options)),
      catalogue(options.catalogue_file),
      random(options.seed),
      changed(given_executor),
      last_id(117'748'800),
      last_action_id(606'028'482'673'800) {
  if (options.tokens.empty()) throw std::runtime_error("hetzner-sim needs the token of one project at least");
  if (options.shape != older_shape && options.shape != 2026)
    throw std::runtime_error("the shape must be 2025 or 2026");
  if (!(options.speed > 0)) throw std::runtime_error("the speed must be more than 0");
  for (const auto& token : options.tokens) projects.push_back(std::make_unique<Project>(*this, token));
  if (options.state_file.empty() || !load(*this, options.state_file)) {
    for (auto& project : projects) project->furnish(project == projects.front());
    save();
  }
}
World::~World() = default;

net::Time World::billing_time(net::Time at) const {
  return std::chrono::floor<std::chrono::seconds>(at + advanced);
}

net::Duration World::scaled(double seconds) const {
  return net::Duration(static_cast<std::int64_t>(seconds * 1000 / options.speed));
}

std::string World::free_ipv4() const {
  std::set<std::string> taken;
  for (const auto& project : projects)
    for (const auto& [id, ip] : project->held.primary_ips) taken.insert(ip.ip);
  const auto hosts = boost::asio::ip::make_network_v4(options.ipv4_pool).hosts();
  for (auto host = hosts.begin(); host != hosts.end(); ++host) {
    auto address = host->to_string();
    if (!taken.contains(address)) return address;
  }
  throw Refusal(403, "resource_limit_exceeded", "Primary IP limit exceeded",
                {{"limits", nlohmann::json::array({{{"name", "primary_ip_limit"}}})}});
}

const Stock* World::find_stock(const std::string& type, const std::string& location) const {
  const auto found = std::find_if(stock.begin(), stock.end(), [&](const Stock& each) {
    return each.type == type && each.location == location;
  });
  return found == stock.end() ? nullptr : &*found;
}

bool World::is_shown_available(const ServerType& type, const Offer& offer) const {
  const auto* set = find_stock(type.name, offer.location);
  return set && set->available >= 0 ? set->available == 1 : offer.available;
}

bool World::is_in_stock(const ServerType& type, const Offer& offer) const {
  const auto* set = find_stock(type.name, offer.location);
  return set && !set->create.empty() ? set->create == "ok" : is_shown_available(type, offer);
}

Project* World::find_project(const std::string& token, bool& read_only) {
  for (std::size_t i = 0; i < projects.size(); ++i) {
    read_only = i < options.read_only_tokens.size() && options.read_only_tokens[i] == token;
    if (read_only || options.tokens[i] == token) return projects[i].get();
  }
  return nullptr;
}

void World::settle() {
  const auto time = now();
  bool happened = false;
  for (auto& project : projects) happened = project->settle(time) || happened;
  if (happened) save();
}

net::Time World::next_event() const {
  auto next = never;
  for (const auto& project : projects) next = std::min(next, project->next_event());
  return next;
}

void World::save() const {
  if (!options.state_file.empty() && !closed) write(*this, options.state_file);
}

}  // namespace hetzner::simulator
