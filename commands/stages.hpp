#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "storage/journal.hpp"

namespace commands {

/// A stage of a workspace's boot, as the workspace told of it: its own claim, cut, and shown only through
/// `printable`.
struct Stage {
  std::string name;  ///< install | join | volume | serve | editor | ready
  bool failed = false;
  std::string detail;
  std::string log;      ///< the end of its log, when it failed
  double uptime = 0;    ///< seconds since the machine booted
  std::int64_t at = 0;  ///< unix ms, when the bot heard of it
  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(Stage, name, failed, detail, log, uptime, at)
};

[[nodiscard]] bool is_stage(std::string_view word);
/// "join, volume, …", in their order.
std::string stage_names();

/// The stage that `word` was probably meant to be; nullopt when none is near.
std::optional<std::string> near_stage(std::string_view word);

/// The stage that a checked report tells of, without what looks like a secret; nullopt when it names none we
/// know.
std::optional<Stage> stage_in(const nlohmann::json& report, net::Time heard);

/// Keeps it with the `up`, when it is news and there is room: a workspace may say what it likes, so an
/// operation has at most 16.
void keep_stage(storage::Journal& journal, const std::string& operation, const Stage& stage);
/// As they were told, oldest first.
std::vector<Stage> stages_of(storage::Journal& journal, const std::string& operation);
/// What a stage came to in the end; nullopt when it was not told of.
std::optional<Stage> last_of(const std::vector<Stage>& stages, std::string_view name);
/// The first of them, in their order, that has failed and not been mended since.
std::optional<Stage> failed_of(const std::vector<Stage>& stages);

/// "the workspace says that its volume failed: it holds xfs". `stage` and `detail` as it told them.
std::string failure_sentence(const std::string& stage, const std::string& detail);

/// Why a step of `up` has not ended within its limit, by what the workspace has told: which stage did not
/// come.
std::string late_sentence(const std::string& step, net::Duration limit, const std::vector<Stage>& stages);

/// What a browser reaches the editor by: "http" when `ready` says so, else "https".
std::string scheme_in(std::string_view detail);

}  // namespace commands
