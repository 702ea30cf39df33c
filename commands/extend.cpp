#include <algorithm>

#include "commands/calendar.hpp"
#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/duration.hpp"
#include "commands/idle.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/times.hpp"
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

/// The one word that is a length of time is taken out of the words; what is left may name the workspace.
std::optional<net::Duration> take_duration(Request& ask) {
  std::optional<net::Duration> taken;
  std::erase_if(ask.words, [&](const std::string& word) {
    if (taken) return false;
    taken = parse_duration(word);
    return taken.has_value();
  });
  return taken;
}

net::Time wished_end(Services& world, const Caller& caller, Request& ask,
                     std::optional<net::Duration> otherwise) {
  const auto now = world.clock.now();
  const auto duration = take_duration(ask);
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
  const auto cap = wish.row.created + world.settings.policy.idle.hard_cap;
  if (wish.until <= cap) return;
  throw Error(wish.workspace.hostname + " can be up until " +
              clock_text(cap, now, zone_of(world, caller.person)) + ", " +
              span_text(world.settings.policy.idle.hard_cap) +
              " after its server was made ([policy] hard_cap). Nothing was changed.");
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

/// What a `down in 20m` or `up until` has fixed is moved; else nothing stops it before.
void move_end(Services& world, const Caller& caller, const EndWish& wish, const std::string& said) {
  auto down = world.storage.deadlines.find(wish.workspace.id, "down");
  if (down && down->at < wish.until) {
    down->at = wish.until;
    world.storage.deadlines.set(*down);
  }
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
  const auto wish = understood(world, caller, ask, std::chrono::hours(1));
  move_end(world, caller, wish, line_of(ask));
  return answer(world, caller, wish, "is not stopped before");
}

Begin keep(Services& world, const Caller& caller, const Request& ask) {
  const auto wish = understood(world, caller, ask, std::nullopt);
  set_hold(world, wish.row.session, "keep", wish.until, line_of(ask), caller.person.id);
  return answer(world, caller, wish, "counts as in use until");
}

Begin snooze(Services& world, const Caller& caller, const Request& ask) {
  auto wish = understood(world, caller, ask, std::chrono::minutes(30));
  // It never brings a stop nearer.
  for (const auto& one : wish.row.holds)
    if (one.kind == "extend" || one.kind == "until") wish.until = std::max(wish.until, one.until);
  move_end(world, caller, wish, line_of(ask));
  return answer(world, caller, wish, "is left in peace until");
}

}  // namespace commands
