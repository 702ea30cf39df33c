#include "tests/faults/outside.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "tests/faults/interference.hpp"
#include "tests/faults/settle.hpp"

namespace faults {
namespace {

using nlohmann::json;

/// Shorter than the bot's patience with a request, longer than the driver needs to act.
constexpr int hold_ms = 300;
/// An action that runs locks the server for some milliseconds.
constexpr int most_tries = 40;

struct Moments {
  std::vector<Fault> faults;
  int boundaries = 0;

  void add(Fault::Kind kind, const json& where, const std::string& name) {
    ++boundaries;
    const auto one = [&](const std::string& how, const json& plan) {
      Fault fault;
      fault.kind = kind;
      fault.where = name + ": " + how;
      fault.plan = where;
      fault.plan.update(plan);
      fault.is_certain = false;  // the server may not be there yet, or not any more
      faults.push_back(std::move(fault));
    };
    const std::string method = where["method"], path = where["path"];
    const bool makes_it = method == "POST" && path == "/v1/servers";
    const bool deletes_it = method == "DELETE" && path.starts_with("/v1/servers/");
    if (!makes_it) one("held", {{"delay_ms", hold_ms}});
    if (!makes_it) one("killed before its effect", {{"cut", "before"}, {"kill", true}});
    if (!deletes_it) one("killed after its effect", {{"cut", "after"}, {"kill", true}});
  }
  void add_all(Fault::Kind kind, const json& requests, bool is_there) {
    std::map<std::pair<std::string, std::string>, int> seen;
    for (const auto& request : requests) {
      const std::string method = request["method"], path = request["path"];
      const int index = seen[{method, path}]++;
      is_there |= method == "POST" && path == "/v1/servers";
      const bool mints = method == "POST" && path.ends_with("/keys");
      if (mints) is_there = true;
      if (!is_there || mints || (method == "GET" && index >= polls_looked_at)) continue;
      add(kind, {{"method", method}, {"path", path}, {"skip", index}},
          method + " " + path + " #" + std::to_string(index + 1));
      if (method == "DELETE" && path.starts_with("/v1/servers/")) return;
    }
  }
};

/// What is known of the moment when it happened.
struct Interference {
  bool has_happened = false;
  bool was_ready = false;  ///< the machine had reported that it is: a "✓ is up" may be on its way
};

Interference interfere(const std::string& act, Stage& stage) {
  for (int tries = 0; tries < most_tries; ++tries) {
    const auto servers = servers_of(stage);
    if (servers.empty()) return {};
    if (do_outside(act, stage, servers[0])) return {true, servers[0]["machine"]["phase"] == "ready"};
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return {};
}

bool is_final(const std::string& reply) { return reply.starts_with("✓") || is_failure(reply); }

std::string final_of(const Replies& replies) {
  const auto last = std::find_if(replies.rbegin(), replies.rend(), is_final);
  return last == replies.rend() ? "" : *last;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// What the final message claims must be so.
void judge_claims(Verdict& verdict, const std::string& said, bool was_ready, Stage& stage) {
  const auto servers = servers_of(stage);
  const bool runs = !servers.empty() && servers[0]["status"] == "running";
  const auto bill = stage.hetzner().get(std::string("/_sim/bill?token=") + Stage::token);
  const bool was_billed = std::any_of(bill["lines"].begin(), bill["lines"].end(),
                                      [](const json& line) { return line["resource"] == "server"; });
  const auto untrue = [&](bool is_claimed, bool is_so) {
    if (!is_claimed || is_so) return;
    ++verdict.lost;
    verdict.complain("this is not true: " + said + "\nservers " + servers.dump());
  };
  untrue(has(said, "is up —"), runs || was_ready);
  untrue(has(said, "is down."), servers.empty());
  untrue(has(said, "No server was made"), !was_billed || servers.empty());
  untrue(has(said, "is not up") && !has(said, "is off"), servers.empty());
}

void judge_end(Verdict& verdict, const CleanRun& clean, const Interference& outside, Stage& stage) {
  const auto replies = replies_of(stage.room());
  const auto finals = std::count_if(replies.begin(), replies.end(), is_final);
  if (finals < 1) ++verdict.lost;
  if (finals > 1) ++verdict.doubled;
  if (finals != 1) verdict.complain("one final message was wanted: " + json(replies).dump());
  for (const auto& text : stage.room().changed()) {
    ++verdict.doubled;
    verdict.complain("said again in other words: " + text);
  }
  judge_claims(verdict, final_of(replies), outside.was_ready, stage);
  const auto world = stage.world();
  const bool is_up = has(final_of(replies), "is up —");
  const int servers = static_cast<int>(world["servers"].size()), keys = world["usable keys"];
  const int left =
      std::max(0, servers - (is_up ? 1 : 0)) + keys + (is_up ? 0 : static_cast<int>(world["devices"].size()));
  verdict.orphans += left;
  if (left > 0) verdict.complain("it left " + world.dump());
  for (const auto* kind : {"servers", "volumes", "ips", "devices"})
    if (world[kind].size() > 1) ++verdict.duplicates;
  for (const auto* kind : {"volumes", "ips"})
    if (world[kind].size() != clean.world[kind].size()) ++verdict.lost;
  if (world["volumes"].size() != clean.world["volumes"].size() ||
      world["ips"].size() != clean.world["ips"].size() || verdict.duplicates > 0)
    verdict.complain("volumes or addresses are not what they were: " + world.dump());
}

/// Says a line in peace; what came of it at last.
std::string said(Verdict& verdict, Stage& stage, const std::string& line) {
  begin(stage, line);
  std::vector<int> ends;
  if (!settle(stage, ends)) {
    verdict.stuck = 1;
    verdict.complain("\"" + line + "\", said afterwards, did not end");
  }
  judge_ends(verdict, Fault{}, ends);
  return final_of(replies_of(stage.room()));
}

/// Whatever is there now: the next line works.
void go_on(Verdict& verdict, Stage& stage) {
  const auto servers = servers_of(stage);
  const std::string up = "!devbox up cpx32", down = "!devbox down";
  const auto must = [&](const std::string& line, const std::string& beginning, std::size_t wanted) {
    const auto answer = said(verdict, stage, line);
    if (verdict.stuck) return;
    if (!answer.starts_with(beginning)) {
      ++verdict.lost;
      verdict.complain("\"" + line + "\", said afterwards: " + answer);
    }
    judge_next_try(verdict, stage.world(), wanted);
  };
  if (servers.empty()) return must(up, "✓ alice is up", 1);
  if (servers[0]["status"] == "off") {
    const auto answer = said(verdict, stage, up);
    if (answer.starts_with("✓") && servers_of(stage)[0]["status"] == "off") {
      ++verdict.lost;
      verdict.complain("the server is off: " + answer);
    }
  }
  must(down, "✓ alice is down", 0);
}

}  // namespace

std::vector<Fault> outside_faults_of(const Scenario& scenario, const CleanRun& clean, int& boundaries) {
  const bool is_there = !scenario.before.empty() && scenario.reaches == "down";
  Moments moments;
  moments.add_all(Fault::Kind::hetzner, clean.hetzner_requests, is_there);
  if (!is_there) {
    moments.add_all(Fault::Kind::tailnet, clean.tailnet_requests, false);
    Fault lost;
    lost.kind = Fault::Kind::hetzner;
    lost.where = "POST /v1/servers: its answer is lost, and the look for it is held";
    lost.first = {{"method", "POST"}, {"path", "/v1/servers"}, {"cut", "after"}};
    lost.plan = {{"method", "GET"}, {"path", "/v1/servers"}, {"delay_ms", hold_ms}};
    moments.faults.push_back(lost);
    Fault ended;
    ended.where = "when it has ended";
    moments.faults.push_back(ended);
    moments.boundaries += 2;
  }
  boundaries += moments.boundaries;
  for (std::size_t i = 0; i < moments.faults.size(); ++i) moments.faults[i].serial = static_cast<int>(i) + 1;
  return moments.faults;
}

Verdict run_outside(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault) {
  set_stage(scenario, stage);
  stage.hold_bot({});
  auto& service = service_of(fault, stage);
  if (!fault.first.is_null()) place_plan(service, fault.first, stage);
  const int id = fault.plan.empty() ? 0 : place_plan(service, fault.plan, stage);
  begin(stage, scenario.line);
  stage.release_bot();

  Interference outside;
  bool is_over = false;
  const auto act = [&] {
    if (!std::exchange(is_over, true)) outside = interfere(scenario.outside, stage);
  };
  Meanwhile meanwhile;
  if (kills(fault)) meanwhile.at_end = act;
  if (id != 0 && !kills(fault))
    meanwhile.at_beat = [&] {
      if (!is_over && service.get("/_sim/faults").empty()) act();
    };
  Verdict verdict;
  std::vector<int> ends;
  const bool has_ended = settle(stage, ends, meanwhile);
  judge_ends(verdict, fault, ends);
  if (!has_ended) {
    verdict.stuck = 1;
    verdict.complain("it did not end; said " + json(replies_of(stage.room())).dump());
    return verdict;
  }
  if (id == 0) act();
  verdict.missed = !outside.has_happened;
  lift_faults(stage);
  if (id != 0) judge_end(verdict, clean, outside, stage);
  go_on(verdict, stage);
  return verdict;
}

}  // namespace faults
