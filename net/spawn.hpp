#pragma once
#include <functional>
#include <string>

#include "net/awaitable.hpp"

namespace net {

/// The only way to start a background task. A task that throws is logged by name and ends the process
/// through `on_death` (set once in main: stop the io_context, exit 1). A cancelled task just ends.
void spawn(Executor executor, std::string name, awaitable<void> task);
void on_death(std::function<void(const std::string& task, const std::string& why)> handler);

}  // namespace net
