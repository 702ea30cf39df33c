#include "commands/card.hpp"

#include <fmt/format.h>

#include "commands/due.hpp"
#include "commands/ledger.hpp"
#include "commands/stages.hpp"
#include "commands/times.hpp"
#include "commands/whose.hpp"

namespace commands {

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

namespace {

/// Where there was no room for the planned type: which one it is instead, and both prices.
std::string instead_of(const Plan& planned, const storage::SessionRow& session) {
  if (planned.type == session.type) return "";
  return "\n  no room for " + planned.type + " (" + hourly_text(planned.hourly, session.currency) +
         "): " + session.type + " took its place, " +
         hourly_text(hetzner::Money::from_raw(session.hourly), session.currency);
}

/// What is not as it should be, as the reconciler has seen it.
std::string warnings(Services& world, std::int64_t workspace) {
  std::string lines;
  for (const auto& finding : world.storage.findings.of(workspace)) lines += "\n  ! " + finding.text;
  return lines;
}

/// Who else may start, stop and open it, and until when.
std::string shares_of(Services& world, const storage::WorkspaceRow& workspace, net::Time now) {
  std::string lines;
  for (const auto& share : world.storage.shares.of(workspace.id)) {
    const auto person = world.storage.people.find(share.person);
    if (person && share.until > now)
      lines += "\n  shared with " + shown(*person) + " until " +
               clock_text(share.until, now, zone_of(world, workspace));
  }
  return lines;
}

/// Its label in the tailnet.
std::string label_of(const storage::SessionRow& session) {
  return session.node_name.substr(0, session.node_name.find('.'));
}

/// A device without our tag is left alone, whatever it is called.
std::string other_name(const storage::WorkspaceRow& workspace, const storage::SessionRow& session) {
  const auto label = label_of(session);
  if (label.empty() || label == workspace.hostname) return "";
  return "\n  another device in the tailnet is called " + workspace.hostname + "; yours is " + label;
}

/// What it said when it was ready last: each boot of it finds out anew by what the editor is served.
std::string last_ready(Services& world, const storage::SessionRow& session) {
  const auto last = world.storage.reports.find(session.workspace);
  if (last && last->operation == session.operation && last->report.value("stage", "") == "ready")
    return last->report.value("detail", "");
  const auto steps = world.storage.journal.steps(session.operation);
  const auto first = steps.find("editor");
  const bool is_known = first != steps.end() && first->second.is_string();
  return is_known ? first->second.get<std::string>() : "";
}

}  // namespace

std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session,
                 const Plan& planned) {
  const auto now = world.clock.now();
  const auto money = [&](hetzner::Money amount) {
    return hetzner::with_currency(amount, session.currency, 2);
  };
  const auto paid = clock_text(hetzner::paid_until(session.created, now), now, zone_of(world, workspace));
  auto text = "✓ " + workspace.hostname + " is up — " + url_of(world, session) + "\n  " +
              hardware(planned.with(session.type), now) + " · " + workspace.ipv4 +
              instead_of(planned, session);
  text += "\n  " + hourly_text(hetzner::Money::from_raw(session.hourly), session.currency) + " · " +
          money(cost_of(session, now)) + " so far, paid until " + paid + " · " +
          money(month_so_far(world, workspace.id, now)) + " this month · " + stop_text(world, workspace);
  text += other_name(workspace, session);
  text += shares_of(world, workspace, now);
  text += warnings(world, workspace.id);
  return text + "\n  ssh " + world.settings.user + "@" + label_of(session) + "      " +
         line_for(world, workspace, "down");
}

std::string url_of(Services& world, const storage::SessionRow& session) {
  return scheme_in(last_ready(world, session)) + "://" + session.node_name;
}

Plan plan_of(Services& world, const storage::SessionRow& session) {
  const auto steps = world.storage.journal.steps(session.operation);
  const auto plan = steps.find("preflight");
  if (plan == steps.end()) throw std::logic_error("session without a plan: " + session.operation);
  return plan->second.get<Plan>();
}

std::string card(Services& world, const storage::WorkspaceRow& workspace,
                 const storage::SessionRow& session) {
  return card(world, workspace, session, plan_of(world, session));
}

std::string kept_text(Services& world, const storage::WorkspaceRow& workspace) {
  if (workspace.volume_id == 0 && workspace.ip_id == 0) return "it has neither volume nor address";
  const auto volume = std::to_string(workspace.volume_gb) + " GB volume";
  auto text = (workspace.volume_id == 0 ? "no volume, "
                                        : volume + (workspace.ip_id == 0 ? ", no address" : " and ")) +
              (workspace.ip_id == 0 ? "" : "IPv4 " + workspace.ipv4) + " in " + workspace.location;
  // As it is held, which is known from the first moment of a process; prices are read a moment later.
  std::string currency;
  for (const auto& held : world.storage.holdings.open())
    if (held.workspace == workspace.id) currency = held.currency;
  if (currency.empty()) return text;
  return text + ", " + hetzner::with_currency(held_monthly(world, workspace.id), currency, 2) + " a month";
}

}  // namespace commands
