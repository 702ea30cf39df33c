#pragma once
#include "tests/bench/table.hpp"

namespace bench {

/// What it takes to look at everything that runs, as the bot does once a minute.
void sweep(Table& table);

}  // namespace bench
