#include "commands/starts.hpp"

#include <algorithm>
#include <vector>

#include "commands/approval.hpp"
#include "commands/card.hpp"
#include "commands/eta.hpp"
#include "commands/people.hpp"
#include "commands/unasked.hpp"

namespace commands {
namespace {

using namespace std::chrono_literals;

const std::string origins = "schedule:";  ///< of operations
constexpr int recent_ups = 20;
constexpr int recent_downs = 20;
constexpr net::Duration shortest_lead = 1min;
constexpr net::Duration usual_lead = 5min;  ///< before any `up` has ended
constexpr net::Duration longest_lead = 20min;
constexpr net::Duration useful = 30min;
/// What is begun so much after its time is late, after an outage.
constexpr net::Duration punctual = 2min;
constexpr net::Duration between_late = 10s;
constexpr net::Duration in_the_way = 30s;

bool is_useful(const Shift& shift, net::Time now) {
  const auto left = shift.to - std::max(now, shift.from);
  return left >= std::min(useful, (shift.to - shift.from) / 2) && left > 0ms;
}

/// One a day; further hours of the same day have their own.
std::string origin_of(std::int64_t workspace, const Schedule& schedule, const Shift& shift) {
  const auto origin = origins + std::to_string(workspace) + ":" + date_text(shift.from, schedule.zone);
  if (shift == first_of_day(schedule, shift.from)) return origin;
  return origin + ":" + std::to_string(storage::to_ms(shift.from));
}

/// By a person; one that the bot began for itself says nothing of the rest of the day.
bool was_taken_down(Services& world, std::int64_t workspace, net::Time since) {
  const auto downs = world.storage.journal.recent_of(workspace, "down", recent_downs);
  return std::any_of(downs.begin(), downs.end(), [&](const storage::OperationRow& down) {
    return down.created >= since && down.state == "done" && !down.origin.starts_with("idle:");
  });
}

bool has_had_its_start(Services& world, std::int64_t workspace, const Schedule& schedule, const Shift& shift,
                       net::Duration lead) {
  const auto now = world.clock.now();
  if (world.storage.journal.find(storage::operation_id(origin_of(workspace, schedule, shift)))) return true;
  const auto since = first_of_day(schedule, shift.from).from - lead;
  if (since > now) return false;
  const auto sessions = world.storage.sessions.of(workspace, since, now + 1ms);
  const bool was_up = std::any_of(sessions.begin(), sessions.end(), [&](const storage::SessionRow& session) {
    return shift.from <= now && (!session.ended || *session.ended > shift.from);
  });
  return was_up || (!sessions.empty() && was_taken_down(world, workspace, since));
}

/// `shift`, or the next one, that may still have its start.
std::optional<Shift> open_shift(Services& world, std::int64_t workspace, const Schedule& schedule,
                                std::optional<Shift> shift, net::Duration lead) {
  const auto now = world.clock.now();
  while (shift && (!is_useful(*shift, now) || has_had_its_start(world, workspace, schedule, *shift, lead)))
    shift = shift_at(schedule, shift->to);
  return shift;
}

std::optional<net::Time> earlier(std::optional<net::Time> one, std::optional<net::Time> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

net::Duration lead_of(storage::Journal& journal) {
  auto lengths = lengths_of(journal, "up", recent_ups);
  if (lengths.empty()) return usual_lead;
  std::sort(lengths.begin(), lengths.end());
  const auto nine_of_ten = lengths[(lengths.size() * 9 + 9) / 10 - 1];
  const net::Duration minutes = std::chrono::ceil<std::chrono::minutes>(nine_of_ten);
  return std::clamp(minutes, shortest_lead, longest_lead);
}

std::optional<NextStart> next_start(Services& world, const storage::WorkspaceRow& workspace) {
  const auto hours = working_hours(workspace);
  if (!hours) return std::nullopt;
  const auto now = world.clock.now();
  const auto lead = lead_of(world.storage.journal);
  const auto& schedule = hours->schedule;
  auto shift = open_shift(world, workspace.id, schedule, shift_at(schedule, now), lead);
  // What is up before its hours begin needs no start for them.
  if (shift && shift->from - lead <= now && world.storage.sessions.current(workspace.id))
    shift = open_shift(world, workspace.id, schedule, shift_at(schedule, shift->to), lead);
  if (!shift) return std::nullopt;
  return NextStart{shift->from - lead, *shift};
}

std::string why_it_starts(Services& world, const storage::OperationRow& operation) {
  const auto workspace = world.storage.workspaces.find(operation.workspace);
  if (!workspace || !operation.origin.starts_with(origins)) return "";
  const auto hours = working_hours(*workspace);
  if (!hours) return "";
  return "\n  it starts by its hours, " + schedule_text(hours->schedule) + "; " +
         line_for(world, *workspace, "schedule off") + " ends that";
}

std::optional<net::Time> Starts::begin_due() {
  const auto now = world_.clock.now();
  if (now < looked_at_) {
    // The clock was set back: what is known is of a time to come.
    known_.clear();
    next_late_ = now;
  }
  looked_at_ = now;
  learn();
  const auto lead = lead_of(world_.storage.journal);
  std::optional<net::Time> next;
  std::vector<Entry*> late;
  for (auto& entry : known_) {
    auto& known = entry.second;
    // What waits for its turn is looked at again then.
    if (!known.is_late && may_begin(entry, lead)) {
      known.is_late = now >= known.shift->from - lead + punctual;
      if (!known.is_late) begin(entry);
    }
    if (known.is_late)
      late.push_back(&entry);
    else
      next = earlier(next, due(known, lead));
  }
  return earlier(next, begin_late(late, lead));
}

/// One, the one that was missed first; returns when it is the next one's turn.
std::optional<net::Time> Starts::begin_late(std::vector<Entry*> late, net::Duration lead) {
  const auto now = world_.clock.now();
  std::stable_sort(late.begin(), late.end(), [](const Entry* one, const Entry* other) {
    return one->second.shift->from < other->second.shift->from;
  });
  std::optional<net::Time> next;
  for (auto* entry : late) {
    if (now < next_late_) return earlier(next, next_late_);
    entry->second.is_late = false;
    if (may_begin(*entry, lead)) {
      begin(*entry);
      next_late_ = now + between_late;
    }
    next = earlier(next, due(entry->second, lead));
  }
  return next;
}

/// What has changed since it was looked at, and what is new, begins anew.
void Starts::learn() {
  std::map<std::int64_t, Known> known;
  for (auto& [id, text] : world_.storage.workspaces.with_policy("schedule")) {
    auto before = known_.extract(id);
    if (before && before.mapped().text == text) {
      known.insert(std::move(before));
      continue;
    }
    Known one;
    one.hours = working_hours(nlohmann::json::parse(text));
    if (one.hours) one.shift = shift_at(one.hours->schedule, world_.clock.now());
    one.text = std::move(text);
    known.emplace(id, std::move(one));
  }
  known_ = std::move(known);
}

std::optional<net::Time> Starts::due(const Known& known, net::Duration lead) const {
  if (!known.shift) return std::nullopt;
  return std::max(known.shift->from - lead, known.not_before);
}

/// Goes on to the hours that have not had their start; whether it is time for it, and nothing is in the way.
bool Starts::may_begin(Entry& entry, net::Duration lead) {
  const auto id = entry.first;
  auto& known = entry.second;
  const auto now = world_.clock.now();
  const auto is_due = [&] { return known.shift && due(known, lead).value() <= now; };
  if (!is_due()) return false;
  const auto& schedule = known.hours->schedule;
  known.shift = open_shift(world_, id, schedule, known.shift, lead);
  if (!is_due()) return false;
  const auto person = world_.storage.people.find(known.hours->person);
  const bool may_start = person && role_of(world_.settings.policy, *person) >= Role::member;
  if (!may_start) {
    known.shift = shift_at(schedule, known.shift->to);
  } else if (!world_.storage.journal.unfinished_of(id).empty()) {
    known.not_before = now + in_the_way;
  } else if (world_.storage.sessions.current(id)) {
    known.not_before = known.shift->from;
  } else {
    return true;
  }
  return false;
}

void Starts::begin(Entry& entry) {
  const auto id = entry.first;
  auto& known = entry.second;
  const auto& schedule = known.hours->schedule;
  Request request;
  request.verb = "up";
  request.words = {world_.storage.workspaces.find(id).value().name};
  const auto owner = world_.storage.workspaces.find(id).value().owner;
  const auto person = world_.storage.people.find(known.hours->person).value();
  request.options["approved"] = consent_of(role_of(world_.settings.policy, person), person.id, owner);
  const auto origin = origin_of(id, schedule, *known.shift);
  auto row = operation_from(world_, origin, "up", id, person.id, known.hours->place);
  row.request = request;
  if (add_unasked(world_, row, "up", "begun by its working hours")) runner_.start(row.id);
  known.shift = shift_at(schedule, known.shift->to);
}

}  // namespace commands
