#include <algorithm>

#include "commands/calendar.hpp"
#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/duration.hpp"
#include "commands/idle.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

/// `extend`, `keep` and `snooze`: a person moves the end of a server.
namespace commands {
namespace {

/// What is asked for, and of which server.
struct EndWish {
  storage::WorkspaceRow workspace;
  storage::StandingRow row;
  net::Time until;
};

std::string how(const Request& ask) {
  return ask.verb == "keep" ? "keep 3h or keep until 18:00"
                            : ask.verb + (ask.verb == "snooze" ? " 30m" : " 2h");
}

bool is_off_word(const std::string& word) { return lower(word) == "off"; }

net::Time wished_end(Services& world, const Caller& caller, Request& ask,
                     std::optional<net::Duration> otherwise) {
  const auto now = world.clock.now();
  // "keep for 2h" is "keep 2h".
  if (const auto length = ask.options.find("for"); length != ask.options.end())
    ask.words.push_back(length->second);
  const auto duration = take_duration(ask.words);
  const auto until = ask.options.find("until");
  if (until != ask.options.end()) return parse_clock(until->second, now, zone_of(world, caller.person));
  if (duration) return now + *duration;
  // A word with a digit in front was to be a length of time: "10y".
  for (const auto& word : ask.words)
    if (word.front() >= '0' && word.front() <= '9')
      throw Error("\"" + cut(printable(word), 40) + "\" is no length of time; it is written like " +
                  how(ask) + ". Nothing was changed.");
  if (!otherwise) throw Error("For how long? It is written like " + how(ask) + ". Nothing was changed.");
  return now + *otherwise;
}

void check_cap(Services& world, const Caller& caller, const EndWish& wish) {
  const auto now = world.clock.now();
  const auto cap = cap_of(wish.row.created, world.settings.policy.idle.hard_cap);
  if (wish.until <= cap) return;
  throw Error(wish.workspace.hostname + " can be up until " +
              clock_text(cap, now, zone_of(world, caller.person)) + ": no server stays up longer than " +
              span_text(world.settings.policy.idle.hard_cap) + " ([policy] hard_cap). Nothing was changed.");
}

EndWish understood(Services& world, const Caller& caller, Request ask,
                   std::optional<net::Duration> otherwise) {
  EndWish wish;
  wish.until = wished_end(world, caller, ask, otherwise);
  const auto session = running_session(world, caller, ask);
  wish.workspace = world.storage.workspaces.find(session.workspace).value();
  wish.row = world.storage.holds.standing(session.server_id).value();
  check_cap(world, caller, wish);
  return wish;
}

/// A `down in 20m` does not come before.
void move_down(Services& world, const EndWish& wish) {
  auto down = world.storage.deadlines.find(wish.workspace.id, "down");
  if (!down || down->at >= wish.until) return;
  down->at = wish.until;
  world.storage.deadlines.set(*down);
}

/// What `down in 20m` or `up until` have fixed is moved; else nothing stops it before. It never brings the
/// end nearer.
void move_end(Services& world, const Caller& caller, EndWish& wish, const std::string& said) {
  for (const auto& one : wish.row.holds)
    if (one.kind == "extend" || one.kind == "until") wish.until = std::max(wish.until, one.until);
  move_down(world, wish);
  bool is_fixed = false;
  for (const auto& one : wish.row.holds) is_fixed |= one.kind == "until";
  set_hold(world, wish.row.session, is_fixed ? "until" : "extend", wish.until, said, caller.person.id);
}

std::string answer(Services& world, const Caller& caller, const EndWish& wish, const std::string& what) {
  const auto until = clock_text(wish.until, world.clock.now(), zone_of(world, caller.person));
  return wish.workspace.hostname + " " + what + " " + until + ": " + stop_text(world, wish.workspace) + ".";
}

std::string line_of(const Request& ask) {
  std::string line = ask.verb;
  for (const auto& word : ask.words) line += " " + word;
  for (const auto& [key, value] : ask.options) line += " " + key + " " + value;
  return cut(printable(line), 80);
}

}  // namespace

Begin extend(Services& world, const Caller& caller, const Request& ask) {
  auto wish = understood(world, caller, ask, std::chrono::hours(1));
  move_end(world, caller, wish, line_of(ask));
  return answer(world, caller, wish, "is not stopped before");
}

/// `keep off`: the lease is taken back.
std::string let_go(Services& world, const Caller& caller, Request ask) {
  ask.words.erase(std::find_if(ask.words.begin(), ask.words.end(), is_off_word));
  const auto session = running_session(world, caller, ask);
  const auto workspace = world.storage.workspaces.find(session.workspace).value();
  if (!world.storage.holds.remove(session.server_id, "keep"))
    return workspace.hostname + " is not kept by anybody: " + stop_text(world, workspace) + ".";
  world.changed.notify();
  return workspace.hostname + " is not kept any more: " + stop_text(world, workspace) + ".";
}

Begin keep(Services& world, const Caller& caller, const Request& ask) {
  if (std::any_of(ask.words.begin(), ask.words.end(), is_off_word)) return let_go(world, caller, ask);
  const auto wish = understood(world, caller, ask, std::nullopt);
  move_down(world, wish);
  set_hold(world, wish.row.session, "keep", wish.until, line_of(ask), caller.person.id);
  return answer(world, caller, wish, "counts as in use until");
}

Begin snooze(Services& world, const Caller& caller, const Request& ask) {
  auto wish = understood(world, caller, ask, std::chrono::minutes(30));
  move_end(world, caller, wish, line_of(ask));
  return answer(world, caller, wish, "is left in peace until");
}

}  // namespace commands
