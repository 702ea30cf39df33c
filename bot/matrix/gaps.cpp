#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/matrix/filter.hpp"
#include "bot/matrix/listener.hpp"

// What a limited timeline has left out (https://spec.matrix.org/latest/client-server-api/#syncing).
namespace bot::matrix {
namespace {

constexpr int most_pages = 50;
/// Of at most 64 KiB each.
constexpr int events_a_page = 100;
/// In a row, before the rest goes on without what cannot be had.
constexpr int most_failures = 8;

}  // namespace

net::awaitable<void> Listener::fill_gaps(Sync& sync) {
  for (auto& room : sync.joined) {
    const auto* known = rooms_.find(room.id);
    const bool has_gap = room.limited && !room.prev_batch.empty() && known && known->state == "joined";
    if (has_gap && rooms_.is_ours(*known)) co_await fill(room);
  }
}

/// A room that cannot be read must not keep the others from being heard.
net::awaitable<void> Listener::fill(JoinedRoom& room) {
  std::vector<Event> gap;
  auto& failures = failed_gaps_[room.id];
  try {
    gap = co_await missing_in(room.id, room.prev_batch);
    failures = 0;
  } catch (const Refusal& error) {
    const bool is_ours = !error.is(403) && !error.is(404);
    if (is_ours && ++failures < most_failures) throw;
    spdlog::warn("matrix: a gap in {} stays open: {}", room.id, error.what());
  } catch (const net::Error& error) {
    if (++failures < most_failures) throw;
    spdlog::warn("matrix: a gap in {} stays open: {}", room.id, error.what());
  }
  if (!gap.empty()) spdlog::info("matrix: {} events were missing in {}", gap.size(), room.id);
  std::move(room.timeline.begin(), room.timeline.end(), std::back_inserter(gap));
  room.timeline = std::move(gap);
}

net::awaitable<std::vector<Event>> Listener::missing_in(std::string room, std::string to) {
  std::vector<Event> gap;
  bool is_whole = false;
  if (!since_.empty()) gap = co_await forward(room, to, is_whole);
  if (is_whole) co_return gap;
  // Without a token, or with so much said, only what is young enough to be run is worth asking for.
  auto young = co_await recent(room, to);
  std::move(young.begin(), young.end(), std::back_inserter(gap));
  co_return gap;
}

/// From where we were to `to`, in the order it was said; `is_whole` false when there was more than we read.
net::awaitable<std::vector<Event>> Listener::forward(std::string room, std::string to, bool& is_whole) {
  std::vector<Event> gap;
  auto from = since_;
  for (int pages = 0; pages < most_pages && !is_whole; ++pages) {
    auto part = co_await page(room, "f", from, to);
    std::move(part.events.begin(), part.events.end(), std::back_inserter(gap));
    is_whole = part.size == 0 || part.end.empty() || part.end == from;
    from = part.end;
  }
  co_return gap;
}

net::awaitable<std::vector<Event>> Listener::recent(std::string room, std::string from) {
  std::vector<Event> young;
  const auto oldest = clock_.now() - options_.oldest;
  bool is_done = false;
  for (int pages = 0; pages < most_pages && !is_done; ++pages) {
    auto part = co_await page(room, "b", from, since_);
    is_done = part.size == 0 || part.end.empty() || part.end == from;
    for (auto& event : part.events) {
      is_done = is_done || event.sent < oldest;
      if (event.sent >= oldest) young.push_back(std::move(event));
    }
    from = part.end;
  }
  std::reverse(young.begin(), young.end());
  co_return young;
}

net::awaitable<Page> Listener::page(std::string room, std::string direction, std::string from,
                                    std::string to) {
  last_turn_ = clock_.now();
  static const auto types = nlohmann::json{{"types", event_types()}}.dump();
  net::Query query = {
      {"dir", direction}, {"from", from}, {"limit", std::to_string(events_a_page)}, {"filter", types}};
  if (!to.empty()) query.emplace_back("to", to);
  const auto target = room_target(room, "messages?" + net::encode_query(query));
  const auto body = co_await api_.get(target);
  auto page = parse_page(body, options_.user, clock_.now());
  for (const auto& sentence : page.skipped) spdlog::warn("matrix: skipped: {}", sentence);
  co_return page;
}

}  // namespace bot::matrix
