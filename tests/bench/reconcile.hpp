#pragma once
#include "tests/bench/table.hpp"

namespace bench {

/// One comparison of a project of 1,000 workspaces, all of them down, with the database: requests and time.
/// The reconciler runs in this process, against hetzner-sim as its own.
void reconcile(Table& table);

}  // namespace bench
