#include "commands/work.hpp"

#include "commands/printable.hpp"

namespace commands {
namespace {

/// A workspace that was silent for longer is not asked: its answer would not come.
constexpr net::Duration recently = std::chrono::minutes(2);
constexpr std::size_t longest_list = 400;

/// Strings of a report's array.
std::string list_of(const nlohmann::json& report, const char* key) {
  std::vector<std::string> list;
  for (const auto& one : report.value(key, nlohmann::json::array()))
    if (one.is_string()) list.push_back(printable(one.get<std::string>()));
  return cut(joined(list), longest_list);
}

Work work_in(const nlohmann::json& report) { return {list_of(report, "jobs"), list_of(report, "dirty")}; }

}  // namespace

net::awaitable<Leaving> find_leaving(const Operation& op, Services& world) {
  const auto session = world.storage.sessions.current(op.row().workspace);
  if (!session) co_return Leaving{};
  const hetzner::ServerId id{session->server_id};
  const auto server = co_await world.cloud.find_server(id);
  co_return Leaving{id, session->operation, server && server->status != "off"};
}

net::awaitable<std::optional<Work>> ask_work(const Operation& op, Services& world, const Leaving& leaving) {
  const Reports::Source source{op.row().workspace, leaving.up};
  const auto seen = world.reports.last_seen(source);
  if (!leaving.runs || !seen || *seen + recently < world.clock.now()) co_return std::nullopt;
  const Order order{"ask_work", op.id() + "/ask_work"};
  const auto limit = world.settings.limits.request;
  const auto report = co_await world.reports.until_done(source, order, limit);
  if (!report) co_return std::nullopt;
  co_return work_in(*report);
}

Work last_work(Services& world, std::int64_t workspace) {
  const auto last = world.storage.reports.find(workspace);
  if (!last || !last->report.is_object()) return {};
  return {"", list_of(last->report, "dirty")};
}

std::string text_of(const Work& work) {
  std::string text;
  if (!work.jobs.empty()) text += "running: " + work.jobs;
  if (!work.dirty.empty()) text += (text.empty() ? "" : "; ") + ("uncommitted or unpushed: " + work.dirty);
  return text;
}

}  // namespace commands
