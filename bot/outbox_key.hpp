#pragma once
#include <string>

#include "storage/outbox.hpp"

namespace bot {

/// The key under which a row is sent, the same at every try: what makes a message exactly one.
std::string wire_key(const storage::OutboxRow& row);

}  // namespace bot
