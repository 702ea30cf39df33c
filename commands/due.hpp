#pragma once
#include <optional>

#include "commands/services.hpp"

namespace commands {

/// What a deadline that has come begins, by its kind; nullopt = nothing any more. Reads the database only.
std::optional<storage::OperationRow> begin_due(Services& world, const storage::DeadlineRow& deadline);

/// When the server of this workspace goes down by itself.
std::optional<net::Time> goes_down_at(Services& world, std::int64_t workspace);

/// "stops at 18:20", "stops when idle 60 min", for its owner's card.
std::string stop_text(Services& world, const storage::WorkspaceRow& workspace);

}  // namespace commands
