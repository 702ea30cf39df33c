#pragma once
#include <functional>
#include <string>
#include <vector>

namespace faults {

/// Runs every task in a process of its own, some at once, and returns what each said, in order: "" from a
/// task that ended without a word. A task's process dies with this one.
std::vector<std::string> run_all(const std::vector<std::function<std::string()>>& tasks, std::size_t at_once);

}  // namespace faults
