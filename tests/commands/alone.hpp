#pragma once
#include <boost/asio/io_context.hpp>
#include <string>

#include "commands/operation.hpp"
#include "commands/request.hpp"
#include "net/client.hpp"
#include "tests/bot/loop.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"

namespace commands::test {

/// The services of a bot whose cloud and tailnet nobody answers for, on a clock that stands still; alice
/// and her workspace.
struct Alone {
  Alone() {
    alice = storage.people.ensure("console", "alice").id;
    storage::WorkspaceRow row;
    row.owner = alice;
    row.name = "main";
    row.hostname = "alice";
    workspace = storage.workspaces.add(row);
  }

  storage::OperationRow begun(const std::string& origin = "m1", const std::string& verb = "up") {
    storage::OperationRow row;
    row.origin = origin;
    row.id = storage::operation_id(origin);
    row.verb = verb;
    row.request = Request{.verb = verb};
    row.workspace = workspace;
    row.actor = alice;
    row.chat = "console";
    row.room = "console";
    row.state = "running";
    row.created = clock.now();
    storage.journal.add(row);
    return row;
  }
  /// What the outbox holds for a line of an operation.
  nlohmann::json said(const storage::OperationRow& operation, const std::string& line) {
    const auto row = storage.outbox.find(operation.id + "/" + line);
    return row ? nlohmann::json::parse(row->body) : nlohmann::json();
  }

  boost::asio::io_context io{1};
  bot::test::StillClock clock{io.get_executor()};
  net::Random random{1};
  TempDir dir;
  storage::Storage storage{dir.file("devbox.db")};
  net::Client nobody{io.get_executor(), net::parse_endpoint("http://127.0.0.1:1")};
  hetzner::Api api{nobody, clock, random, {}};
  hetzner::Actions actions{io.get_executor(), api, clock};
  hetzner::Cloud cloud{api, actions, clock};
  tailnet::Tailnet tailnet{io.get_executor(), nobody, clock, random, {}};
  Reports reports{io.get_executor(), clock, storage, "the report key"};
  Project project{io.get_executor(), cloud, clock, random};
  Settings settings;
  Services world{io.get_executor(), clock, random, storage, cloud, tailnet, reports, project, settings, {}};
  std::int64_t alice = 0;
  std::int64_t workspace = 0;
};

}  // namespace commands::test
