#pragma once
#include <optional>
#include <string>

#include "net/clock.hpp"
#include "storage/journal.hpp"

namespace commands {

/// How long operations of this verb took from the beginning of `step` to their end: the median of the
/// last ones in this database. nullopt before the first has ended.
std::optional<net::Duration> remaining(storage::Journal& journal, const std::string& verb,
                                       const std::string& step);

/// "boot, about 40 s left", or without the estimate while there is no history.
std::string progress_text(storage::Journal& journal, const std::string& verb, const std::string& step);

}  // namespace commands
