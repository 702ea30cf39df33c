#include "tests/faults/fault.hpp"

#include <map>

namespace faults {
namespace {

using nlohmann::json;

/// Polls repeat as often as time allows: the first two stand for all.
constexpr int polls_looked_at = 2;

bool is_poll(const std::string& path) {
  return path.starts_with("/v1/servers/") || path == "/v1/actions" || path == "/api/v2/tailnet/-/devices" ||
         path == "/v1/volumes" || path == "/v1/primary_ips";
}

/// What is read at start, beside every operation: a short one may end before it.
bool is_daily(const std::string& path) {
  return path == "/v1/pricing" || path == "/v1/ssh_keys" || path == "/v1/firewalls";
}

/// At one request: the process killed, the connection cut, an error answered, no answer in time.
void add_request_faults(std::vector<Fault>& faults, Fault::Kind kind, const json& where,
                        const std::string& name, bool is_certain) {
  const auto add = [&](const std::string& what, bool strict, const json& plan) {
    Fault fault;
    fault.kind = kind;
    fault.where = name + ": " + what;
    fault.plan = where;
    fault.plan.update(plan);
    fault.strict = strict;
    fault.is_certain = is_certain;
    faults.push_back(std::move(fault));
  };
  add("killed before its effect", true, {{"cut", "before"}, {"kill", true}});
  add("killed after its effect, before the answer", true, {{"cut", "after"}, {"kill", true}});
  add("killed after the answer", true, {{"kill", true}});
  for (const auto* cut : {"before", "after", "half"}) add(std::string("cut ") + cut, true, {{"cut", cut}});
  const std::map<int, std::string> errors = {{423, "locked"},
                                             {429, "rate_limit_exceeded"},
                                             {500, "server_error"},
                                             {502, "bad_gateway"},
                                             {503, "unavailable"}};
  for (const int times : {1, 3}) {
    const auto count = times == 1 ? " once" : " three times";
    for (const auto& [status, code] : errors) {
      if (kind == Fault::Kind::tailnet && status == 423) continue;  // Hetzner's own: "locked"
      // Tailscale says how long to wait: longer than the hurried stages of some operations.
      const bool strict = times == 1 && !(kind == Fault::Kind::tailnet && status == 429);
      add(std::to_string(status) + count, strict, {{"status", status}, {"code", code}, {"count", times}});
    }
    // A key that is made later than the join is revoked by nobody; it opens nothing, for nobody knows it.
    const int delay = kind == Fault::Kind::tailnet ? 560 : 700;
    add(std::string("no answer in time") + count, false, {{"delay_ms", delay}, {"count", times}});
  }
}

void add_service_faults(std::vector<Fault>& faults, int& boundaries, Fault::Kind kind, const json& requests) {
  std::map<std::pair<std::string, std::string>, int> seen;
  for (const auto& request : requests) {
    const std::string method = request["method"], path = request["path"];
    const int index = seen[{method, path}]++;
    const bool is_repeated = method == "GET" && is_poll(path);
    if (is_repeated && index >= polls_looked_at) continue;
    ++boundaries;
    const json where = {{"method", method}, {"path", path}, {"skip", index}};
    const auto name = method + " " + path + " #" + std::to_string(index + 1);
    const bool is_certain = (!is_repeated || index == 0) && !(method == "GET" && is_daily(path));
    add_request_faults(faults, kind, where, name, is_certain);
  }
}

void add_kills(std::vector<Fault>& faults, int& boundaries, Fault::Kind kind, int count,
               const std::string& name) {
  for (int number = 1; number <= count; ++number) {
    ++boundaries;
    for (const bool after : {false, true}) {
      Fault fault;
      fault.kind = kind;
      fault.number = number;
      // How often a report of a workspace is stored depends on time.
      fault.is_certain = kind == Fault::Kind::send;
      fault.after = after;
      fault.where = name + " #" + std::to_string(number) + ": killed " + (after ? "after it" : "before it");
      faults.push_back(std::move(fault));
    }
  }
}

}  // namespace

std::vector<Fault> faults_of(const CleanRun& clean, int& boundaries) {
  // The first is none at all: a clean run that does not repeat itself judges nothing.
  std::vector<Fault> faults(1);
  faults.front().where = "undisturbed";
  add_service_faults(faults, boundaries, Fault::Kind::hetzner, clean.hetzner_requests);
  add_service_faults(faults, boundaries, Fault::Kind::tailnet, clean.tailnet_requests);
  add_kills(faults, boundaries, Fault::Kind::commit, clean.commits, "commit");
  add_kills(faults, boundaries, Fault::Kind::send, static_cast<int>(clean.replies.size()), "message");
  for (std::size_t i = 0; i < faults.size(); ++i) faults[i].serial = static_cast<int>(i) + 1;
  return faults;
}

}  // namespace faults
