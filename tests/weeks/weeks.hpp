#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/temp_dir.hpp"
#include "tests/weeks/desk.hpp"
#include "tests/weeks/process.hpp"
#include "tests/world/room.hpp"

namespace weeks {

using Texts = std::vector<std::string>;

/// What a story is about.
struct Setting {
  std::vector<Row> script;
  Calendar calendar{"Europe/Berlin", 2026, 10, 19};
  std::string wired_from = "1 mon 00:00";  ///< from then on until `wired_to` reports come by HTTP
  std::string wired_to = "1 mon 00:00";
  std::function<void(bot::Config&)> configure = [](bot::Config&) {};
};

struct Said {
  net::Time at;
  std::string key;  ///< of the outbox row
  std::string room;
  std::string text;
};

/// The whole bot as `main` makes it, both simulators over real HTTP and people who follow a script, in one
/// thread and on one clock that stands still while anything goes on and else jumps to what comes next: weeks
/// pass in seconds, and the same story is the same each time, to the minute.
class Weeks {
 public:
  explicit Weeks(Setting setting);
  ~Weeks();
  Weeks(const Weeks&) = delete;
  Weeks& operator=(const Weeks&) = delete;

  /// Lets time pass: "2 wed 09:30".
  void run_until(const std::string& when);
  /// The host is suspended: what would have gone on meanwhile goes on then.
  void sleep_until(const std::string& when);
  /// Said now, and answered if it needs no time.
  void say(const std::string& person, const std::string& line);
  /// Does that then, while time stands still.
  void at(const std::string& when, std::function<void()> work);
  /// The process ends where it is, and another one takes over the database.
  void restart();
  /// The process ends after a thing that it has done, as often as this says so.
  std::function<bool(storage::Database&)> dies_here;
  /// Time is about to pass.
  std::function<void()> on_pause = [] {};

  /// New messages, in order; progress, which edits them, is left out.
  [[nodiscard]] const std::vector<Said>& said() const { return said_; }
  nlohmann::json ask(const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr);
  /// Reports that came by HTTP.
  [[nodiscard]] int posted() const { return desks_.posted(); }
  [[nodiscard]] const Calendar& calendar() const { return setting_.calendar; }
  [[nodiscard]] net::Time now() const { return clock_.now(); }
  storage::Storage& storage() { return process_->storage; }

 private:
  struct Event {
    net::Time at;
    std::function<void()> work;
  };
  void begin();
  void end();
  /// Until nothing goes on.
  void settle();
  std::size_t turn();
  std::size_t let_the_bot_run();
  void listen();
  [[nodiscard]] net::Time next(net::Time end) const;

  Setting setting_;
  Script script_;
  StoryClock clock_;
  TempDir directory_;
  net::Random random_{1};
  Outside outside_;
  bot::Config config_;
  Desks desks_;
  world::Room room_;
  std::unique_ptr<Process> process_;
  std::int64_t changes_ = 0;   ///< in the database, when desks were looked for last
  std::vector<Event> agenda_;  ///< in order, from the one that is next
  std::vector<Said> said_;
  std::string died_;  ///< a task of the bot or of a simulator, of what
};

}  // namespace weeks
