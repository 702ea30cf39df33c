#pragma once
#include <string>

#include "commands/plan.hpp"
#include "commands/services.hpp"

namespace commands {

/// "cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)".
std::string hardware(const Plan& plan, net::Time now);

/// ", /var/lib/docker, /var/lib/containerd": what else is bound to the volume.
std::string kept_directories(const Settings& settings);

/// The card of a workspace that is up, from what is stored: where it is, what it is, what it costs so far.
std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session,
                 const Plan& plan);
/// The plan that the session's `up` stored; `with(session.type)` is what became of it.
Plan plan_of(Services& world, const storage::SessionRow& session);
/// The card with that plan.
std::string card(Services& world, const storage::WorkspaceRow& workspace, const storage::SessionRow& session);

/// "20 GB volume and IPv4 203.0.113.10 in fsn1, €1.37 a month": what it has while it is down.
std::string kept_text(Services& world, const storage::WorkspaceRow& workspace);

/// "https://alice.tail1234.ts.net", or with http where the workspace has said that it serves the editor so.
std::string url_of(Services& world, const storage::SessionRow& session);

/// "!devbox down", with the workspace's name where its owner has several.
std::string line_for(Services& world, const storage::WorkspaceRow& workspace, const std::string& verb);

/// The zone that a person, or a workspace's owner, reads times in.
std::string zone_of(const Services& world, const storage::PersonRow& person);
std::string zone_of(Services& world, const storage::WorkspaceRow& workspace);

}  // namespace commands
