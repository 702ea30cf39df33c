#include "tests/weeks/weeks.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "net/spawn.hpp"
#include "tests/weeks/wires.hpp"

namespace weeks {
namespace {

using namespace std::chrono_literals;

/// Of real time: what is on the way between two sockets for so long is lost.
constexpr auto longest_way = 30s;
constexpr auto look_again = 20us;

/// A story has no need for a disk, whose syncs would be most of the time that it takes.
std::filesystem::path memory() {
  const std::filesystem::path shared = "/dev/shm";
  return ::access(shared.c_str(), W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
}

std::string reason_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

Weeks::Weeks(Setting setting)
    : setting_(std::move(setting)),
      script_(setting_.calendar, setting_.script),
      clock_(setting_.calendar.time("1 mon 00:00")),
      directory_(memory()),
      outside_(clock_),
      desks_(script_, clock_,
             {setting_.calendar.time(setting_.wired_from), setting_.calendar.time(setting_.wired_to)}),
      room_(directory_.file("control")) {
  spdlog::set_level(spdlog::level::err);
  net::on_death(
      [this](const auto& task, const auto& failure) { died_ = task + " died: " + reason_of(failure); });
  ::setenv("RUNTIME_DIRECTORY", directory_.path().c_str(), 1);
  outside_.configure(config_);
  config_.database = directory_.file("devbox.db");
  config_.settings.policy.members = {"console:*"};
  config_.settings.timezone = setting_.calendar.zone();
  setting_.configure(config_);
  for (const auto& line : script_.lines())
    agenda_.push_back({line.at, [this, line] { room_.say(line.who, line.text); }});
  begin();
  // The machines join the tailnet; their desks report.
  ask("PUT", "/_sim/servers/default/behaviour", {{"report", "silent"}});
}

Weeks::~Weeks() {
  end();
  net::on_death(nullptr);
}

void Weeks::begin() {
  process_ = std::make_unique<Process>(config_, clock_, random_);
  desks_.open(process_->io.get_executor(), process_->program.reports(), process_->storage,
              process_->program.reports_port());
}

void Weeks::end() {
  room_.hang_up();
  desks_.close();
  process_.reset();
}

void Weeks::restart() {
  end();
  begin();
}

void Weeks::say(const std::string& person, const std::string& line) {
  room_.say(person, line);
  settle();
}

void Weeks::at(const std::string& when, std::function<void()> work) {
  const Event event{setting_.calendar.time(when), std::move(work)};
  const auto later = [](const Event& one, const Event& other) { return one.at < other.at; };
  agenda_.insert(std::upper_bound(agenda_.begin(), agenda_.end(), event, later), event);
}

nlohmann::json Weeks::ask(const std::string& method, const std::string& path, const nlohmann::json& body) {
  settle();
  outside_.ask(method, path, body);
  settle();
  return outside_.answer();
}

void Weeks::run_until(const std::string& when) {
  const auto end = setting_.calendar.time(when);
  for (;;) {
    settle();
    on_pause();
    const auto to = next(end);
    if (to >= end && clock_.now() >= end) return;
    clock_.jump(to);
    settle();
    while (!agenda_.empty() && agenda_.front().at <= clock_.now()) {
      const auto work = std::move(agenda_.front().work);
      agenda_.erase(agenda_.begin());
      work();
    }
  }
}

void Weeks::sleep_until(const std::string& when) {
  settle();
  clock_.jump(setting_.calendar.time(when));
  settle();
}

net::Time Weeks::next(net::Time end) const {
  auto first = end;
  if (const auto sleeper = clock_.next()) first = std::min(first, *sleeper);
  if (!agenda_.empty()) first = std::min(first, agenda_.front().at);
  return std::max(first, clock_.now());
}

void Weeks::settle() {
  const auto deadline = std::chrono::steady_clock::now() + longest_way;
  for (;;) {
    while (turn() > 0) {
    }
    // Asked before the last look: what has arrived by now is seen by it.
    const bool silent = are_silent();
    if (turn() == 0 && silent) return;
    if (silent) continue;
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("what was sent between two sockets does not arrive");
    std::this_thread::sleep_for(look_again);
  }
}

std::size_t Weeks::turn() {
  auto done = outside_.poll();
  done += let_the_bot_run();
  if (room_.look()) ++done;
  listen();
  if (!died_.empty()) throw std::runtime_error(died_);
  const auto changes = sqlite3_total_changes64(process_->storage.database.handle().getHandle());
  if (std::exchange(changes_, changes) != changes) desks_.look();
  return done;
}

std::size_t Weeks::let_the_bot_run() {
  std::size_t done = 0;
  while (process_->poll_one()) {
    ++done;
    if (!dies_here || !dies_here(process_->storage.database)) continue;
    restart();
    return done;
  }
  return done;
}

void Weeks::listen() {
  const auto& all = room_.replies();
  while (said_.size() < all.size()) {
    const auto& reply = all[said_.size()];
    said_.push_back({clock_.now(), reply.key, reply.room, reply.text});
  }
}

}  // namespace weeks
