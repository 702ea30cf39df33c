#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace faults {

/// Polls repeat as often as time allows: the first two stand for all.
constexpr int polls_looked_at = 2;

/// What is done to one run. `strict`: the run must then end just as the clean one.
struct Fault {
  enum class Kind { none, hetzner, tailnet, homeserver, commit, send };
  Kind kind = Kind::none;
  int serial = 0;                                  ///< its number among the operation's faults, from 1
  std::string where;                               ///< "POST /v1/servers (1st): killed before its effect"
  nlohmann::json plan = nlohmann::json::object();  ///< of a request: POST /_sim/faults; "kill": true stands
                                                   ///< for the bot's process id
  nlohmann::json first = nullptr;                  ///< a plan that goes before it; null = none
  int number = 0;                                  ///< of a commit or send, from 1
  bool after = false;                              ///< the commit is written; the message was acknowledged
  bool strict = true;
  bool is_certain = true;  ///< whether it always happens: the clean run's second poll may have no like
};

/// What the clean run did, from which the boundaries follow.
struct CleanRun {
  nlohmann::json hetzner_requests;
  nlohmann::json tailnet_requests;
  nlohmann::json homeserver_requests = nlohmann::json::array();
  int commits = 0;
  nlohmann::json world;
  std::vector<std::string> replies;
};

/// Every fault at every boundary of the clean run. Boundaries are counted into `boundaries`. Where a
/// homeserver is between, what it does is disturbed in every way, and at the other boundaries the bot is
/// killed only.
std::vector<Fault> faults_of(const CleanRun& clean, int& boundaries);

}  // namespace faults
