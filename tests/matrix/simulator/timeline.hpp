#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/matrix/simulator/contents.hpp"
#include "tests/matrix/simulator/filter.hpp"

namespace matrix::simulator {

/// "s12", "t12" → 12. Throws the 400 Refusal for anything else.
std::uint64_t position_of(const std::string& token);
std::string token_of(std::uint64_t position, char kind = 's');

/// What /sync tells of a room: the newest events, and whether some before them are left out.
struct Timeline {
  std::vector<EventPtr> events;
  bool limited = false;
  std::uint64_t prev_batch = 0;  ///< position before the first event
};
/// Events after `since` up to `until`; `since` nullopt: of all. As Synapse does it, a filter may leave
/// `limited` true although nothing wanted is missing.
Timeline load_timeline(const Room& room, const EventFilter& filter, std::optional<std::uint64_t> since,
                       std::uint64_t until, bool is_new);

/// GET /rooms/{}/messages.
struct PageAsk {
  bool forward = false;
  std::optional<std::uint64_t> from;
  std::optional<std::uint64_t> to;
  std::size_t limit = 10;
  EventFilter filter;
};
struct Page {
  std::vector<EventPtr> events;  ///< in the order asked for
  std::uint64_t start = 0;
  std::optional<std::uint64_t> end;  ///< nullopt: the last page
};
Page load_page(const Room& room, const PageAsk& ask, std::uint64_t newest);

}  // namespace matrix::simulator
