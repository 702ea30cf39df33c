#include "commands/idle.hpp"

#include "commands/card.hpp"
#include "commands/times.hpp"
#include "commands/working_hours.hpp"

namespace commands {
namespace {

/// By its working hours.
std::optional<net::Time> end_of_hours(const storage::StandingRow& row, const Standing& standing) {
  storage::WorkspaceRow workspace;
  workspace.policy = nlohmann::json::parse(row.policy);
  storage::SessionRow session;
  session.created = row.created;
  std::optional<net::Time> held;
  for (const auto& hold : {standing.keep, standing.extend, standing.moved})
    if (hold && (!held || *hold > *held)) held = hold;
  return closing_of(workspace, session, held);
}

Standing standing_of(const storage::StandingRow& row) {
  Standing standing;
  standing.created = row.created;
  for (const auto& hold : row.holds) {
    if (hold.kind == "keep") standing.keep = hold.until;
    if (hold.kind == "extend") standing.extend = hold.until;
    if (hold.kind == "until") standing.until = hold.until;
    if (hold.kind == "moved") standing.moved = hold.until;
  }
  if (row.policy.find("\"schedule\"") != std::string::npos) standing.closing = end_of_hours(row, standing);
  return standing;
}

}  // namespace

storage::PersonRow owner_of(Services& world, const storage::StandingRow& row) {
  return world.storage.people.find(row.owner).value_or(storage::PersonRow{});
}

std::string at_text(Services& world, const storage::StandingRow& row, net::Time time) {
  return clock_text(time, world.clock.now(), zone_of(world, owner_of(world, row)));
}

Watched watched(Services& world, const storage::StandingRow& row) {
  const auto* activity = world.reports.activity({row.workspace, row.operation});
  Watched all{activity ? *activity : unheard(row.created), standing_of(row)};
  return all;
}

Verdict verdict_of(Services& world, const storage::StandingRow& row) {
  // Without a copy of the activity: every minute, of each that runs.
  const auto* activity = world.reports.activity({row.workspace, row.operation});
  const auto standing = standing_of(row);
  const auto& policy = world.settings.policy.idle;
  const auto now = world.clock.now();
  return activity ? judge(*activity, standing, policy, now)
                  : judge(unheard(row.created), standing, policy, now);
}

bool may_be_put_off(const storage::StandingRow& row, const Verdict& verdict) {
  const bool was_put_off =
      !row.holds.empty() && row.holds.back().kind == "moved" && verdict.idle_since <= row.holds.back().at;
  return verdict.cause != Cause::cap && !was_put_off;
}

void set_hold(Services& world, std::int64_t session, const std::string& kind, net::Time until,
              const std::string& said, std::int64_t person) {
  storage::HoldRow hold;
  hold.session = session;
  hold.kind = kind;
  hold.until = until;
  hold.said = said;
  hold.person = person;
  hold.at = world.clock.now();
  world.storage.holds.set(hold);
  world.changed.notify();
}

std::string cause_text(Services& world, const storage::StandingRow& row, const Verdict& verdict) {
  switch (verdict.cause) {
    case Cause::idle:
      return "idle since " + at_text(world, row, verdict.idle_since);
    case Cause::until:
      return "it was to be up until " + at_text(world, row, verdict.stop);
    case Cause::closing:
      return "its working hours end at " + at_text(world, row, verdict.stop);
    case Cause::cap:
      break;
  }
  return "no server stays up longer than " + span_text(world.settings.policy.idle.hard_cap);
}

std::string usual_end(const Services& world) {
  return "stops when idle " + std::to_string(world.settings.policy.idle.stop / std::chrono::minutes(1)) +
         " min";
}

std::string end_text(Services& world, std::int64_t session) {
  const auto row = world.storage.holds.standing(session);
  if (!row) return "";
  const auto verdict = verdict_of(world, *row);
  const auto stop = at_text(world, *row, verdict.stop);
  if (verdict.use == Use::unknown) return "silent, stops at " + stop + " at the latest";
  if (verdict.cause != Cause::idle) return "stops at " + stop;
  const auto now = world.clock.now();
  if (verdict.remind ? now >= *verdict.remind : now >= verdict.idle_since + world.settings.policy.idle.remind)
    return "idle since " + at_text(world, *row, verdict.idle_since) + ", stops at " + stop;
  const auto usual = usual_end(world);
  const auto held = watched(world, *row).standing;
  if (held.keep && *held.keep > now)
    return "kept until " + at_text(world, *row, *held.keep) + ", then " + usual;
  if (held.extend && *held.extend > now) return usual + ", not before " + at_text(world, *row, *held.extend);
  return usual;
}

}  // namespace commands
