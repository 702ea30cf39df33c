#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "commands/idle.hpp"
#include "commands/runner.hpp"
#include "commands/starts.hpp"

namespace commands {

/// Looks at everything that runs, once a minute and whenever something is due: tells owners of idle and
/// silent workspaces, asks before a stop, and stops. What it has said is in the outbox under keys that name
/// the server and the stage, so that a restart says nothing twice.
class Keeper {
 public:
  Keeper(Services& world, Runner& runner) : world_(world), runner_(runner), starts_(world, runner) {}

  /// For the life of the process.
  net::awaitable<void> run();
  /// Everything that is due now; when to look again.
  net::Time look();

 private:
  /// Until when nothing of this one is due.
  net::Time look_at(const storage::StandingRow& row, net::Time now);
  net::Time tell_silence(const storage::StandingRow& row, const Verdict& verdict, net::Time now);
  /// With what Hetzner has measured, unless it was heard again meanwhile.
  net::awaitable<void> tell_measured(std::int64_t session, std::string stage);
  net::Time remind(const storage::StandingRow& row, const Verdict& verdict, net::Time now);
  void stop(const storage::StandingRow& row, const Verdict& verdict);
  void begin_down(const storage::StandingRow& row, const Verdict& verdict);
  void put_off(const storage::StandingRow& row, const std::string& kind, net::Time until,
               const std::string& why);
  /// Says it once, outside of its owner's quiet hours; when to come again, `otherwise` once it is said.
  net::Time say(const storage::StandingRow& row, const std::string& stage, net::Time otherwise,
                Message (*compose)(Services&, const storage::StandingRow&, const Verdict&),
                const Verdict& verdict);
  /// When to come again for a stage that is said already, or not now, in quiet hours; nullopt = say it.
  std::optional<net::Time> come_again(const storage::StandingRow& row, const std::string& stage,
                                      net::Time otherwise);
  void post_stage(const storage::StandingRow& row, const std::string& stage, const Message& message);
  [[nodiscard]] bool has_said(const storage::StandingRow& row, const std::string& stage);

  Services& world_;
  Runner& runner_;
  Starts starts_;
  net::Time looked_;
  net::Time awake_since_;  ///< since when it looks each minute: what it slept through is nobody's silence
  std::set<std::int64_t> measured_;                     ///< sessions of which Hetzner is being asked
  std::map<std::int64_t, std::set<std::string>> said_;  ///< stages that are in the outbox, by session
};

}  // namespace commands
