#pragma once
#include "tests/bench/table.hpp"

namespace bench {

/// What it takes to say of many workspaces whether they are in use and when they stop.
void judging(Table& table);

}  // namespace bench
