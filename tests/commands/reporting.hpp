#pragma once
#include <boost/asio/io_context.hpp>

#include "commands/reports.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"

namespace commands::test {

/// One workspace of alice with a running session, made by an `up` that has ended.
struct Reporting {
  Reporting() {
    person = storage.people.ensure("console", "alice").id;
    source = running("alice", 1);
    workspace = source.workspace;
  }
  /// Another workspace that runs.
  Reports::Source running(const std::string& name, std::int64_t server) {
    storage::WorkspaceRow row;
    row.owner = person;
    row.name = name;
    row.hostname = name;
    const auto id = storage.workspaces.add(row);
    storage::SessionRow session;
    session.server_id = server;
    session.workspace = id;
    session.operation = operation("m1 of " + name, "done", id);
    session.type = "cpx32";
    session.location = "fsn1";
    session.currency = "EUR";
    session.created = clock.now();
    storage.sessions.add(session);
    return {id, session.operation};
  }
  std::string operation(const std::string& origin, const std::string& state) {
    return operation(origin, state, workspace);
  }
  std::string operation(const std::string& origin, const std::string& state, std::int64_t of) {
    storage::OperationRow row;
    row.id = storage::operation_id(origin);
    row.origin = origin;
    row.verb = "up";
    row.request = {{"verb", "up"}};
    row.workspace = of;
    row.actor = person;
    row.state = state;
    row.created = clock.now();
    storage.journal.add(row);
    return row.id;
  }

  boost::asio::io_context io{1};
  net::SystemClock clock;
  TempDir dir;
  storage::Storage storage{dir.file("devbox.db")};
  std::int64_t person = 0;
  std::int64_t workspace = 0;
  Reports::Source source;
  Reports reports{io.get_executor(), clock, storage, "the report key"};
};

}  // namespace commands::test
