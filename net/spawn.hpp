#pragma once
#include <exception>
#include <functional>
#include <string>

#include "net/awaitable.hpp"

namespace net {

/// The only way to start a background task. A task that throws is logged by name and ends the process
/// through `on_death` (set once in main: stop the io_context, exit with the status that fits). A cancelled
/// task just ends.
void spawn(Executor executor, std::string name, awaitable<void> task);
using OnDeath = std::function<void(const std::string& task, const std::exception_ptr& why)>;
void on_death(OnDeath handler);

}  // namespace net
