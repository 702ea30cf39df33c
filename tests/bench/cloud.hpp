#pragma once
#include "tests/bench/table.hpp"

namespace bench {

/// How fast hetzner-sim answers: one client, 10,000 servers, 200 clients at once.
void cloud(Table& table);

}  // namespace bench
