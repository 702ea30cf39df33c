#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hetzner/simulator/catalogue.hpp"
#include "hetzner/simulator/model.hpp"
#include "hetzner/simulator/simulator.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"

namespace hetzner::simulator {

class Project;

/// What somebody set over the catalogue for one type in one location.
struct Stock {
  std::string type, location;
  int available = -1;  ///< what is shown: 0, 1 or -1 = the catalogue's
  std::string create;  ///< what happens: "ok", "412" or "" = as shown
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Stock, type, location, available, create)

/// What all projects share: the two clocks, ids, the catalogue with its stock, and who is told when a
/// machine comes up or goes down.
class World {
 public:
  World(net::Executor executor, net::Clock& clock, Options options);
  ~World();

  [[nodiscard]] net::Time now() const { return clock.now(); }
  /// Whole seconds, like every `created`: the clock plus what /_sim/clock added.
  [[nodiscard]] net::Time billing_time() const { return billing_time(now()); }
  [[nodiscard]] net::Time billing_time(net::Time at) const;
  [[nodiscard]] net::Duration scaled(double seconds) const;

  Id next_id() { return ++last_id; }
  Id next_action_id() { return ++last_action_id; }
  /// The lowest address of the pool that nobody has; throws Refusal when there is none.
  std::string free_ipv4() const;
  [[nodiscard]] bool is_shown_available(const ServerType& type, const Offer& offer) const;
  [[nodiscard]] bool is_in_stock(const ServerType& type, const Offer& offer) const;
  [[nodiscard]] const Stock* find_stock(const std::string& type, const std::string& location) const;

  Project* find_project(const std::string& token, bool& read_only);
  /// Lets everything happen that is due, in all projects, and saves it.
  void settle();
  [[nodiscard]] net::Time next_event() const;
  /// Writes the state file, when there is one, before anything is answered.
  void save() const;

  net::Executor executor;
  net::Clock& clock;
  const Options options;
  const Catalogue catalogue;
  net::Random random;
  net::Signal changed;  ///< something may be due earlier than before
  std::vector<std::unique_ptr<Project>> projects;

  bool closed = false;  ///< the simulator is gone: what still runs must not touch its file
  net::Duration advanced{};
  Id last_id, last_action_id;
  std::vector<Stock> stock;
  /// A type is the larger half of every server that is shown; render.cpp makes it once, until stock changes.
  mutable std::map<Id, nlohmann::json> shown_types;
  Behaviour behaviour;  ///< of servers created from now on

  std::function<void(Project&, Server&)> on_started, on_stopped, on_behaved;
  std::function<void(Project&, Action&)> on_begun;  ///< with a hook: run it
};

}  // namespace hetzner::simulator
