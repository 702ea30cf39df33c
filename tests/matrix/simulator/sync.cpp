#include "tests/matrix/simulator/sync.hpp"

#include "tests/matrix/simulator/joined_entry.hpp"
#include "tests/matrix/simulator/timeline.hpp"

namespace matrix::simulator {

using nlohmann::json;

namespace {

struct Written {
  std::string body;
  std::uint64_t next = 0;
  bool is_empty = false;
};

json filter_named(const User& user, const std::string& text) {
  if (text.empty()) return json::object();
  if (text.front() == '{') {
    auto parsed = json::parse(text, nullptr, false);
    if (!parsed.is_object()) throw Refusal(400, "M_NOT_JSON", "Invalid filter JSON");
    return parsed;
  }
  const bool is_number = text.size() < 9 && text.find_first_not_of("0123456789") == std::string::npos;
  const auto index = is_number ? std::stoul(text) : user.filters.size();
  if (index >= user.filters.size()) throw Refusal(400, "M_INVALID_PARAM", "No such filter");
  return user.filters[index];
}

/// The entries of one section: {"!room":{…},…}; "" when it is empty.
class Section {
 public:
  void add(const std::string& room, const std::string& entry) {
    if (entry.empty()) return;
    text_ += (text_.empty() ? "" : ",") + json_text(room) + ":" + entry;
  }
  void write(std::string& out, const char* name) const {
    if (text_.empty()) return;
    if (!out.empty()) out += ',';
    out += '"';
    out += name;
    out += "\":{" + text_ + "}";
  }

 private:
  std::string text_;
};

std::string rooms_of(const Span& span) {
  Section join, invite, leave;
  for (const auto& id : span.user.rooms) {
    if (!span.filter.room.wants_room(id)) continue;
    const auto& room = span.home.room(id);
    const auto own = room.find_state("m.room.member", span.user.id);
    const auto membership = own->content.value("membership", "");
    const bool is_news = !span.since || own->position > *span.since;
    if (membership == "join") join.add(id, joined_entry(span, room));
    if (membership == "invite" && is_news) invite.add(id, invited_entry(span, room));
    const bool is_out = membership == "leave" || membership == "ban";
    if (is_out && is_news && (span.since || span.filter.include_leave)) leave.add(id, left_entry(span, room));
  }
  std::string out;
  join.write(out, "join");
  invite.write(out, "invite");
  leave.write(out, "leave");
  return out;
}

json account_data_of(const Span& span) {
  json events = json::array();
  for (const auto& [type, kept] : span.user.account_data)
    if ((!span.since || kept.position > *span.since) && span.filter.account_data.wants(type))
      events.push_back({{"type", type}, {"content", kept.content}});
  return events;
}

/// With duplicates on, the events of the answer that brought this `since` are told again, once.
std::optional<std::uint64_t> told_since(SyncCache& cache, const std::string& session,
                                        std::optional<std::uint64_t> since) {
  if (!since) return since;
  const auto found = cache.told_from.find(session + token_of(*since));
  if (found == cache.told_from.end()) return since;
  const auto from = found->second;
  cache.told_from.erase(found);
  return from;
}

Written write_answer(Homeserver& home, const SyncAsk& ask, const SyncFilter& filter,
                     std::optional<std::uint64_t> since) {
  const Reader reader{home.now(), ask.session.key(), ask.session.user, false, nullptr};
  Span span{home,  home.user(ask.session.user), filter,        reader, since,
            since, home.contents.position,      ask.full_state};
  span.told_since = told_since(home.sync_cache, ask.session.key(), since);
  Written written;
  written.next = span.until;
  const auto rooms = rooms_of(span);
  const auto account_data = account_data_of(span);
  written.is_empty = rooms.empty() && account_data.empty();
  auto& out = written.body;
  out.reserve(rooms.size() + 256);
  out = "{\"next_batch\":\"" + token_of(written.next) + "\"";
  if (!account_data.empty()) out += ",\"account_data\":{\"events\":" + dumped(account_data) + "}";
  out += ",\"device_one_time_keys_count\":{\"signed_curve25519\":0},\"device_unused_fallback_key_types\":[]";
  if (!rooms.empty()) out += ",\"rooms\":{" + rooms + "}";
  out += '}';
  if (home.sync_cache.duplicates && since && written.next > *since)
    home.sync_cache.told_from[ask.session.key() + token_of(written.next)] = *since;
  return written;
}

std::string cache_key(const SyncAsk& ask) {
  return ask.session.key() + '\n' + std::to_string(ask.timeout.count()) + '\n' + ask.since.value_or("-") +
         '\n' + ask.filter + '\n' + (ask.full_state ? '1' : '0');
}

}  // namespace

net::awaitable<std::string> sync(Homeserver& home, SyncAsk ask) {
  std::optional<std::uint64_t> since;
  if (ask.since) since = position_of(*ask.since);
  const auto filter = sync_filter(filter_named(home.user(ask.session.user), ask.filter));
  if (since) {
    auto& read = home.sync_cache.acknowledged[ask.session.user];
    read = std::max(read, *since);
  }
  const auto key = cache_key(ask);
  const auto* stale = home.sync_cache.duplicates ? nullptr : home.sync_cache.find(key, home.now());
  if (stale) co_return *stale;
  const auto until = home.clock.now() + ask.timeout;
  const bool waits = since && !ask.full_state;
  auto written = write_answer(home, ask, filter, since);
  while (waits && written.is_empty && home.clock.now() < until) {
    co_await home.changed.wait_until(home.clock, until);
    written = write_answer(home, ask, filter, since);
  }
  if (!since || written.next != *since) home.sync_cache.keep(key, written.body, home.now());
  co_return std::move(written.body);
}

}  // namespace matrix::simulator
