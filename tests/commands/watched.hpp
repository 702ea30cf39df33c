#pragma once
#include <functional>
#include <memory>

#include "commands/keeper.hpp"
#include "commands/table.hpp"
#include "net/spawn.hpp"
#include "tests/commands/alone.hpp"

namespace commands::test {

/// alice's server, made at `created` and in the tailnet, on a clock that goes from minute to minute; a keeper
/// looks each minute, and what the server reports is up to the story.
struct WatchedServer : Alone {
  explicit WatchedServer(std::int64_t id = 4711) : server(id) {
    clock.advance(std::chrono::hours(9));
    auto row = begun("m1 of alice");
    storage.journal.finish(row.id, "done", "", clock.now());
    up = row.id;
    storage::SessionRow session;
    session.server_id = server;
    session.workspace = workspace;
    session.operation = up;
    session.type = "cpx32";
    session.location = "fsn1";
    session.currency = "EUR";
    session.created = created = clock.now();
    storage.sessions.add(session);
    storage.sessions.set_node(server, "n1", "alice.tail1234.ts.net");
    restart();
  }
  /// Another process takes over.
  void restart() {
    keeper.reset();
    runner = std::make_unique<Runner>(world);
    keeper = std::make_unique<Keeper>(world, *runner);
  }
  /// Minutes pass; `report` is sent at the beginning of each, if it is one.
  void pass(int minutes, const std::function<nlohmann::json()>& report) {
    for (int minute = 0; minute < minutes; ++minute) {
      const auto said = report();
      if (!said.is_null()) reports.accept({workspace, up}, said);
      look();
      clock.advance(std::chrono::minutes(1));
    }
    look();
  }
  /// What it begins beside looking goes on as far as it can.
  void look() {
    keeper->look();
    turn();
  }
  void turn() {
    io.restart();
    io.poll();
  }
  [[nodiscard]] int minute() const {
    return static_cast<int>((clock.now() - created) / std::chrono::minutes(1));
  }
  /// What was said of it so far, oldest first, without the buttons' lines.
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    SQLite::Statement rows(storage.database.handle(),
                           "SELECT body FROM outbox WHERE key LIKE 'idle/%' ORDER BY rowid");
    while (rows.executeStep())
      texts.push_back(nlohmann::json::parse(rows.getColumn(0).getString()).at("text"));
    return texts;
  }
  std::vector<std::string> stops() {
    std::vector<std::string> origins;
    SQLite::Statement rows(storage.database.handle(),
                           "SELECT origin FROM operation WHERE origin LIKE 'idle:%' ORDER BY rowid");
    while (rows.executeStep()) origins.push_back(rows.getColumn(0).getString());
    return origins;
  }
  /// A line of somebody, who may have pressed a button.
  std::string say(const std::string& person, const std::string& line, const std::string& pressed = "") {
    Caller caller;
    caller.person = storage.people.ensure("console", person);
    caller.role = Role::member;
    caller.message.chat = caller.message.room = "console";
    caller.message.answer_to = pressed;
    try {
      const auto asked = understand(world, caller, line);
      const auto begun = asked.command->begin(world, caller, asked.request);
      if (const auto* lookup = std::get_if<Later>(&begun)) return answer_of(*lookup);
      const auto* text = std::get_if<std::string>(&begun);
      return text ? *text : "(begun)";
    } catch (const Error& error) {
      return error.what();
    }
  }

  /// Of a lookup that Hetzner never answers.
  std::string answer_of(const Later& lookup) {
    std::string answer;
    const auto take = [&]() -> net::awaitable<void> { answer = co_await lookup(); };
    net::spawn(world.executor, "a lookup", take());
    turn();
    clock.advance(settings.limits.request);
    turn();
    return answer;
  }

  std::int64_t server;
  std::string up;
  net::Time created;
  std::unique_ptr<Runner> runner;
  std::unique_ptr<Keeper> keeper;
};

/// Somebody typed last `idle` ago; nothing else goes on.
inline nlohmann::json left(net::Duration idle) {
  return {{"v", 1},
          {"boot_id", "b"},
          {"cpu", 0.01},
          {"io", 0},
          {"jobs", nlohmann::json::array()},
          {"leases", nlohmann::json::array()},
          {"dirty", nlohmann::json::array()},
          {"logins", {{{"tty", "pts/0"}, {"idle", idle / std::chrono::seconds(1)}}}}};
}

}  // namespace commands::test
