#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/routes.hpp"
#include "hetzner/simulator/units.hpp"
#include "hetzner/simulator/workload.hpp"

namespace hetzner::simulator {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::int64_t usual_samples = 200;
constexpr std::int64_t most_samples = 500;
constexpr auto kept_metrics = 30 * 24h;
constexpr double bytes_an_operation = 4096;
constexpr double bytes_a_packet = 500;

struct Window {
  std::set<std::string> types;
  net::Time start, end;
  std::int64_t step_s = 0;
};

/// "cpu,disk", "cpu&type=disk".
std::set<std::string> types_of(const Call& call) {
  std::set<std::string> types;
  for (const auto& given : call.all("type")) {
    std::istringstream words(given);
    for (std::string word; std::getline(words, word, ',');) types.insert(word);
  }
  if (types.empty()) throw invalid("type", "missing data for required field");
  for (const auto& type : types)
    if (type != "cpu" && type != "disk" && type != "network")
      throw invalid("type", "must be one of cpu, disk, network");
  return types;
}

net::Time time_of(const Call& call, const std::string& key) {
  const auto text = call.find(key);
  if (!text || text->empty()) throw invalid(key, "missing data for required field");
  const auto time = find_rfc3339(*text);
  if (!time) throw invalid(key, "not a valid RFC 3339 time");
  return *time;
}

/// As fine as asked, but for the number of samples.
std::int64_t step_of(const Call& call, std::int64_t span_s) {
  const auto step_for = [&](std::int64_t samples) {
    return std::max<std::int64_t>(1, (span_s + samples - 2) / (samples - 1));
  };
  const auto text = call.find("step");
  if (!text) return step_for(usual_samples);
  std::int64_t step = 0;
  const auto [stop, failure] = std::from_chars(text->data(), text->data() + text->size(), step);
  if (failure != std::errc() || stop != text->data() + text->size() || step < 1)
    throw invalid("step", "must be a positive number");
  return std::max(step, step_for(most_samples));
}

Window window_of(const Call& call) {
  Window window;
  window.types = types_of(call);
  window.start = time_of(call, "start");
  window.end = time_of(call, "end");
  if (window.end <= window.start) throw invalid("end", "must be after start");
  window.step_s = step_of(call, (window.end - window.start) / 1s);
  return window;
}

/// What the machine is busy with, by the clock; nothing while it is off.
Workload load_at(const World& world, const Server& server, net::Time billed) {
  const auto at = billed - world.advanced;
  if (server.status == "running" && at >= server.machine.booted) return workload(server.behaviour, at);
  Workload off;
  off.cores = 0;
  return off;
}

/// Each time series of a type, from what went on.
using Show = double (*)(const Workload&);
struct Series {
  const char* type;
  const char* name;
  Show show;
};
double network_of(const Workload& load) { return static_cast<double>(load.editor_bytes) / 60; }
constexpr Series all_series[] = {
    {"cpu", "cpu", [](const Workload& load) { return load.cores * 100; }},
    {"disk", "disk.0.iops.read", [](const Workload& load) { return load.io / 4 / bytes_an_operation; }},
    {"disk", "disk.0.iops.write", [](const Workload& load) { return load.io * 3 / 4 / bytes_an_operation; }},
    {"disk", "disk.0.bandwidth.read", [](const Workload& load) { return load.io / 4; }},
    {"disk", "disk.0.bandwidth.write", [](const Workload& load) { return load.io * 3 / 4; }},
    {"network", "network.0.pps.in",
     [](const Workload& load) { return network_of(load) / 4 / bytes_a_packet; }},
    {"network", "network.0.pps.out",
     [](const Workload& load) { return network_of(load) * 3 / 4 / bytes_a_packet; }},
    {"network", "network.0.bandwidth.in", [](const Workload& load) { return network_of(load) / 4; }},
    {"network", "network.0.bandwidth.out", [](const Workload& load) { return network_of(load) * 3 / 4; }},
};

/// [unix seconds, "12.5"] from when it was made until now, for so long as they are kept.
json samples(const World& world, const Server& server, const Window& window, Show show) {
  const auto now = world.billing_time();
  const auto first = std::max(server.created, now - kept_metrics);
  json values = json::array();
  for (auto at = window.start; at <= std::min(window.end, now); at += window.step_s * 1s) {
    if (at < first) continue;
    const double second = static_cast<double>(at.time_since_epoch() / 1ms) / 1000;
    values.push_back(json::array({second, fmt::format("{}", show(load_at(world, server, at)))}));
  }
  return values;
}

}  // namespace

Reply get_metrics(Call& call) {
  const auto& server = call.project.server(call.ids.front());
  const auto window = window_of(call);
  json series = json::object();
  for (const auto& each : all_series)
    if (window.types.contains(each.type))
      series[each.name] = {{"values", samples(call.world, server, window, each.show)}};
  return {200,
          {{"metrics",
            {{"start", rfc3339(window.start)},
             {"end", rfc3339(window.end)},
             {"step", window.step_s},
             {"time_series", std::move(series)}}}}};
}

}  // namespace hetzner::simulator
