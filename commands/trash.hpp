#pragma once
#include <optional>
#include <string>

#include "commands/runner.hpp"

/// What `delete` leaves: volume and address stay for a while ([policy] trash), billed, then go for good.
namespace commands {

/// What the origin of an operation begins with that the end of that time has begun.
constexpr const char* trash_origins = "trash:";

/// "alice is in the trash until Fri 18:00, then deleted for good: 20 GB volume and IPv4 203.0.113.10 in fsn1,
/// €1.37 a month. `!devbox undelete main` brings it back." as this reader has to write it.
std::string trash_text(Services& world, const storage::WorkspaceRow& workspace, std::int64_t reader);
/// "!devbox undelete main", always with the name.
std::string named_line(Services& world, const storage::WorkspaceRow& workspace, const std::string& verb,
                       std::int64_t reader);

/// Tells owners a day before, and begins the deletion when that day is over: without the one no other.
/// Returns when to come again; nullopt = nothing is in the trash.
std::optional<net::Time> end_trash(Services& world, Runner& runner);

}  // namespace commands
