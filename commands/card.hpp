#pragma once
#include <string>

#include "commands/plan.hpp"
#include "commands/services.hpp"

namespace commands {

/// "cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)".
std::string hardware(const Plan& plan, net::Time now);

/// ", /var/lib/docker": what else is bound to the volume.
std::string kept_directories(const Settings& settings);

/// The card of a workspace that is up, from what is stored: where it is, what it is, what it costs so far.
std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session,
                 const Plan& plan);
/// The plan that the session's `up` stored, with the type that there was room for.
Plan plan_of(Services& world, const storage::SessionRow& session);
/// The card with that plan.
std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session);

/// "!devbox down", with the workspace's name where its owner has several.
std::string line_for(Services& world, const storage::WorkspaceRow& workspace, const std::string& verb);

/// The zone that a person, or a workspace's owner, reads times in.
std::string zone_of(const Services& world, const storage::PersonRow& person);
std::string zone_of(Services& world, const storage::WorkspaceRow& workspace);

/// What the servers of this workspace cost in the calendar month (UTC) of `now`, up to it.
hetzner::Money month_so_far(Services& world, std::int64_t workspace, net::Time now);

/// Cost of a session from its start to `until`.
hetzner::Money cost_of(const storage::SessionRow& session, net::Time until);

}  // namespace commands
