#pragma once
#include "bot/config.hpp"
#include "bot/finding.hpp"
#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"

namespace bot {

/// What the checks go by. Each asks once, waits at most [limits] request, and makes a finding of whatever
/// it meets: no check throws.
struct Checking {
  net::Executor executor;
  net::Clock& clock;
  net::Random& random;
  const Config& config;
};

/// That it was read, and what whoever wrote it should know.
Findings check_configuration(const Config& config, const std::string& file);

/// State directory, disk, database. A database that a running process holds is left to it, and it is asked.
struct StateFound {
  Findings findings;
  bool is_running = false;
};
StateFound check_state(const Config& config);

/// Hetzner: reachable, the token and what it may do, and whether the project has what an `up` by this
/// configuration needs. Changes nothing there.
net::awaitable<Findings> check_cloud(Checking with);

/// The tailnet: the OAuth client, our tag, the login server. A key is made for one minute and revoked at
/// once, for nothing else proves that the tag is allowed.
net::awaitable<Findings> check_tailnet(Checking with);

/// Matrix: the homeserver, the account, its rooms. Nothing is sent, joined or refreshed; nothing without
/// [matrix].
net::awaitable<Findings> check_matrix(Checking with);

/// Slack: both tokens, what the app may do. A socket's URL is asked for and not dialled; nothing without
/// [slack].
net::awaitable<Findings> check_slack(Checking with);

/// The endpoint that workspaces report to; asked over HTTP when a process `is_running`.
net::awaitable<Findings> check_reports(Checking with, bool is_running);

}  // namespace bot
