#pragma once
#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "commands/starts.hpp"
#include "tests/commands/alone.hpp"
#include "tests/commands/utc.hpp"

namespace commands::test {

using Texts = std::vector<std::string>;

/// Alice, who is a member, with workspaces that have hours; nobody runs what is begun.
struct Office : Alone {
  Office() {
    settings.policy.members = {"console:*"};
    restart();
  }

  void at(const std::string& time) { clock.advance(utc(time) - clock.now()); }
  /// As another process after this one.
  void restart() {
    starts.reset();
    runner.emplace(world);
    starts.emplace(world, *runner);
  }
  std::int64_t another(const std::string& name) {
    storage::WorkspaceRow row;
    row.owner = alice;
    row.name = name;
    row.hostname = "alice-" + name;
    return storage.workspaces.add(row);
  }
  void hours(const std::string& text, std::int64_t id = 0) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    WorkingHours hours;
    hours.schedule = parse_schedule(words, "UTC");
    hours.person = alice;
    hours.place = {"console", "#dev", "t1"};
    hours.since = clock.now();
    storage.workspaces.set_policy(id ? id : workspace, {{"schedule", stored(hours)}});
  }
  storage::WorkspaceRow row() { return storage.workspaces.find(workspace).value(); }

  /// When it wants to be called again.
  std::string call() {
    const auto next = starts->begin_due();
    return next ? utc_text(*next) : "never";
  }
  /// What schedules have begun, oldest first; with the seconds and the workspace when `whole`.
  Texts begun(bool whole = false) {
    std::vector<storage::OperationRow> all;
    for (const auto& one : storage.workspaces.all())
      for (const auto& up : storage.journal.recent_of(one.id, "up", 1000))
        if (up.origin.starts_with("schedule:")) all.push_back(up);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.created < other.created; });
    Texts texts;
    for (const auto& up : all)
      texts.push_back(whole ? date::format("%F %T", date::floor<std::chrono::seconds>(up.created)) + " " +
                                  storage.workspaces.find(up.workspace)->name
                            : utc_text(up.created));
    return texts;
  }
  /// Calls it whenever it wants to be, until then; what was begun comes to nothing. Returns what was begun.
  Texts walk_until(const std::string& end, bool whole = false) {
    const auto before = begun().size();
    for (int calls = 0; calls < 1000; ++calls) {
      const auto next = starts->begin_due();
      finish_all();
      if (!next || *next > utc(end)) break;
      if (*next > clock.now()) clock.advance(*next - clock.now());
    }
    auto texts = begun(whole);
    texts.erase(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(before));
    return texts;
  }
  void finish_all(const std::string& state = "done") {
    for (const auto& operation : storage.journal.unfinished())
      storage.journal.finish(operation.id, state, "", clock.now());
  }
  /// An `up` that took so long.
  void took(net::Duration time) {
    const auto row = begun_by("m" + std::to_string(++operations), "up");
    storage.journal.add_step(row.id, "preflight", nullptr, clock.now());
    storage.journal.add_step(row.id, "boot", nullptr, clock.now());
    clock.advance(time);
    storage.journal.finish(row.id, "done", "", clock.now());
  }
  storage::OperationRow begun_by(const std::string& origin, const std::string& verb) {
    return Alone::begun(origin, verb);
  }
  /// It has a server from now on, by somebody's `up`.
  storage::SessionRow comes_up() {
    const auto up = begun_by("m" + std::to_string(++operations), "up");
    storage.journal.finish(up.id, "done", "", clock.now());
    storage::SessionRow session;
    session.server_id = operations;
    session.workspace = workspace;
    session.operation = up.id;
    session.created = clock.now();
    storage.sessions.add(session);
    return session;
  }
  /// By what has this origin.
  void goes_down(const std::string& origin) {
    const auto down = begun_by(origin, "down");
    storage.sessions.end(storage.sessions.current(workspace).value().server_id, clock.now());
    storage.journal.finish(down.id, "done", "", clock.now());
  }

  std::optional<Runner> runner;
  std::optional<Starts> starts;
  int operations = 0;
};

}  // namespace commands::test
