#include "commands/project.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/system/system_error.hpp>

#include "commands/request.hpp"
#include "net/backoff.hpp"

namespace commands {
namespace {

constexpr net::Duration fresh_for = std::chrono::hours(24);
constexpr net::Duration answers_for = std::chrono::minutes(1);
constexpr net::Duration first_retry = std::chrono::seconds(1);
constexpr net::Duration longest_project_retry = std::chrono::minutes(5);

template <class T>
auto ids_named(const std::vector<T>& all, const std::vector<std::string>& names, const std::string& kind) {
  std::vector<decltype(T::id)> ids;
  for (const auto& name : names) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) {
      return one.name == name || std::to_string(one.id.value) == name;
    });
    if (found == all.end())
      throw Error("The " + kind + " \"" + name + "\" of the configuration is not in the Hetzner project. " +
                  "Add it there, or take its name out of the configuration.");
    ids.push_back(found->id);
  }
  return ids;
}

}  // namespace

std::vector<hetzner::SshKeyId> Offer::keys_named(const std::vector<std::string>& names,
                                                 const std::vector<hetzner::SshKeyId>& own) const {
  auto ids = ids_named(ssh_keys, names, "ssh key");
  ids.insert(ids.end(), own.begin(), own.end());
  if (names.empty())
    for (const auto& key : ssh_keys)
      if (!key.labels.contains("devbox-bot")) ids.push_back(key.id);
  if (ids.empty())
    throw Error(
        "There is no ssh key for this server, so nobody could log in. `key add` and your public key adds "
        "yours. Nothing was made.");
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<hetzner::FirewallId> Offer::firewalls_named(const std::vector<std::string>& names) const {
  return ids_named(firewalls, names, "firewall");
}

const hetzner::Pricing::PrimaryIpPrice* Offer::ipv4_price(const std::string& location) const {
  for (const auto& price : pricing.primary_ips)
    if (price.type == "ipv4" && price.location == location) return &price;
  return nullptr;
}

net::awaitable<void> Project::keep_fresh() {
  net::Backoff backoff(random_, first_retry, longest_project_retry);
  for (;;) {
    net::Duration pause = fresh_for;
    try {
      co_await read();
      backoff.reset();
    } catch (const boost::system::system_error&) {
      throw;  // cancelled
    } catch (const std::exception& error) {
      spdlog::warn("prices, ssh keys and firewalls could not be read: {}", error.what());
      pause = backoff.next();
    }
    co_await clock_.sleep_for(pause);
  }
}

net::awaitable<Offer> Project::offer() {
  while (!offer_ && *is_reading_) co_await changed_.wait();
  if (!offer_) co_await read();
  co_return *offer_;
}

net::awaitable<Offer> Project::offer_now() {
  co_await read();
  co_return *offer_;
}

net::awaitable<void> Project::read() {
  // Shared, for at the end of the process this coroutine may be destroyed after the Project.
  struct Reading {
    std::shared_ptr<bool> now;
    net::Signal changed;
    ~Reading() {
      *now = false;
      changed.notify();
    }
  };
  *is_reading_ = true;
  const Reading reading{is_reading_, changed_};
  Offer offer;
  offer.pricing = co_await cloud_.pricing();
  offer.ssh_keys = co_await cloud_.ssh_keys();
  offer.firewalls = co_await cloud_.firewalls();
  offer_ = std::move(offer);
  on_read(*offer_);
}

net::awaitable<Project::Types> Project::types_now() {
  const auto types = co_await cloud_.server_types();
  types_ = Seen<Types>{types, clock_.now()};
  co_return types;
}

bool Project::will_do(net::Time seen) const {
  return clock_.now() < seen + answers_for || cloud_.budget().is_low() || cloud_.silent_since();
}

net::awaitable<Seen<Project::Types>> Project::types() {
  if (!types_ || !will_do(types_->at)) co_await types_now();
  co_return *types_;
}

net::awaitable<Seen<Project::Images>> Project::images() {
  if (!images_ || !will_do(images_->at)) {
    const auto images = co_await cloud_.snapshots();
    images_ = Seen<Images>{images, clock_.now()};
  }
  co_return *images_;
}

}  // namespace commands
