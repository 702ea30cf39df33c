#pragma once
#include <string>

#include "commands/services.hpp"

namespace commands {

/// A cell of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it.
std::string csv_cell(const std::string& text);

/// Writes the whole audit as CSV beside the database, readable by its owner alone, and says where it is.
/// Times are ISO 8601 in UTC. Throws Error when it cannot be written.
net::awaitable<std::string> export_audit(Services& world);

}  // namespace commands
