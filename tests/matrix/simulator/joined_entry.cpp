#include "tests/matrix/simulator/joined_entry.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "tests/matrix/simulator/timeline.hpp"

namespace matrix::simulator {

using nlohmann::json;

namespace {

/// What an invite shows of the room.
constexpr std::array<const char*, 7> stripped_types = {
    "m.room.create",     "m.room.join_rules", "m.room.canonical_alias", "m.room.avatar", "m.room.name",
    "m.room.encryption", "m.room.topic"};

void write_events(std::string& out, const std::vector<EventPtr>& events, const Reader& reader) {
  bool is_first = true;
  for (const auto& event : events) {
    if (!is_first) out += ',';
    is_first = false;
    write(out, *event, reader);
  }
}

void write_timeline(std::string& out, const Timeline& timeline, Reader reader, const Room& room) {
  reader.room = &room;
  reader.with_edits = timeline.limited;  // who has a gap cannot know of the edits in it
  out += "\"timeline\":{\"events\":[";
  write_events(out, timeline.events, reader);
  out += "],\"prev_batch\":\"" + token_of(timeline.prev_batch, 't') + "\",\"limited\":";
  out += timeline.limited ? "true}" : "false}";
}

/// The state at the start of the timeline: all of it for who knows nothing of the room, else what changed.
/// Members who say nothing are left out when they are loaded lazily.
std::vector<EventPtr> state_of(const Span& span, const Room& room, const Timeline& timeline, bool is_whole) {
  std::set<std::string> speakers{span.user.id};
  for (const auto& event : timeline.events) speakers.insert(event->sender);
  const auto& filter = span.filter.state;
  const auto start = timeline.events.empty() ? span.until : timeline.events.front()->position - 1;
  std::vector<EventPtr> told;
  for (const auto& [key, values] : room.state) {
    const bool is_member = key.first == "m.room.member";
    if (!is_whole && values.back()->position <= *span.since) continue;
    const auto event = room.find_state_at(key, start);
    if (!event || !filter.wants(*event)) continue;
    const bool is_news = is_whole || event->position > *span.since;
    const bool is_silent = is_member && filter.lazy_load_members && !speakers.contains(key.second);
    if (is_news && !is_silent) told.push_back(event);
  }
  return told;
}

/// Synapse tells the members' numbers to who loads them lazily, when they changed.
json summary_of(const Span& span, const Room& room, const Timeline& timeline,
                const std::vector<EventPtr>& state) {
  if (!span.filter.state.lazy_load_members) return json::object();
  const auto is_member = [](const EventPtr& event) { return event->type == "m.room.member"; };
  const bool is_due = !span.since || std::any_of(timeline.events.begin(), timeline.events.end(), is_member) ||
                      (timeline.limited && std::any_of(state.begin(), state.end(), is_member));
  if (!is_due) return json::object();
  json summary = {{"m.joined_member_count", room.members("join").size()},
                  {"m.invited_member_count", room.members("invite").size()}};
  if (room.find_state("m.room.name") || room.find_state("m.room.canonical_alias")) return summary;
  json heroes = json::array();
  for (const auto* membership : {"join", "invite"})
    for (const auto& member : room.members(membership))
      if (member != span.user.id && heroes.size() < 5) heroes.push_back(member);
  summary["m.heroes"] = heroes;
  return summary;
}

json ephemeral_of(const Span& span, const Room& room) {
  json events = json::array();
  const auto is_news = [&](std::uint64_t position) { return !span.since || position > *span.since; };
  if (room.typing_position && is_news(room.typing_position) && span.filter.ephemeral.wants("m.typing")) {
    json users = json::array();
    for (const auto& [user, until] : room.typing)
      if (until > span.reader.now) users.push_back(user);
    if (span.since || !users.empty())
      events.push_back({{"type", "m.typing"}, {"content", {{"user_ids", users}}}});
  }
  json read = json::object();
  for (const auto& [user, receipt] : room.receipts)
    if (is_news(receipt.position)) read[receipt.event]["m.read"][user] = {{"ts", receipt.at}};
  if (!read.empty() && span.filter.ephemeral.wants("m.receipt"))
    events.push_back({{"type", "m.receipt"}, {"content", read}});
  return events;
}

json account_data_of(const Span& span, const Room& room) {
  json events = json::array();
  const auto found = span.user.room_account_data.find(room.id);
  if (found == span.user.room_account_data.end()) return events;
  for (const auto& [type, kept] : found->second)
    if (!span.since || kept.position > *span.since)
      events.push_back({{"type", type}, {"content", kept.content}});
  return events;
}

}  // namespace

std::string joined_entry(const Span& span, const Room& room) {
  const StateKey own{"m.room.member", span.user.id};
  const auto before = span.since ? room.find_state_at(own, *span.since) : nullptr;
  const bool is_new = span.since && (!before || before->content.value("membership", "") != "join");
  const bool is_whole = !span.since || is_new || span.full_state;
  const auto told_since = span.full_state ? std::nullopt : span.told_since;
  const auto timeline = load_timeline(room, span.filter.timeline, told_since, span.until, is_new);
  const auto ephemeral = ephemeral_of(span, room);
  const auto account_data = account_data_of(span, room);
  if (!is_whole && timeline.events.empty() && ephemeral.empty() && account_data.empty()) return "";
  const auto state = state_of(span, room, timeline, is_whole);
  std::string out = "{";
  write_timeline(out, timeline, span.reader, room);
  out += ",\"state\":{\"events\":[";
  write_events(out, state, span.reader);
  out += "]},\"account_data\":{\"events\":" + dumped(account_data) + "}";
  out += ",\"ephemeral\":{\"events\":" + dumped(ephemeral) + "}";
  out += ",\"unread_notifications\":{\"notification_count\":0,\"highlight_count\":0}";
  out += ",\"summary\":" + dumped(summary_of(span, room, timeline, state)) + "}";
  return out;
}

std::string invited_entry(const Span& span, const Room& room) {
  std::string out = "{\"invite_state\":{\"events\":[";
  for (const auto* type : stripped_types) {
    const auto state = room.find_state(type);
    if (!state) continue;
    write_stripped(out, *state);
    out += ',';
  }
  const auto invite = room.find_state("m.room.member", span.user.id);
  if (const auto inviter = room.find_state("m.room.member", invite->sender)) {
    write_stripped(out, *inviter);
    out += ',';
  }
  write_stripped(out, *invite);
  return out + "]}}";
}

std::string left_entry(const Span& span, const Room& room) {
  const auto left = room.find_state("m.room.member", span.user.id);
  // Who was only invited sees nothing but the end of it.
  const bool was_in = left->replaced && left->replaced->content.value("membership", "") == "join";
  const auto first = was_in ? span.since : left->position - 1;
  const auto timeline = load_timeline(room, span.filter.timeline, first, left->position, false);
  std::string out = "{";
  write_timeline(out, timeline, span.reader, room);
  return out + ",\"state\":{\"events\":[]},\"account_data\":{\"events\":[]}}";
}

}  // namespace matrix::simulator
