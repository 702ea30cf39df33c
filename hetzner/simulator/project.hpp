#pragma once
#include <set>
#include <string>
#include <vector>

#include "hetzner/simulator/model.hpp"
#include "hetzner/simulator/rate_limit.hpp"
#include "hetzner/simulator/world.hpp"

namespace hetzner::simulator {

/// The state of one token: its resources, its running actions and what they do when their time has
/// come. Nothing here has a timer; `settle` catches up with the clock.
class Project {
 public:
  Project(World& world, std::string token) : world_(world), token_(std::move(token)) {}
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  [[nodiscard]] const std::string& token() const { return token_; }
  Holdings held;
  RateLimit rate_limit;

  /// What a new project has: the catalogue's snapshots, and in the first one its ssh key.
  void furnish(bool first);
  /// After loading: what was running runs on.
  void resume();

  /// The resource, or Refusal 404; a server that is being deleted is not found.
  Server& server(Id id);
  Volume& volume(Id id);
  PrimaryIp& primary_ip(Id id);
  Network& network(Id id);
  PlacementGroup& placement_group(Id id);
  Firewall& firewall(Id id);
  Server* find_server(Id id);
  /// A snapshot's or a system image's.
  const Image* find_image(Id id) const;
  const Image* find_image(const nlohmann::json& id_or_name, const std::string& architecture) const;
  [[nodiscard]] std::vector<Volume*> volumes_of(Id server);

  [[nodiscard]] bool has_running(Id id, const std::string& type) const;
  void require_unlocked(const Server& server) const;
  void require_unlocked(const Volume& volume) const;
  void require_unlocked(const PrimaryIp& ip) const;
  /// 409 conflict while the network itself is changed, which clients try again.
  void require_unchanging(const Network& network) const;

  /// Starts an action that takes so many seconds ÷ speed, after another one when it is given.
  Action& start(const std::string& command, std::vector<Resource> resources, double seconds, Id after = 0,
                std::int64_t amount = 0, const std::string& new_type = "");
  /// Ends the running actions of a server that is deleted while it is still made.
  void abandon(const Server& server);
  /// A backup becomes a snapshot, which no longer goes with its server and is paid for.
  void keep_backup(Image& backup);
  void hook_ended(Id action, bool well);

  void charge(Charge charge);
  void end_charge(Id id, const std::string& resource);

  void power_on(Server& server, net::Time at);
  void power_off(Server& server);

  /// True when something happened.
  bool settle(net::Time now);
  [[nodiscard]] net::Time next_event() const;

 private:
  void begin(Action& action, net::Time at);
  void end(Action& action, net::Time at);
  void take_effect(const Action& action, net::Time at);
  /// Of what is neither power nor disk: networks, reverse names, ISOs, groups, firewalls, backups.
  void take_settings(const Action& action, Server* server);
  void take_network(const Action& action, Network& network, Server* server);
  /// Gives back what was set aside for an action that failed.
  void give_back(const Action& action);
  void remove_backups(Id server);
  /// When there are more than its slots.
  void drop_oldest_backup(Id server);
  void remove_server(Id id);
  void finish_image(Id id);
  void charge_snapshot(const Image& image);
  /// Of a new disk: it boots as a machine that nobody has met.
  void rebuild(Server& server, const Action& action, net::Time at);
  /// Ends the price it had, which is the only way to lose one.
  void change_type(Server& server, const Action& action);
  void forget_old_actions();

  World& world_;
  std::string token_;
  std::set<Id> running_;
};

}  // namespace hetzner::simulator
