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
    storage::WorkspaceRow row;
    row.owner = person;
    row.name = "main";
    row.hostname = "alice";
    workspace = storage.workspaces.add(row);
    source = {workspace, operation("m1", "done")};
    storage::SessionRow session;
    session.server_id = 1;
    session.workspace = workspace;
    session.operation = source.operation;
    session.type = "cpx32";
    session.location = "fsn1";
    session.currency = "EUR";
    session.created = clock.now();
    storage.sessions.add(session);
  }
  std::string operation(const std::string& origin, const std::string& state) {
    storage::OperationRow row;
    row.id = storage::operation_id(origin);
    row.origin = origin;
    row.verb = "up";
    row.request = {{"verb", "up"}};
    row.workspace = workspace;
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
