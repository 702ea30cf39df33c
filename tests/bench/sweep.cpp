#include "tests/bench/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "commands/keeper.hpp"
#include "tests/commands/alone.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr int kept_workspaces = 10'000;

/// So many that run and have reported, every tenth with hours and a lease.
struct Fleet : commands::test::Alone {
  Fleet() {
    commands::WorkingHours working;
    working.schedule = commands::parse_schedule({"0-24", "mon-sun", "Europe/Riga"}, "UTC");
    working.place = {"console", "console", ""};
    working.since = clock.now();
    hours = commands::stored(working);
    storage.database.write(storage::Commit::normal, [&] {
      for (int number = 0; number < kept_workspaces; ++number) add(number);
    });
  }

  void add(int number) {
    const auto name = "w" + std::to_string(number);
    storage::WorkspaceRow row;
    row.owner = storage.people.ensure("console", name).id;
    row.name = row.hostname = name;
    if (number % 10 == 5) row.policy["schedule"] = hours;
    const auto id = storage.workspaces.add(row);
    auto up = begun("m" + name, "up");
    storage.journal.finish(up.id, "done", "", clock.now());
    storage::SessionRow session;
    session.server_id = 1000 + number;
    session.workspace = id;
    session.operation = up.id;
    session.type = "cpx32";
    session.location = "fsn1";
    session.currency = "EUR";
    session.created = clock.now();
    storage.sessions.add(session);
    storage.sessions.set_node(session.server_id, "n" + name, name + ".tail1234.ts.net");
    sources.push_back({id, up.id});
    if (number % 10 == 0) commands::set_hold(world, session.server_id, "keep", clock.now() + 3h, "keep 3h");
  }

  void report() {
    const auto said = nlohmann::json::parse(R"({"v":1,"boot_id":"b","logins":[{"tty":"pts/0","idle":7}],
      "cpu":0.15,"io":20000,"jobs":[],"leases":[],"dirty":["app"]})");
    for (const auto& source : sources) reports.accept(source, said);
  }

  /// Milliseconds of processor for a look at each.
  double look(commands::Keeper& keeper) {
    const auto before = std::clock();
    keeper.look();
    return 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  }

  std::vector<commands::Reports::Source> sources;
  nlohmann::json hours;
};

}  // namespace

void sweep(Table& table) {
  Fleet fleet;
  fleet.report();
  commands::Runner runner(fleet.world);
  commands::Keeper keeper(fleet.world, runner);
  keeper.look();
  std::vector<double> took;
  for (int minute = 0; minute < 9; ++minute) {
    fleet.clock.advance(1min);
    fleet.report();
    took.push_back(fleet.look(keeper));
  }
  std::sort(took.begin(), took.end());
  table.row(fmt::format("a minute's look at {:L} that run", kept_workspaces),
            fmt::format("{:.1f} ms of processor", took[took.size() / 2]), "100 ms");
}

}  // namespace bench
