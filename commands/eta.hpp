#pragma once
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "storage/journal.hpp"

namespace commands {

/// "boot, about 40 s left": the median of what the last operations of this verb took from the beginning of
/// `step` to their end, in this database. "boot, last time 40 s from here" after one or two of them, and
/// "boot" before the first has ended.
std::string progress_text(storage::Journal& journal, const std::string& verb, const std::string& step);

/// What the last ones of this verb that did their work took from what was asked to their end, newest first.
std::vector<net::Duration> lengths_of(storage::Journal& journal, const std::string& verb, int limit);

}  // namespace commands
