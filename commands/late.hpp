#pragma once
#include <string>

#include "commands/operation.hpp"

namespace commands {

/// What the limit of this step of an `up` has passed without, and why, where the machine, the cloud or its
/// key tells: a sentence for whoever waits.
net::awaitable<std::string> what_is_late(const Operation& op, Services& world, std::string step);

}  // namespace commands
