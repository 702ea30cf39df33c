#include "bot/outbox_key.hpp"

#ifdef DEVBOX_BUG_NO_KEY
#include <random>
#endif

namespace bot {

#ifdef DEVBOX_BUG_NO_KEY
// Seeded for the fault driver, which must notice that messages come twice.
std::string wire_key(const storage::OutboxRow&) { return std::to_string(std::random_device{}()); }
#else
std::string wire_key(const storage::OutboxRow& row) { return row.key; }
#endif

}  // namespace bot
