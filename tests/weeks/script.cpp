#include "tests/weeks/script.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace weeks {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::string_view says = "says ";
constexpr std::string_view until = " until ";
constexpr std::array<std::string_view, 7> verbs = {"types",  "reads",       "builds",    "computes",
                                                   "leases", "leaves work", "is unheard"};
/// In a minute: of somebody who types, and of a tab's keep-alives.
constexpr int typed_bytes = 40'000, open_bytes = 1'500;

std::int64_t unix_seconds(net::Time time) {
  return std::chrono::floor<seconds>(time.time_since_epoch()).count();
}

}  // namespace

Script::Script(const Calendar& calendar, const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    const auto from = calendar.time(row.when);
    if (row.what.starts_with(says)) {
      lines_.push_back({from, row.who, row.what.substr(says.size())});
      continue;
    }
    const auto at = row.what.find(until);
    const auto verb = row.what.substr(0, at);
    if (at == std::string::npos || std::find(verbs.begin(), verbs.end(), verb) == verbs.end())
      throw std::invalid_argument("nobody knows how " + row.who + " " + row.what);
    const auto to = calendar.time(row.what.substr(at + until.size()), from);
    if (to <= from) throw std::invalid_argument(row.when + ": " + row.what + " ends before it begins");
    spans_[verb][row.who].push_back({from, to});
  }
  std::stable_sort(lines_.begin(), lines_.end(),
                   [](const Line& one, const Line& other) { return one.at < other.at; });
}

const Script::Span* Script::find(const std::string& verb, const std::string& who, net::Time now) const {
  const auto all = spans_.find(verb);
  if (all == spans_.end()) return nullptr;
  const auto own = all->second.find(who);
  if (own == all->second.end()) return nullptr;
  for (const auto& span : own->second)
    if (span.from <= now && now <= span.to) return &span;
  return nullptr;
}

bool Script::is_unheard(const std::string& who, net::Time now) const {
  return find("is unheard", who, now) != nullptr;
}

std::int64_t Script::idle_seconds(const std::string& who, net::Time now) const {
  if (find("types", who, now)) return 0;
  const auto all = spans_.find("types");
  auto last = net::Time();
  if (all != spans_.end())
    if (const auto own = all->second.find(who); own != all->second.end())
      for (const auto& span : own->second)
        if (span.to < now) last = std::max(last, span.to);
  // A terminal that was never typed in is as old as its tab.
  if (const auto* tab = find("reads", who, now)) last = std::max(last, tab->from);
  return std::chrono::floor<seconds>(now - last).count();
}

json Script::signals(const std::string& who, net::Time now) const {
  const bool types = find("types", who, now) != nullptr;
  const bool builds = find("builds", who, now) != nullptr;
  const bool computes = find("computes", who, now) != nullptr;
  json report = {{"v", 1},
                 {"cpu", builds     ? 3.2
                         : computes ? 1.9
                         : types    ? 0.15
                                    : 0.01},
                 {"io", builds ? 4'000'000 : 0},
                 {"logins", json::array()},
                 {"jobs", json::array()},
                 {"leases", json::array()},
                 {"dirty", json::array()},
                 {"disk", 12},
                 {"memory", 23}};
  if (types || find("reads", who, now)) {
    report["logins"].push_back({{"tty", "pts/0"}, {"idle", idle_seconds(who, now)}});
    report["editor"] = {{"heartbeat_ms", now.time_since_epoch().count()},
                        {"bytes", types ? typed_bytes : open_bytes}};
  }
  if (builds) report["jobs"].push_back("make");
  if (const auto* lease = find("leases", who, now))
    report["leases"].push_back({{"id", "keep"}, {"until", unix_seconds(lease->to)}});
  if (find("leaves work", who, now)) report["dirty"].push_back("app");
  return report;
}

}  // namespace weeks
