#include "hetzner/simulator/control.hpp"

#include <algorithm>
#include <set>

#include "hetzner/simulator/bill.hpp"
#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/respond.hpp"
#include "hetzner/simulator/routes.hpp"
#include "hetzner/simulator/shape.hpp"
#include "hetzner/simulator/units.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

json put_stock(World& world, const json& body) {
  const std::string type = body.at("type"), location = body.at("location");
  const auto* known = world.catalogue.find_type(type);
  if (!known || !known->find_offer(location)) throw invalid("type", "the catalogue has no such type there");
  const auto found = std::find_if(world.stock.begin(), world.stock.end(), [&](const Stock& each) {
    return each.type == type && each.location == location;
  });
  auto& stock = found != world.stock.end() ? *found : world.stock.emplace_back();
  stock.type = type;
  stock.location = location;
  if (body.contains("available")) stock.available = body.at("available").get<bool>() ? 1 : 0;
  if (body.contains("create")) stock.create = body.at("create").get<std::string>();
  if (!stock.create.empty() && stock.create != "ok" && stock.create != "412")
    throw invalid("create", "must be ok or 412");
  return stock;
}

json advance_clock(World& world, const json& body) {
  world.advanced += net::Duration(static_cast<std::int64_t>(body.at("advance_s").get<double>() * 1000));
  return {{"now", rfc3339(world.billing_time())}};
}

json show_bill(World& world, const net::Target& target) {
  bool read_only = false;
  auto* project = world.find_project(target.find("token").value_or(""), read_only);
  if (!project) throw not_found("project with this token");
  return bill(project->held.charges, world.catalogue.currency, world.billing_time());
}

constexpr double longest_idle_s = 366.0 * 86400;

void check(const Behaviour& behaviour) {
  static const std::set<std::string> words{
      "ok",    "silent", "silent_build", "no_join", "join_fails",  "failed",      "http",        "busy",
      "dirty", "build",  "tab",          "lease",   "flush_fails", "flush_hangs", "no_shutdown", "hung"};
  if (!words.contains(behaviour.report)) throw invalid("report", "no such behaviour: " + behaviour.report);
  if (behaviour.join_s < 0 || behaviour.ready_s < 0) throw invalid("join_s", "must not be negative");
  if (behaviour.idle_s < 0 || behaviour.idle_s > longest_idle_s)
    throw invalid("idle_s", "must be from 0 to a year of seconds, or null");
}

/// What is not named stays as it is; a misspelt name would make a test that cannot fail. `idle_s` is said of
/// this moment, and grows from then on; null = somebody is at work again.
Behaviour changed(const Behaviour& before, const json& body, net::Time now) {
  json all = before;
  for (const auto& [key, value] : body.items()) {
    if (!all.contains(key) || key == "idle_from") throw invalid(key, "unknown field");
    if (key == "idle_s") all["idle_from"] = value.is_null() ? never : now;
    all[key] = key == "idle_s" && value.is_null() ? json(0) : value;
  }
  auto after = all.get<Behaviour>();
  check(after);
  return after;
}

std::pair<Project*, Server*> server_of(World& world, const std::string& text) {
  const auto id = find_id(text);
  for (auto& project : world.projects)
    if (auto* server = id ? project->find_server(*id) : nullptr; server && !server->deleting)
      return {project.get(), server};
  throw not_found("server");
}

json put_behaviour(World& world, const std::string& who, const json& body) {
  if (who == "default") return world.behaviour = changed(world.behaviour, body, world.now());
  const auto [project, server] = server_of(world, who);
  server->behaviour = changed(server->behaviour, body, world.now());
  if (world.on_behaved) world.on_behaved(*project, *server);
  return server->behaviour;
}

json put_power(World& world, const std::string& who, const json& body) {
  const auto [project, server] = server_of(world, who);
  const std::string status = body.at("status");
  if (status != "off" && status != "running") throw invalid("status", "must be off or running");
  if (status == "off" && server->status != "off") project->power_off(*server);
  if (status == "running" && server->status != "running") project->power_on(*server, world.now());
  return {{"status", server->status}};
}

json list_all(World& world) {
  json all = json::array();
  for (auto& project : world.projects)
    for (const auto& [id, server] : project->held.servers) {
      auto row = shown(world, *project, server);
      row["machine"] = server.machine;
      row["behaviour"] = server.behaviour;
      all.push_back(std::move(row));
    }
  return {{"servers", std::move(all)}};
}

json answer(World& world, const net::HttpRequest& request) {
  const auto target = net::parse_target(request.target);
  const auto asked = request.method + " " + target.path;
  if (asked == "GET /_sim/bill") return show_bill(world, target);
  if (asked == "GET /_sim/servers") return list_all(world);
  if (asked == "GET /_sim/routes") return all_routes(world.options.shape == older_shape);
  const json body = request.body.empty() ? json::object() : json::parse(request.body);
  if (asked == "PUT /_sim/stock") return put_stock(world, body);
  if (asked == "POST /_sim/clock") return advance_clock(world, body);
  constexpr std::string_view one = "PUT /_sim/servers/";
  if (asked.starts_with(one)) {
    const auto slash = asked.find('/', one.size());
    const auto who = asked.substr(one.size(), slash - one.size());
    const auto what = slash == std::string::npos ? "" : asked.substr(slash);
    if (what == "/behaviour") return put_behaviour(world, who, body);
    if (what == "/power") return put_power(world, who, body);
  }
  throw not_found("control");
}

}  // namespace

net::HttpResponse control(World& world, const net::HttpRequest& request) {
  world.settle();
  try {
    const auto body = answer(world, request);
    if (request.method != "GET") world.save();
    return json_response(200, body);
  } catch (const Refusal& refusal) {
    return json_response(refusal.status, error_body(refusal.code, refusal.what(), refusal.details));
  } catch (const json::exception& error) {
    return json_response(400, {{"message", error.what()}});
  } catch (const net::Error& error) {
    return json_response(400, {{"message", error.what()}});
  }
}

}  // namespace hetzner::simulator
