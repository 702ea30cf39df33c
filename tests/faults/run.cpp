#include "tests/faults/run.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <stdexcept>

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;
constexpr auto longest_run = std::chrono::seconds(20);
constexpr auto beat = std::chrono::milliseconds(15);

/// Times of day and ages differ from run to run; nothing else may.
std::string normalised(const std::string& text) {
  static const std::regex time("\\b\\d\\d:\\d\\d\\b"), age("\\(\\d+ \\w+ old\\)");
  return std::regex_replace(std::regex_replace(text, time, "HH:MM"), age, "(AGE old)");
}

std::vector<std::string> replies_of(const Room& room) {
  std::vector<std::string> replies;
  for (const auto& message : room.shown()) replies.push_back(normalised(message["text"]));
  return replies;
}

void set_stage(const Scenario& scenario, Stage& stage) {
  stage.limits = scenario.limits;
  if (!scenario.behaviour.is_null())
    stage.hetzner().put("/_sim/servers/default/behaviour", scenario.behaviour);
  if (!scenario.stock.is_null()) stage.hetzner().put("/_sim/stock", scenario.stock);
}

/// Until all is said and done, starting the bot again when it was killed; false when that takes too long.
bool settle(Stage& stage, int* restarts = nullptr) {
  const auto until = steady_clock::now() + longest_run;
  while (steady_clock::now() < until) {
    if (stage.bot_has_ended()) {
      if (restarts) ++*restarts;
      stage.room().hang_up();
      stage.hold_bot({});
      stage.release_bot();
    }
    if (stage.room().pump(beat) && stage.room().is_settled()) return true;
  }
  return false;
}

/// The line is said before the bot is there: it must not be missed.
void begin(Stage& stage, const std::string& line) { stage.room().say("console:alice", line); }

std::map<std::string, std::string> environment_of(const Fault& fault) {
  if (fault.kind != Fault::Kind::commit) return {};
  return {{"KILL_AT_COMMIT", std::to_string(fault.number)}, {"KILL", fault.after ? "after" : "before"}};
}

void place(const Fault& fault, Stage& stage) {
  if (fault.kind == Fault::Kind::send) {
    stage.room().on_message = [&fault, &stage](int number, bool acknowledged) {
      const bool is_here = number == fault.number && acknowledged == fault.after;
      if (is_here) stage.kill_bot();
      return !is_here;
    };
    return;
  }
  if (fault.kind != Fault::Kind::hetzner && fault.kind != Fault::Kind::tailnet) return;
  auto plan = fault.plan;
  if (plan.contains("kill")) plan["kill"] = stage.bot_pid();
  auto& service = fault.kind == Fault::Kind::hetzner ? stage.hetzner() : stage.tailnet();
  service.post("/_sim/faults", plan);
}

/// A fault that never happened proves nothing.
bool has_happened(const Fault& fault, Stage& stage, int restarts) {
  if (fault.kind == Fault::Kind::commit || fault.kind == Fault::Kind::send || fault.plan.contains("kill"))
    return restarts > 0;
  if (!fault.plan.contains("status")) return true;
  auto& service = fault.kind == Fault::Kind::hetzner ? stage.hetzner() : stage.tailnet();
  const auto requests = service.get("/_sim/requests");
  return std::any_of(requests.begin(), requests.end(), [&](const json& request) {
    return request["status"] == fault.plan["status"] && request["path"] == fault.plan["path"];
  });
}

int surplus(const json& found, const json& wanted) {
  return std::max(0, static_cast<int>(found.size()) - static_cast<int>(wanted.size()));
}

void compare_worlds(Verdict& verdict, const json& found, const json& wanted) {
  if (found == wanted) return;
  verdict.orphans += surplus(found["servers"], wanted["servers"]) +
                     surplus(found["devices"], wanted["devices"]) +
                     std::max(0, found["usable keys"].get<int>() - wanted["usable keys"].get<int>());
  for (const auto* kind : {"servers", "volumes", "ips", "devices"})
    verdict.duplicates += std::max(
        0, static_cast<int>(found[kind].size()) - std::max(1, static_cast<int>(wanted[kind].size())));
  verdict.duplicates += surplus(found["hours"], wanted["hours"]);
  verdict.what += "found   " + found.dump() + "\nwanted  " + wanted.dump() + "\n";
}

/// The same text under two keys is a message that came twice.
void count_doubled(Verdict& verdict, const std::vector<std::string>& found,
                   const std::vector<std::string>& wanted) {
  for (const auto& text : found) {
    const auto times = std::count(found.begin(), found.end(), text);
    const auto allowed = std::max<long>(1, std::count(wanted.begin(), wanted.end(), text));
    if (times > allowed) ++verdict.doubled;
  }
  if (verdict.doubled) verdict.what += "messages came twice\n";
}

void compare_replies(Verdict& verdict, const std::vector<std::string>& found,
                     const std::vector<std::string>& wanted) {
  if (found == wanted) return;
  for (const auto& text : wanted)
    if (std::find(found.begin(), found.end(), text) == found.end()) ++verdict.lost;
  verdict.what += "said    " + json(found).dump() + "\nwanted  " + json(wanted).dump() + "\n";
}

bool is_clean_failure(const json& world, const std::vector<std::string>& replies) {
  return !replies.empty() && replies.back().starts_with("✗") && world["servers"].empty() &&
         world["devices"].empty() && world["usable keys"] == 0 && world["volumes"].size() <= 1 &&
         world["ips"].size() <= 1;
}

void lift_faults(Stage& stage) {
  stage.hetzner().remove("/_sim/faults");
  stage.tailnet().remove("/_sim/faults");
}

/// After a failure the person tries again, undisturbed.
void try_again(Verdict& verdict, const Scenario& scenario, Stage& stage) {
  // In peace: another process, without the scenario's hurry.
  stage.kill_bot();
  stage.room().hang_up();
  stage.limits.clear();
  stage.hold_bot({});
  stage.release_bot();
  if (!scenario.behaviour.is_null())
    stage.hetzner().put("/_sim/servers/default/behaviour", {{"report", "ok"}});
  if (!scenario.stock.is_null()) {
    auto stock = scenario.stock;
    stock["create"] = "ok";
    stage.hetzner().put("/_sim/stock", stock);
  }
  begin(stage, scenario.again);
  if (!settle(stage)) {
    verdict.stuck = 1;
    verdict.what += "the next try did not end\n";
    return;
  }
  const auto world = stage.world();
  const std::size_t servers = scenario.reaches == "up" ? 1 : 0;
  if (world["servers"].size() == servers && world["devices"].size() == servers && world["usable keys"] == 0 &&
      world["volumes"].size() == 1 && world["ips"].size() == 1)
    return;
  compare_worlds(verdict, world,
                 {{"servers", json::array({1})},
                  {"volumes", json::array({1})},
                  {"ips", json::array({1})},
                  {"devices", json::array({1})},
                  {"usable keys", 0},
                  {"hours", world["hours"]}});
  verdict.what += "the next try said " + replies_of(stage.room()).back() + "\n";
}

}  // namespace

void prepare(const Scenario& scenario, Stage& stage) {
  if (scenario.before.empty()) return;
  stage.start_simulators();
  stage.hold_bot({});
  stage.release_bot();
  for (const auto& line : scenario.before) {
    begin(stage, line);
    if (!settle(stage)) throw std::runtime_error(scenario.name + ": \"" + line + "\" did not end");
  }
  stage.stop();
}

CleanRun run_clean(const Scenario& scenario, Stage& stage) {
  stage.start_simulators();
  set_stage(scenario, stage);
  stage.hold_bot({{"COMMITS", stage.file("commits")}});
  begin(stage, scenario.line);
  stage.release_bot();
  if (!settle(stage)) throw std::runtime_error(scenario.name + ": the clean run did not end");
  CleanRun clean;
  clean.hetzner_requests = stage.hetzner().get("/_sim/requests");
  clean.tailnet_requests = stage.tailnet().get("/_sim/requests");
  clean.commits = static_cast<int>(std::filesystem::file_size(stage.file("commits")));
  clean.world = stage.world();
  clean.replies = replies_of(stage.room());
  stage.stop();
  return clean;
}

Verdict run_disturbed(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault) {
  stage.start_simulators();
  set_stage(scenario, stage);
  stage.hold_bot(environment_of(fault));
  place(fault, stage);
  begin(stage, scenario.line);
  stage.release_bot();
  Verdict verdict;
  int restarts = 0;
  if (!settle(stage, &restarts)) {
    verdict.stuck = 1;
    verdict.what = "it did not end; said " + json(replies_of(stage.room())).dump() + "\n";
    return verdict;
  }
  verdict.missed = !has_happened(fault, stage, restarts);
  if (verdict.missed && fault.is_certain) verdict.what = "the fault did not happen\n";
  lift_faults(stage);
  const auto world = stage.world();
  const auto replies = replies_of(stage.room());
  count_doubled(verdict, replies, clean.replies);
  const bool is_same = world == clean.world && replies == clean.replies;
  const bool may_fail = !fault.strict && !replies.empty() && replies.back().starts_with("✗");
  if (!is_same && may_fail) {
    if (scenario.reaches == "up" && !is_clean_failure(world, replies))
      compare_worlds(verdict, world, clean.world);
    try_again(verdict, scenario, stage);
  } else if (!is_same) {
    compare_worlds(verdict, world, clean.world);
    compare_replies(verdict, replies, clean.replies);
  }
  return verdict;
}

}  // namespace faults
