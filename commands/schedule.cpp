#include "commands/calendar.hpp"
#include "commands/card.hpp"
#include "commands/printable.hpp"
#include "commands/starts.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

bool is_off(const std::string& word) { return lower(word) == "off"; }

/// Takes the workspace's name off the words, where it is the first or the last of them; "" = none is named.
std::string take_name(Services& world, const Caller& caller, std::vector<std::string>& words) {
  const auto may_be_name = [](const std::string& word) {
    return !is_off(word) && kind_of(word) == ScheduleWord::other;
  };
  if (words.empty()) return "";
  // Before the hours it may also be a word of schedules, like "sun".
  const auto first = words.front();
  if (may_be_name(first) || (!is_off(first) && names_own(world, caller, first))) {
    words.erase(words.begin());
    return first;
  }
  const auto last = words.back();
  if (!may_be_name(last) || !(is_off(first) || names_own(world, caller, last))) return "";
  words.pop_back();
  return last;
}

/// As somebody reads it who thinks of `then`.
std::string closing_text(std::optional<net::Time> closing, net::Time then, const std::string& zone) {
  return closing ? "stops at " + clock_text(*closing, then, zone)
                 : "stops only when nobody uses it, and after a day";
}

std::string start_text(const std::optional<NextStart>& start, net::Time now, const std::string& zone) {
  if (!start) return "does not start by itself within a year";
  return "starts at " + clock_text(start->at, now, zone) + " to be ready at " +
         clock_text(start->shift.from, start->at, zone);
}

/// What comes next, as things are: the start, if it is down, and the stop.
std::string what_comes(Services& world, const storage::WorkspaceRow& workspace, const WorkingHours& hours) {
  const auto& zone = hours.schedule.zone;
  const auto now = world.clock.now();
  const auto start = next_start(world, workspace);
  if (const auto session = world.storage.sessions.current(workspace.id)) {
    const auto closing = closing_of(workspace, *session);
    const auto text = "it " + closing_text(closing, now, zone);
    return closing ? text + ", and " + start_text(start, now, zone) : text;
  }
  if (!start) return "it " + start_text(start, now, zone);
  const auto closing = closing_after(hours.schedule, start->shift.from);
  if (start->at <= now) return "it starts now, and " + closing_text(closing, now, zone);
  return "it " + start_text(start, now, zone) + ", and " + closing_text(closing, start->shift.from, zone);
}

storage::WorkspaceRow scheduled(Services& world, const Caller& caller, const Request& ask,
                                const std::string& name) {
  const auto workspace = find_workspace(world, caller, ask, name);
  if (workspace) return *workspace;
  if (name.empty() || !ask.person.empty()) throw Error(no_workspace(world, caller, ask, name));
  const auto& prefix = world.settings.prefix;
  const auto shown = cut(printable(name), 40);
  throw Error("You have no workspace \"" + shown + "\" yet; " + prefix + " up " + shown + " makes one, and " +
              prefix + " status lists yours.");
}

std::string hours_of(Services& world, const storage::WorkspaceRow& workspace) {
  const auto hours = working_hours(workspace);
  if (!hours)
    return workspace.hostname + " has no working hours. " + line_for(world, workspace, "schedule") +
           " 9-18 mon-fri sets some.";
  return workspace.hostname + "'s hours are " + schedule_text(hours->schedule) + ": " +
         what_comes(world, workspace, *hours) + ". " + line_for(world, workspace, "schedule off") +
         " ends that.";
}

void store(Services& world, storage::WorkspaceRow& workspace, const nlohmann::json& schedule) {
  workspace.policy["schedule"] = schedule;
  if (schedule.is_null()) workspace.policy.erase("schedule");
  world.storage.workspaces.set_policy(workspace.id, workspace.policy);
  world.changed.notify();
}

std::string end_hours(Services& world, storage::WorkspaceRow& workspace) {
  if (!working_hours(workspace)) return hours_of(world, workspace);
  store(world, workspace, nullptr);
  return workspace.hostname +
         " has no working hours any more: it starts when somebody says so, and stops when nobody uses it.";
}

}  // namespace

Begin schedule(Services& world, const Caller& caller, const Request& ask) {
  auto words = ask.words;
  const auto name = take_name(world, caller, words);
  if (words.empty()) return hours_of(world, scheduled(world, caller, ask, name));
  if (is_off(words.front()) && words.size() == 1) {
    auto workspace = scheduled(world, caller, ask, name);
    return end_hours(world, workspace);
  }
  WorkingHours hours;
  hours.schedule = parse_schedule(words, zone_of(world, caller.person));
  hours.person = caller.person.id;
  hours.place = {caller.message.chat, caller.message.room, caller.message.thread};
  hours.since = world.clock.now();
  auto workspace = scheduled(world, caller, ask, name);
  store(world, workspace, stored(hours));
  return hours_of(world, workspace);
}

}  // namespace commands
