#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/settings.hpp"
#include "hetzner/cloud.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"

namespace commands {

/// What seldom changes in the Hetzner project and is therefore read at start and daily, not by every
/// command: prices that are on no server type, and the ssh keys and firewalls that servers get.
struct Offer {
  hetzner::Pricing pricing;
  std::vector<hetzner::SshKey> ssh_keys;
  std::vector<hetzner::Firewall> firewalls;

  /// Those named, by name or id, and a person's own. Without any of both all keys of the project but what
  /// carries the label devbox-bot, for that is somebody's own. Throws Error when one that is named is not in
  /// the project, or when no key is left: a server without one would mail a root password.
  std::vector<hetzner::SshKeyId> keys_named(const std::vector<std::string>& names,
                                            const std::vector<hetzner::SshKeyId>& own) const;
  std::vector<hetzner::FirewallId> firewalls_named(const std::vector<std::string>& names) const;
  /// Of an IPv4 in `location`; nullptr when it is not sold there.
  [[nodiscard]] const hetzner::Pricing::PrimaryIpPrice* ipv4_price(const std::string& location) const;
};

/// What was read, and when.
template <class T>
struct Seen {
  T value;
  net::Time at;
};

/// The Offer, kept fresh, and what is sold and which snapshots there are, as last seen: a query is answered
/// from memory where asking again would tell nothing new or the project's requests run low.
class Project {
 public:
  Project(net::Executor executor, hetzner::Cloud& cloud, net::Clock& clock, net::Random& random)
      : cloud_(cloud), clock_(clock), random_(random), changed_(executor) {}

  /// Reads at once and then daily, repeating what fails; runs for the life of the process.
  net::awaitable<void> keep_fresh();
  /// The last offer read; before the first one, reads it now and throws what that throws.
  net::awaitable<Offer> offer();
  [[nodiscard]] const std::optional<Offer>& last() const { return offer_; }
  /// Read now: what was read before has turned out to be wrong.
  net::awaitable<Offer> offer_now();
  /// Called with every new offer.
  std::function<void(const Offer&)> on_read = [](const auto&) {};

  using Types = std::vector<hetzner::ServerType>;
  using Images = std::vector<hetzner::Image>;
  /// Read now, and remembered.
  net::awaitable<Types> types_now();
  /// For who only wants to know: of the last minute; older when requests run low or Hetzner is silent.
  net::awaitable<Seen<Types>> types();
  /// Snapshots of every flavour, newest first.
  net::awaitable<Seen<Images>> images();
  /// Some were deleted: the next one who wants to know asks.
  void forget_images() { images_.reset(); }
  [[nodiscard]] const std::optional<Seen<Types>>& last_types() const { return types_; }

 private:
  net::awaitable<void> read();
  /// Whether what was seen then is good enough to answer with.
  [[nodiscard]] bool will_do(net::Time seen) const;

  hetzner::Cloud& cloud_;
  net::Clock& clock_;
  net::Random& random_;
  std::optional<Offer> offer_;
  std::optional<Seen<Types>> types_;
  std::optional<Seen<Images>> images_;
  std::shared_ptr<bool> is_reading_ = std::make_shared<bool>(false);
  net::Signal changed_;
};

}  // namespace commands
