#pragma once
#include <optional>
#include <string>

#include "net/awaitable.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

struct SyncAsk {
  Session session;
  std::optional<std::string> since;
  net::Duration timeout{};
  std::string filter;  ///< a stored one's id, or JSON
  bool full_state = false;
};

/// The body of GET /sync: at once when there is something to tell or no `since`, else after the first thing
/// that happens, or when the time is up.
net::awaitable<std::string> sync(Homeserver& home, SyncAsk ask);

}  // namespace matrix::simulator
