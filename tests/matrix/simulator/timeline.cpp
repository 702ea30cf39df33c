#include "tests/matrix/simulator/timeline.hpp"

#include <algorithm>
#include <charconv>

#include "tests/matrix/simulator/refusal.hpp"

namespace matrix::simulator {
namespace {

std::size_t count_up_to(const Room& room, std::uint64_t position) {
  const auto& events = room.timeline;
  const auto after = std::partition_point(events.begin(), events.end(),
                                          [&](const EventPtr& event) { return event->position <= position; });
  return static_cast<std::size_t>(after - events.begin());
}

}  // namespace

std::uint64_t position_of(const std::string& token) {
  std::uint64_t position = 0;
  const auto* const end = token.data() + token.size();
  const bool is_kind = !token.empty() && (token[0] == 's' || token[0] == 't');
  const auto read = is_kind ? std::from_chars(token.data() + 1, end, position)
                            : std::from_chars_result{token.data(), std::errc::invalid_argument};
  if (read.ec != std::errc() || read.ptr != end) throw Refusal(400, "M_UNKNOWN", "Invalid stream token");
  return position;
}

std::string token_of(std::uint64_t position, char kind) { return kind + std::to_string(position); }

Timeline load_timeline(const Room& room, const EventFilter& filter, std::optional<std::uint64_t> since,
                       std::uint64_t until, bool is_new) {
  const auto first = since && !is_new ? count_up_to(room, *since) : 0;
  auto at = count_up_to(room, until);
  Timeline batch;
  batch.prev_batch = until;
  // An incremental sync looks at one more than its limit first, then both load twice the limit at a time.
  const auto at_a_time = std::max<std::size_t>(filter.limit * 2, 10);
  auto step = since && !is_new ? filter.limit + 1 : at_a_time;
  for (int tries = 0; tries < 6 && at > first && batch.events.size() < filter.limit; ++tries) {
    const auto stop = at - first > step ? at - step : first;
    while (at > stop) {
      const auto& event = room.timeline[--at];
      if (filter.wants(*event)) batch.events.push_back(event);
    }
    batch.prev_batch = at < room.timeline.size() ? room.timeline[at]->position - 1 : until;
    step = at_a_time;
  }
  batch.limited = at > first || is_new;
  if (batch.events.size() > filter.limit) {
    batch.events.resize(filter.limit);
    batch.limited = true;
  }
  std::reverse(batch.events.begin(), batch.events.end());
  if (!batch.events.empty() && (!batch.limited || batch.events.size() == filter.limit))
    batch.prev_batch = batch.events.front()->position - 1;
  return batch;
}

Page load_page(const Room& room, const PageAsk& ask, std::uint64_t newest) {
  Page page;
  page.start = ask.from.value_or(ask.forward ? 0 : newest);
  auto at = count_up_to(room, page.start);
  const auto stop = ask.to ? count_up_to(room, *ask.to) : ask.forward ? room.timeline.size() : 0;
  const auto take = [&](const EventPtr& event) {
    if (ask.filter.wants(*event)) page.events.push_back(event);
  };
  if (ask.forward)
    while (at < stop && page.events.size() < ask.limit) take(room.timeline[at++]);
  else
    while (at > stop && page.events.size() < ask.limit) take(room.timeline[--at]);
  if (!page.events.empty()) page.end = page.events.back()->position - (ask.forward ? 0 : 1);
  return page;
}

}  // namespace matrix::simulator
