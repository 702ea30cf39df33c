#include "tests/weeks/crash.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace weeks {
namespace {

Told told_by(Weeks& story) {
  Told told{transcript(story), servers(story)};
  std::sort(told.said.begin(), told.said.end());
  std::sort(told.servers.begin(), told.servers.end());
  return told;
}

int rows_like(storage::Database& database, const std::string& pattern) {
  auto& count = database.prepare("SELECT count(*) FROM outbox WHERE key GLOB ?");
  count.bind(1, pattern);
  count.executeStep();
  const int rows = count.getColumn(0).getInt();
  count.reset();
  return rows;
}

}  // namespace

Crashes::Crashes(Weeks& story, std::string rows, int steps) : rows_(std::move(rows)), steps_(steps) {
  story.dies_here = [this](auto& database) { return is_here(database); };
  story.on_pause = [this] { left_.reset(); };
}

bool Crashes::is_here(storage::Database& database) {
  const auto changes = sqlite3_total_changes64(database.handle().getHandle());
  if (std::exchange(changes_, changes) != changes) {
    const auto rows = rows_like(database, rows_);
    if (std::exchange(known_, rows) < rows && !left_) left_ = steps_;
  }
  if (!left_ || (*left_)-- > 0) return false;
  left_.reset();
  ++count_;
  return true;
}

std::vector<Told> tell_with_crashes(const Setting& setting, const std::string& rows, const std::string& end) {
  std::vector<Told> all;
  {
    Weeks story(setting);
    story.run_until(end);
    all.push_back(told_by(story));
  }
  for (int steps = 0;; ++steps) {
    Weeks story(setting);
    const Crashes crashes(story, rows, steps);
    story.run_until(end);
    if (crashes.count() == 0) return all;
    all.push_back(told_by(story));
    all.back().crashes = crashes.count();
  }
}

}  // namespace weeks
