#include "tests/faults/fault.hpp"

#include <map>

#include "tests/faults/homeserver_path.hpp"

namespace faults {
namespace {

using nlohmann::json;

/// Of a homeserver, which says how long to wait.
constexpr auto too_much = R"({"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":50})";

bool is_poll(const std::string& path) {
  return path.starts_with("/v1/servers/") || path == "/v1/actions" || path == "/api/v2/tailnet/-/devices" ||
         path == "/v1/volumes" || path == "/v1/primary_ips" || path == sync_path;
}

/// What is read at start, beside every operation: a short one may end before it.
bool is_daily(const std::string& path) {
  return path == "/v1/pricing" || path == "/v1/ssh_keys" || path == "/v1/firewalls";
}

/// Whether a sync brings all of a room or leaves a gap to be read depends on when the room was joined.
bool is_gap(const std::string& path) { return path.starts_with("/_matrix/") && path.ends_with("/messages"); }

struct Ways {
  bool only_kills = false;
  std::map<int, std::string> errors;
  int delay_ms = 0;        ///< longer than the bot's patience
  bool is_strict = false;  ///< whatever happens there, all ends well
};

Ways ways_of(Fault::Kind kind, bool is_elsewhere) {
  Ways ways;
  ways.only_kills = is_elsewhere && kind != Fault::Kind::homeserver;
  ways.errors = {
      {429, "rate_limit_exceeded"}, {500, "server_error"}, {502, "bad_gateway"}, {503, "unavailable"}};
  if (kind == Fault::Kind::hetzner) ways.errors[423] = "locked";
  if (kind == Fault::Kind::homeserver) ways.errors = {{429, too_much}, {502, "M_UNKNOWN"}};
  // A key that is made later than the join is revoked by nobody; it opens nothing, for nobody knows it.
  ways.delay_ms = kind == Fault::Kind::tailnet ? 560 : 700;
  ways.is_strict = kind == Fault::Kind::homeserver;
  return ways;
}

/// At one request: the process killed, the connection cut, an error answered, no answer in time.
void add_request_faults(std::vector<Fault>& faults, Fault::Kind kind, const Ways& ways, const json& where,
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
  if (ways.only_kills) return;
  for (const auto* cut : {"before", "after", "half"}) add(std::string("cut ") + cut, true, {{"cut", cut}});
  for (const int times : {1, 3}) {
    const auto count = times == 1 ? " once" : " three times";
    for (const auto& [status, code] : ways.errors) {
      // Tailscale says how long to wait: longer than the hurried stages of some operations.
      const bool strict = times == 1 && !(kind == Fault::Kind::tailnet && status == 429);
      add(std::to_string(status) + count, strict || ways.is_strict,
          {{"status", status}, {"code", code}, {"count", times}});
    }
    add(std::string("no answer in time") + count, ways.is_strict,
        {{"delay_ms", ways.delay_ms}, {"count", times}});
  }
}

void add_service_faults(std::vector<Fault>& faults, int& boundaries, Fault::Kind kind, const Ways& ways,
                        const json& requests) {
  std::map<std::pair<std::string, std::string>, int> seen;
  for (const auto& request : requests) {
    const std::string method = request["method"];
    const auto path = pattern_of(request["path"]);
    const int index = seen[{method, path}]++;
    const bool is_repeated = method == "GET" && is_poll(path);
    if (is_repeated && index >= polls_looked_at) continue;
    ++boundaries;
    const json where = {{"method", method}, {"path", path}, {"skip", index}};
    const auto name = method + " " + short_name(path) + " #" + std::to_string(index + 1);
    const bool is_certain =
        (!is_repeated || index == 0) && !(method == "GET" && (is_daily(path) || is_gap(path)));
    add_request_faults(faults, kind, ways, where, name, is_certain && !is_edit(path));
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
  const bool is_elsewhere = !clean.homeserver_requests.empty();
  const auto add = [&](Fault::Kind kind, const json& requests) {
    add_service_faults(faults, boundaries, kind, ways_of(kind, is_elsewhere), requests);
  };
  add(Fault::Kind::hetzner, clean.hetzner_requests);
  add(Fault::Kind::tailnet, clean.tailnet_requests);
  add(Fault::Kind::homeserver, clean.homeserver_requests);
  add_kills(faults, boundaries, Fault::Kind::commit, clean.commits, "commit");
  if (!is_elsewhere)
    add_kills(faults, boundaries, Fault::Kind::send, static_cast<int>(clean.replies.size()), "message");
  for (std::size_t i = 0; i < faults.size(); ++i) faults[i].serial = static_cast<int>(i) + 1;
  return faults;
}

}  // namespace faults
