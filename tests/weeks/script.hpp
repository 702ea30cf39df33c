#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/weeks/calendar.hpp"

namespace weeks {

/// What people do, a row a thing: {"1 mon 09:00", "alice", "types until 12:10"}.
struct Row {
  std::string when;
  std::string who;
  std::string what;
};

/// The same, read. A person
///   says LINE                 in the own room of the chat
///   types until TIME          keystrokes and traffic of the editor
///   reads until TIME          the editor's tab and a terminal are open, nobody touches them
///   builds until TIME         make runs
///   computes until TIME       something of no known name keeps the cores busy
///   leases until TIME         devboxctl keep
///   leaves work until TIME    something is not committed
///   is unheard until TIME     the agent is dead: no reports
/// and whoever does nothing has closed the laptop. Spans hold at both ends.
class Script {
 public:
  Script(const Calendar& calendar, const std::vector<Row>& rows);

  struct Line {
    net::Time at;
    std::string who;
    std::string text;
  };
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }  ///< in order
  [[nodiscard]] bool is_unheard(const std::string& who, net::Time now) const;
  /// The signals of who's workspace, as its agent reports them (DESIGN, Report), without stage and `done`.
  [[nodiscard]] nlohmann::json signals(const std::string& who, net::Time now) const;

 private:
  struct Span {
    net::Time from;
    net::Time to;
  };
  using Spans = std::map<std::string, std::vector<Span>>;  ///< by person

  [[nodiscard]] const Span* find(const std::string& verb, const std::string& who, net::Time now) const;
  [[nodiscard]] std::int64_t idle_seconds(const std::string& who, net::Time now) const;

  std::vector<Line> lines_;
  std::map<std::string, Spans> spans_;  ///< by what is done
};

}  // namespace weeks
