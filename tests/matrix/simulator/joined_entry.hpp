#pragma once
#include <optional>
#include <string>

#include "tests/matrix/simulator/event_text.hpp"
#include "tests/matrix/simulator/filter.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

/// One answer of /sync in the making.
struct Span {
  Homeserver& home;
  const User& user;
  SyncFilter filter;
  Reader reader;
  std::optional<std::uint64_t> since;       ///< nullopt: an initial sync
  std::optional<std::uint64_t> told_since;  ///< where the timelines begin: earlier, when they are told twice
  std::uint64_t until = 0;
  bool full_state = false;
};

/// The entry of a room under rooms.join; "" when there is nothing to tell.
std::string joined_entry(const Span& span, const Room& room);
/// Under rooms.invite and rooms.leave.
std::string invited_entry(const Span& span, const Room& room);
std::string left_entry(const Span& span, const Room& room);

}  // namespace matrix::simulator
