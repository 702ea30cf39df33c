#include "commands/calendar.hpp"
#include "commands/card.hpp"
#include "commands/duration.hpp"
#include "commands/grammar.hpp"
#include "commands/names.hpp"
#include "commands/nearest.hpp"
#include "commands/plan.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

/// `up [type] [name]`, in any order: what looks like a type is one.
Request sorted(const Request& ask) {
  auto request = ask;
  request.words.clear();
  for (const auto& typed : ask.words) {
    const auto word = lower(typed);
    const char* const what = looks_like_type(word) ? "type" : "name";
    if (request.options.contains(what))
      throw Error("`up` takes one " + std::string(what) + ", not both \"" + request.options[what] +
                  "\" and \"" + word + "\". Nothing was done.");
    request.options[what] = word;
  }
  return request;
}

/// The caller's workspace of that name, or a new one's row; its id is 0 as long as it is not stored.
storage::WorkspaceRow named_workspace(Services& world, const Caller& caller, const std::string& name) {
  auto& workspaces = world.storage.workspaces;
  if (auto found = find_workspace(world, caller, name)) return *found;
  storage::WorkspaceRow row;
  row.owner = caller.person.id;
  row.name = name.empty() ? "main" : name;
  if (dns_label(row.name) != row.name)
    throw Error("\"" + row.name +
                "\" cannot be a workspace's name: lower-case letters, digits and hyphens, at most " +
                "40, not ending in a hyphen and digits. \"" + dns_label(row.name) + "\" could.");
  row.hostname = free_hostname(workspaces, caller.person, row.name);
  return row;
}

/// Ups of this person, or of anybody, that run and have no server yet.
int being_made(Services& world, std::int64_t actor) {
  int count = 0;
  for (const auto& operation : world.storage.journal.unfinished()) {
    if (operation.verb != "up" || (actor != 0 && operation.actor != actor)) continue;
    const auto session = world.storage.sessions.current(operation.workspace);
    count += !session || session->operation != operation.id;
  }
  return count;
}

void check_rate(Services& world, const Caller& caller) {
  constexpr net::Duration window = std::chrono::hours(1);
  const auto& policy = world.settings.policy;
  const auto since = world.clock.now() - window;
  auto& sessions = world.storage.sessions;
  const auto me = caller.person.id;
  if (sessions.created_since(since, me) + being_made(world, me) >= policy.creates_per_hour)
    throw Error(
        "You have made as many servers as a person may in an hour, " +
        std::to_string(policy.creates_per_hour) +
        " ([policy] creates_per_hour): every one costs at least an hour. Try again later. Nothing was "
        "done.");
  if (sessions.created_since(since) + being_made(world, 0) >= policy.all_creates_per_hour)
    throw Error("All together have made as many servers as they may in an hour, " +
                std::to_string(policy.all_creates_per_hour) +
                " ([policy] creates_per_hour). Try again later. Nothing was done.");
}

void check_hetzner_answers(Services& world, const Caller& caller) {
  const auto since = world.cloud.silent_since();
  if (!since) return;
  const auto now = world.clock.now();
  throw Error("Hetzner has not answered since " + clock_text(*since, now, zone_of(world, caller.person)) +
              ". Nothing was done; try again in a minute.");
}

/// `up --plan`: checks and prices, and nothing else.
net::awaitable<std::string> only_plan(Services& world, storage::WorkspaceRow workspace, Request ask) {
  const auto plan = co_await preflight(world, workspace, ask);
  auto text = "Only a plan, nothing was made. " + announcement(world, plan);
  std::string others;
  for (const auto& other : plan.others)
    others +=
        (others.empty() ? "" : ", ") + other.type + " (" + hourly_text(other.hourly, plan.currency) + ")";
  if (!others.empty()) text += "\n  where there is no room for it, in this order: " + others;
  co_return text;
}

/// `for 3h`, counted from when it is made, and `until 18:00`, which becomes an instant here.
void check_end(Services& world, const Caller& caller, Request& ask) {
  const auto length = ask.options.find("for");
  const auto until = ask.options.find("until");
  if (length == ask.options.end() && until == ask.options.end()) return;
  if (length != ask.options.end() && until != ask.options.end())
    throw Error("`up` takes one end, not both for and until. Nothing was done.");
  const auto now = world.clock.now();
  net::Duration time;
  if (until != ask.options.end()) {
    const auto end = parse_clock(until->second, now, zone_of(world, caller.person));
    until->second = std::to_string(storage::to_ms(end));
    time = end - now;
  } else {
    const auto parsed = parse_duration(length->second);
    if (!parsed)
      throw Error("\"" + cut(printable(length->second), 40) +
                  "\" is no length of time; it is written like up for 3h. Nothing was done.");
    time = *parsed;
  }
  const auto cap = world.settings.policy.idle.hard_cap;
  if (time > cap)
    throw Error("No server stays up longer than " + span_text(cap) +
                " ([policy] hard_cap). Nothing was done.");
}

}  // namespace

Begin begin_up(Services& world, const Caller& caller, const Request& asked) {
  auto ask = sorted(asked);
  auto workspace = named_workspace(world, caller, option_or(ask, "name", ""));
  check_end(world, caller, ask);
  if (ask.flags.contains("plan"))
    return Later([&world, workspace, ask] { return only_plan(world, workspace, ask); });
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (!before.empty() && before.back().verb == "up" && !is_cancelled(world, before.back()))
    return progress_of(world, before.back());
  check_hetzner_answers(world, caller);
  if (!world.storage.sessions.current(workspace.id)) check_rate(world, caller);
  if (workspace.id == 0) workspace.id = world.storage.workspaces.add(workspace);
  return operation_of(world, caller, ask, workspace.id);
}

}  // namespace commands
