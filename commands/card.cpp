#include "commands/card.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <cmath>

#include "commands/times.hpp"

namespace commands {
namespace {

hetzner::Rate rate_of(const storage::SessionRow& session) {
  return {hetzner::Money::from_raw(session.hourly), hetzner::Money::from_raw(session.monthly)};
}

net::Time month_of(net::Time time) {
  const auto day = date::year_month_day(date::floor<date::days>(time));
  return date::sys_days(day.year() / day.month() / 1);
}

}  // namespace

std::string hardware(const Plan& plan, net::Time now) {
  const auto age = now - storage::from_ms(plan.image_created);
  return fmt::format("{} · {} vCPU · {:g} GB · {} · {} ({} old)", plan.type, plan.cores, plan.memory_gb,
                     plan.location, plan.flavour, span_text(age));
}

std::string kept_directories(const Settings& settings) {
  std::string list;
  for (const auto& directory : settings.keep_dirs) list += ", " + directory;
  return list;
}

std::string line_for(Services& world, const storage::WorkspaceRow& workspace, const std::string& verb) {
  const bool is_only = world.storage.workspaces.of(workspace.owner).size() <= 1;
  return world.settings.prefix + " " + verb + (is_only ? "" : " " + workspace.name);
}

std::string zone_of(const Services& world, const storage::PersonRow& person) {
  return person.tz.empty() ? world.settings.timezone : person.tz;
}

std::string zone_of(Services& world, const storage::WorkspaceRow& workspace) {
  const auto owner = world.storage.people.find(workspace.owner);
  return zone_of(world, owner.value_or(storage::PersonRow{}));
}

hetzner::Money cost_of(const storage::SessionRow& session, net::Time until) {
  return hetzner::hourly_cost(rate_of(session), session.created, session.ended.value_or(until));
}

hetzner::Money month_so_far(Services& world, std::int64_t workspace, net::Time now) {
  const auto from = month_of(now);
  hetzner::Money sum;
  for (const auto& session : world.storage.sessions.of(workspace, from, now + std::chrono::milliseconds(1))) {
    sum += cost_of(session, now);
    if (session.created < from) sum = sum - hetzner::hourly_cost(rate_of(session), session.created, from);
  }
  return sum;
}

std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session,
                 const Plan& plan) {
  const auto now = world.clock.now();
  const auto money = [&](hetzner::Money amount, int decimals) {
    return hetzner::with_currency(amount, session.currency, decimals);
  };
  const auto paid = clock_text(hetzner::paid_until(session.created, now), now, zone_of(world, workspace));
  return "✓ " + workspace.hostname + " is up — https://" + session.node_name + "\n  " + hardware(plan, now) +
         " · " + workspace.ipv4 + "\n  " + money(hetzner::Money::from_raw(session.hourly), 4) + "/h · " +
         money(cost_of(session, now), 2) + " so far, paid until " + paid + " · " +
         money(month_so_far(world, workspace.id, now), 2) + " this month · runs until it is stopped\n  ssh " +
         world.settings.user + "@" + session.node_name.substr(0, session.node_name.find('.')) + "      " +
         line_for(world, workspace, "down");
}

Plan plan_of(Services& world, const storage::SessionRow& session) {
  const auto steps = world.storage.journal.steps(session.operation);
  const auto plan = steps.find("preflight");
  if (plan == steps.end()) throw std::logic_error("session without a plan: " + session.operation);
  return plan->second.get<Plan>().with(session.type);
}

std::string card(Services& world, const storage::WorkspaceRow& workspace,
                 const storage::SessionRow& session) {
  return card(world, workspace, session, plan_of(world, session));
}

}  // namespace commands
