#include "tests/faults/run.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <regex>
#include <stdexcept>
#include <thread>

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
  stage.hook = scenario.hook;
  stage.start_simulators();
  if (!scenario.behaviour.is_null()) {
    stage.hetzner().put("/_sim/servers/default/behaviour", scenario.behaviour);
    const auto running = stage.hetzner().get("/_sim/servers");
    for (const auto& server : running["servers"])
      stage.hetzner().put("/_sim/servers/" + server["id"].dump() + "/behaviour", scenario.behaviour);
  }
  if (!scenario.stock.is_null()) stage.hetzner().put("/_sim/stock", scenario.stock);
}

/// Until all is said and done, starting the bot again when it has ended; false when that takes too long.
/// `ends` are the statuses with which it did.
bool settle(Stage& stage, std::vector<int>& ends) {
  const auto until = steady_clock::now() + longest_run;
  while (steady_clock::now() < until) {
    if (const auto status = stage.bot_ended()) {
      ends.push_back(*status);
      stage.room().hang_up();
      stage.hold_bot({});
      stage.release_bot();
    }
    if (stage.room().pump(beat) && stage.room().is_settled()) return true;
  }
  return false;
}

/// The same where nothing is disturbed.
void settle_in_peace(Stage& stage, const std::string& what) {
  std::vector<int> ends;
  if (!settle(stage, ends)) throw std::runtime_error(what + " did not end");
  if (!ends.empty())
    throw std::runtime_error(what + ": the bot ended with status " + std::to_string(ends.front()));
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

bool kills(const Fault& fault) {
  return fault.kind == Fault::Kind::commit || fault.kind == Fault::Kind::send || fault.plan.contains("kill");
}

/// A fault that never happened proves nothing. A request that is answered late is seen when it is answered,
/// so that nothing happens any more after this returns.
bool has_happened(const Fault& fault, Stage& stage, const std::vector<int>& ends) {
  if (fault.kind == Fault::Kind::none) return true;
  if (kills(fault)) return !ends.empty();
  auto& service = fault.kind == Fault::Kind::hetzner ? stage.hetzner() : stage.tailnet();
  const auto until = steady_clock::now() + std::chrono::milliseconds(fault.plan.value("delay_ms", 0));
  for (;;) {
    const auto requests = service.get("/_sim/requests");
    const auto seen = std::count_if(requests.begin(), requests.end(), [&](const json& request) {
      return request["method"] == fault.plan["method"] && request["path"] == fault.plan["path"];
    });
    if (seen > fault.plan["skip"]) return true;
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(beat);
  }
}

/// The one end that is meant is the driver's own SIGKILL.
void judge_ends(Verdict& verdict, const Fault& fault, const std::vector<int>& ends) {
  const std::size_t meant = kills(fault) ? 1 : 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i < meant && WIFSIGNALED(ends[i]) && WTERMSIG(ends[i]) == SIGKILL) continue;
    ++verdict.crashed;
    verdict.complain("the bot ended by itself, waitpid(2) status " + std::to_string(ends[i]));
  }
}

void lift_faults(Stage& stage) {
  stage.hetzner().remove("/_sim/faults");
  stage.tailnet().remove("/_sim/faults");
}

/// After a failure the person tries again, undisturbed, and must get there with the volume and address there
/// are.
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
  const auto kept = stage.kept();
  begin(stage, scenario.again);
  std::vector<int> ends;
  if (!settle(stage, ends)) {
    verdict.stuck = 1;
    return verdict.complain("the next try did not end");
  }
  judge_ends(verdict, Fault{}, ends);
  judge_next_try(verdict, stage.world(), scenario.reaches == "up" ? 1 : 0);
  const auto used = stage.kept();
  for (const auto& id : kept)
    if (std::find(used.begin(), used.end(), id) == used.end())
      verdict.complain("the next try did not use volume or address " + id.dump());
  if (!verdict.is_good()) verdict.complain("the next try said " + replies_of(stage.room()).back());
}

}  // namespace

void prepare(const Scenario& scenario, Stage& stage) {
  if (scenario.before.empty()) return;
  stage.start_simulators();
  stage.hold_bot({});
  stage.release_bot();
  for (const auto& line : scenario.before) {
    begin(stage, line);
    settle_in_peace(stage, scenario.name + ": \"" + line + "\"");
  }
  stage.stop();
}

CleanRun run_clean(const Scenario& scenario, Stage& stage) {
  set_stage(scenario, stage);
  stage.hold_bot({{"COMMITS", stage.file("commits")}});
  begin(stage, scenario.line);
  stage.release_bot();
  settle_in_peace(stage, scenario.name + ": the clean run");
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
  set_stage(scenario, stage);
  stage.hold_bot(environment_of(fault));
  place(fault, stage);
  begin(stage, scenario.line);
  stage.release_bot();
  Verdict verdict;
  std::vector<int> ends;
  const bool has_ended = settle(stage, ends);
  judge_ends(verdict, fault, ends);
  if (!has_ended) {
    verdict.stuck = 1;
    verdict.complain("it did not end; said " + json(replies_of(stage.room())).dump());
    return verdict;
  }
  verdict.missed = !has_happened(fault, stage, ends);
  if (verdict.missed && fault.is_certain) verdict.complain("the fault did not happen");
  lift_faults(stage);
  const auto world = stage.world();
  const auto replies = replies_of(stage.room());
  judge_repeats(verdict, stage.room().changed(), replies, clean.replies);
  const bool is_same = world == clean.world && replies == clean.replies;
  const bool may_fail = !fault.strict && !replies.empty() && is_failure(replies.back());
  if (!is_same && may_fail) {
    judge_failure(verdict, scenario.reaches, world, replies);
    if (!scenario.again.empty()) try_again(verdict, scenario, stage);
  } else if (!is_same) {
    compare_worlds(verdict, world, clean.world);
    compare_replies(verdict, replies, clean.replies);
  }
  return verdict;
}

}  // namespace faults
