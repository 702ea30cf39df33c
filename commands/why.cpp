#include <algorithm>

#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/idle.hpp"
#include "commands/measured.hpp"
#include "commands/running.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"
#include "hetzner/pricing.hpp"

/// `why`: everything that the bot knows of a workspace's use, and what it will do.
namespace commands {
namespace {

std::string reason_line(const Reason& reason, net::Time now) {
  auto line = "\n  " + reason.signal;
  if (!reason.value.empty()) line += ": " + reason.value;
  if (reason.at)
    line += *reason.at > now ? ", for another " + span_text(*reason.at - now)
                             : ", " + span_text(now - *reason.at) + " ago";
  return reason.use == Use::idle ? line : line + " → " + name_of(reason.use);
}

/// Who or what last moved the end; what is over moves it no more.
std::string mover(Services& world, const storage::StandingRow& row, const std::string& zone) {
  auto holds = row.holds;
  std::erase_if(holds, [&](const storage::HoldRow& hold) { return hold.until <= world.clock.now(); });
  if (holds.empty()) return "nobody has moved that";
  const auto& last = holds.back();
  const auto person = world.storage.people.find(last.person);
  return "last moved at " + clock_text(last.at, world.clock.now(), zone) + ": " + last.said +
         (person ? " (" + shown(*person) + ")" : "");
}

std::string next_text(Services& world, const storage::StandingRow& row, const Verdict& verdict,
                      const std::string& zone) {
  const auto now = world.clock.now();
  const auto at = [&](net::Time time) { return clock_text(time, now, zone); };
  if (verdict.use == Use::unknown)
    return "next: nothing before " + at(verdict.stop) + ", for silence is not idleness";
  std::string next = "next: ";
  if (verdict.remind && *verdict.remind > now) next += "a reminder at " + at(*verdict.remind) + ", ";
  if (verdict.warn > now) next += "the last one at " + at(verdict.warn) + ", ";
  const bool may_come_later =
      verdict.cause == Cause::idle && (is_used(verdict.use) || verdict.idle_since > now);
  return next + "stop at " + at(verdict.stop) +
         (may_come_later ? ", if nobody uses it any more" : " (" + cause_text(world, row, verdict) + ")");
}

std::string all_of(Services& world, const storage::SessionRow& session, const std::string& zone,
                   const std::optional<Reason>& measured) {
  const auto found = world.storage.holds.standing(session.server_id);
  const auto workspace = world.storage.workspaces.find(session.workspace).value();
  if (!found) throw Error(workspace.hostname + " went down meanwhile.");
  const auto& row = *found;
  const auto now = world.clock.now();
  const auto all = watched(world, row);
  const auto verdict = judge(all.activity, all.standing, world.settings.policy.idle, now);
  auto text = workspace.hostname + ": " + name_of(verdict.use);
  if (verdict.use == Use::idle || verdict.use == Use::connected)
    text += " since " + clock_text(verdict.idle_since, now, zone);
  for (const auto& reason : reasons_of(all.activity, all.standing, now)) text += reason_line(reason, now);
  if (measured) text += reason_line(*measured, now);
  const auto down = goes_down_at(world, workspace.id);
  const bool is_said = down && *down <= verdict.stop;
  text += "\n  " + (is_said ? "next: down at " + clock_text(*down, now, zone) + ", as was said"
                            : next_text(world, row, verdict, zone) + "\n  " + mover(world, row, zone));
  return text + "\n  paid until " + clock_text(hetzner::paid_until(session.created, now), now, zone);
}

/// Of one that is silent, Hetzner is asked.
net::awaitable<std::string> with_measured(Services& world, storage::SessionRow session, std::string zone) {
  const auto load = co_await measured(world, session.server_id);
  co_return all_of(world, session, zone, load);
}

}  // namespace

Begin why(Services& world, const Caller& caller, const Request& ask) {
  const auto session = running_session(world, caller, ask);
  const auto row = world.storage.holds.standing(session.server_id).value();
  const auto zone = zone_of(world, caller.person);
  if (verdict_of(world, row).use != Use::unknown) return all_of(world, session, zone, std::nullopt);
  return Later([&world, session, zone] { return with_measured(world, session, zone); });
}

}  // namespace commands
