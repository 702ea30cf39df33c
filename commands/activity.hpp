#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/clock.hpp"

/// What the reports of a session have come to, and what it says of who is at work there. Pure: no clock, no
/// database.
namespace commands {

/// One kind of evidence: when it was last seen, and what it was.
struct Evidence {
  std::optional<net::Time> at;
  std::string what;  ///< "keystroke on pts/0", "make, ninja", "an open editor"
  bool operator==(const Evidence&) const = default;
};

/// "keep running until …" as the workspace itself says it (devboxctl), by its own clock.
struct Lease {
  std::string id;
  net::Time until;
  bool operator==(const Lease&) const = default;
};

/// Folded from one session's reports. Instants are of the bot's clock: a report says how long ago.
struct Activity {
  net::Time since;                 ///< what came before counts as use: the start, or the end of a silence
  net::Time heard;                 ///< the last report that had signals
  net::Time episode;               ///< the last use, but for what is within a minute of it: reports waver
  Evidence human;                  ///< a keystroke, traffic of the editor
  Evidence work;                   ///< a job, sustained CPU or I/O
  Evidence connected;              ///< an open tab or login that nobody uses
  std::vector<Lease> leases;       ///< as of the last report
  std::vector<std::string> jobs;   ///< as of the last report
  std::vector<std::string> dirty;  ///< uncommitted or unpushed, as of the last report
  double cpu = 0;                  ///< cores, as of the last report
  double io = 0;                   ///< bytes a second
  double editor_bytes = 0;         ///< since the report before
  double disk = 0;                 ///< % of /home
  double memory = 0;               ///< %
  std::uint32_t busy = 0;  ///< a bit for each of the last minutes, bit 0 the last: CPU or I/O was high
  std::string boot_id;
  bool operator==(const Activity&) const = default;
};

void to_json(nlohmann::json& json, const Activity& activity);
void from_json(const nlohmann::json& json, Activity& activity);

/// A report that is missing for so long is silence, which is not idleness.
constexpr net::Duration silence = std::chrono::minutes(5);

/// A fifth of a core, or a disk that is really used.
bool is_busy(double cores, double bytes_a_second);

/// Nothing is known yet: the session began at `since`.
Activity unheard(net::Time since);

/// When it was last used for certain; later than now while a lease lasts.
net::Time last_use(const Activity& activity);

/// `before` with what a report says that came at `at`. Fields that it lacks, or that are of another kind, say
/// nothing; one without any signals is as silent as none.
Activity with_report(Activity before, const nlohmann::json& report, net::Time at);

}  // namespace commands
