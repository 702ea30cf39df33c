#pragma once
#include <nlohmann/json.hpp>

#include "commands/calendar.hpp"
#include "commands/post.hpp"

namespace commands {

/// The hours in which a workspace is to be up, as `schedule` set them; kept in its row under policy
/// "schedule".
struct WorkingHours {
  Schedule schedule;
  std::int64_t person = 0;  ///< who said so, and in whose name it starts
  Place place;              ///< where it was said, and where it is told
  net::Time since;
};

nlohmann::json stored(const WorkingHours& hours);
/// nullopt when there are none, or none that this version understands.
std::optional<WorkingHours> working_hours(const nlohmann::json& stored);
std::optional<WorkingHours> working_hours(const storage::WorkspaceRow& workspace);

/// The end of working hours that stops a server: of those that it began in or before, and not before the
/// schedule was said. One that was `held` past that, into later hours, stays until those end. nullopt = none
/// does.
std::optional<net::Time> closing_of(const storage::WorkspaceRow& workspace,
                                    const storage::SessionRow& session,
                                    std::optional<net::Time> held = std::nullopt);

}  // namespace commands
