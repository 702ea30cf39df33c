#include "tests/weeks/desk.hpp"

#include <algorithm>

#include "bot/report_check.hpp"
#include "net/spawn.hpp"

namespace weeks {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// From the order of a server until its editor answers.
constexpr auto boot = 90s;
/// What writing everything out takes.
constexpr auto flush = 2s;
constexpr auto longest_hold = 50s;
/// Of real time, which does not pass while a story waits.
constexpr auto patience = 10min;

net::Time next_minute(net::Time time) { return std::chrono::floor<std::chrono::minutes>(time) + 1min; }

}  // namespace

void Desks::open(net::Executor executor, commands::Reports& reports, storage::Storage& storage,
                 std::uint16_t port) {
  executor_ = executor;
  reports_ = &reports;
  storage_ = &storage;
  seated_.clear();
  const auto url = "http://127.0.0.1:" + std::to_string(port);
  client_ = std::make_unique<net::Client>(executor, net::parse_endpoint(url));
  look();
}

void Desks::close() {
  client_.reset();
  reports_ = nullptr;
  storage_ = nullptr;
}

void Desks::look() {
  const auto running = storage_->sessions.running();
  for (auto& [server, desk] : desks_) {
    const auto is_this = [id = server](const auto& session) { return session.server_id == id; };
    if (std::none_of(running.begin(), running.end(), is_this)) desk.is_over = true;
  }
  for (const auto& session : running) {
    if (seated_.contains(session.server_id)) continue;
    seated_[session.server_id] = true;
    if (!desks_.contains(session.server_id)) {
      const auto workspace = storage_->workspaces.find(session.workspace);
      const auto owner = storage_->people.find(workspace->owner);
      Desk desk;
      desk.owner = owner->user;
      desk.source = {session.workspace, session.operation};
      desk.booted = session.created + boot;
      desks_[session.server_id] = desk;
    }
    net::spawn(*executor_, "desk of server " + std::to_string(session.server_id),
               live(desks_[session.server_id]));
  }
}

net::awaitable<void> Desks::live(Desk& desk) {
  co_await clock_.sleep_until(desk.booted);
  while (!desk.is_over) {
    const auto next = next_minute(clock_.now());
    if (script_.is_unheard(desk.owner, clock_.now())) {
      co_await clock_.sleep_until(next);
      continue;
    }
    const auto order = co_await tell(desk);
    co_await obey(desk, order);
  }
}

json Desks::report(const Desk& desk) const {
  auto report = script_.signals(desk.owner, clock_.now());
  report["boot_id"] = desk.source.operation;
  report["uptime"] = std::chrono::floor<std::chrono::seconds>(clock_.now() - desk.booted).count();
  report["stage"] = "ready";
  report["state"] = "ok";
  report["detail"] = "https";
  report["ready"] = true;
  if (desk.done) report["done"] = *desk.done;
  return report;
}

net::awaitable<commands::Order> Desks::tell(Desk& desk) {
  const auto now = clock_.now();
  const auto said = report(desk).dump();
  if (wired_.from <= now && now < wired_.to) {
    auto order = co_await post(desk, said, now);
    desk.done.reset();
    co_return order;
  }
  reports_->accept(desk.source, bot::checked_report(said));
  desk.done.reset();
  const auto source = desk.source;
  const auto wait = next_minute(now) - now;
  auto order = co_await reports_->until_order(source, wait);
  co_return order;
}

/// Held as long as an agent's is, but not over a whole minute, at which others report.
net::awaitable<commands::Order> Desks::post(const Desk& desk, std::string body, net::Time now) {
  const auto until = std::min<net::Time>(next_minute(now), now + longest_hold);
  const auto wait = std::chrono::floor<std::chrono::seconds>(until - now);
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/report?wait=" + std::to_string(wait.count());
  request.headers = {{"Authorization", "Bearer " + reports_->token(desk.source)}};
  request.body = std::move(body);
  const auto answer = co_await client_->fetch(request, patience);
  if (answer.status != 200) throw std::runtime_error("a report was answered " + answer.body);
  ++posted_;
  const auto order = json::parse(answer.body);
  const bool is_idle = order.at("do") == "nothing";
  if (is_idle) co_await clock_.sleep_until(until);
  co_return commands::Order{order.at("do"), order.at("id")};
}

net::awaitable<void> Desks::obey(Desk& desk, const commands::Order& order) {
  const auto id = order.id;
  const bool is_last = order.verb == "prepare_stop";
  if (id.empty()) co_return;
  if (is_last) co_await clock_.sleep_for(flush);
  desk.done = json{{"id", id}, {"ok", true}};
  if (!is_last) co_return;
  // Nobody is left to report once the machine shuts down, which follows at once.
  co_await tell(desk);
  desk.is_over = true;
}

}  // namespace weeks
