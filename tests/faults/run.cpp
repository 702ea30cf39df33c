#include "tests/faults/run.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "storage/database.hpp"
#include "tests/faults/settle.hpp"

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

/// The same where nothing is disturbed.
void settle_in_peace(Stage& stage, const std::string& what) {
  std::vector<int> ends;
  if (!settle(stage, ends)) throw std::runtime_error(what + " did not end");
  if (!ends.empty())
    throw std::runtime_error(what + ": the bot ended with status " + std::to_string(ends.front()));
}

/// What begins by itself, from being settled before it to being settled after it.
bool until_servers(const Scenario& scenario, Stage& stage, std::vector<int>& ends) {
  const auto wanted = static_cast<std::size_t>(scenario.until_servers);
  for (const auto until = steady_clock::now() + longest_run; steady_clock::now() < until;) {
    const bool are_there = stage.hetzner().get("/_sim/servers")["servers"].size() == wanted;
    const auto replies = replies_of(stage.room());
    const bool has_failed = !replies.empty() && is_failure(replies.back());
    if (!settle(stage, ends)) return false;
    if (are_there || has_failed) return true;
  }
  return false;
}

Replies replies_to(const Scenario& scenario, const Room& room) {
  auto replies = replies_of(room);
  if (scenario.any_order) std::sort(replies.begin(), replies.end());
  return replies;
}

/// The scenario's line, from its being said to its end; whether that came.
bool play(const Scenario& scenario, Stage& stage, std::vector<int>& ends) {
  if (scenario.nobody_answers) stage.room().says_yes = false;
  if (!scenario.slow.is_null()) place_plan(stage.hetzner(), scenario.slow, stage);
  if (!scenario.is_first_start) begin(stage, scenario.line, scenario.room, scenario.sender);
  stage.release_bot();
  if (!settle(stage, ends)) return false;
  if (scenario.until_servers >= 0) return until_servers(scenario, stage, ends);
  if (!scenario.is_first_start) return true;
  begin(stage, scenario.line, scenario.room, scenario.sender);
  return settle(stage, ends);
}

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
  if (fault.plan.empty()) return;
  place_plan(service_of(fault, stage), fault.plan, stage);
}

/// A fault that never happened proves nothing. A request that is answered late is seen when it is answered,
/// so that nothing happens any more after this returns.
bool has_happened(const Fault& fault, Stage& stage, const std::vector<int>& ends) {
  if (fault.kind == Fault::Kind::none) return true;
  if (kills(fault)) return !ends.empty();
  auto& service = service_of(fault, stage);
  const auto until = steady_clock::now() + std::chrono::milliseconds(fault.plan.value("delay_ms", 0));
  for (;;) {
    const auto requests = service.get("/_sim/requests");
    const auto seen = std::count_if(requests.begin(), requests.end(), [&](const json& request) {
      const std::string pattern = fault.plan["path"], path = request["path"];
      return request["method"] == fault.plan["method"] && ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
    });
    if (seen > fault.plan["skip"]) return true;
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(beat);
  }
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

/// Whether nothing is being made any more.
bool is_made(Stage& stage) {
  const auto servers = stage.hetzner().get("/v1/servers");
  const auto volumes = stage.hetzner().get("/v1/volumes");
  const auto is = [](const json& list, const char* status) {
    return std::all_of(list.begin(), list.end(), [&](const json& one) { return one["status"] == status; });
  };
  return is(servers["servers"], "running") && is(volumes["volumes"], "available");
}

void make(const std::vector<json>& things, Stage& stage) {
  for (const auto& thing : things) stage.hetzner().post(thing["path"], thing["body"]);
  const auto until = steady_clock::now() + longest_run;
  while (!is_made(stage)) {
    if (steady_clock::now() > until) throw std::runtime_error("what was there before was not made");
    std::this_thread::sleep_for(beat);
  }
}

}  // namespace

void prepare(const Scenario& scenario, Stage& stage) {
  const bool is_nothing = scenario.before.empty() && scenario.things.empty() && scenario.chat == "control";
  if (is_nothing || scenario.is_first_start) return;
  stage.start_simulators();
  // Who left long ago did so before, too.
  if (scenario.behaviour.contains("idle_s"))
    stage.hetzner().put("/_sim/servers/default/behaviour", scenario.behaviour);
  make(scenario.things, stage);
  stage.hold_bot({});
  stage.release_bot();
  settle_in_peace(stage, scenario.name + ": the start");
  for (const auto& line : scenario.before) {
    begin(stage, line);
    settle_in_peace(stage, scenario.name + ": \"" + line + "\"");
  }
  stage.stop();
  if (!scenario.sql.empty()) storage::Database(stage.file("state/devbox.db")).handle().exec(scenario.sql);
}

CleanRun run_clean(const Scenario& scenario, Stage& stage) {
  set_stage(scenario, stage);
  stage.hold_bot({{"COMMITS", stage.file("commits")}});
  std::vector<int> ends;
  if (!play(scenario, stage, ends) || !ends.empty())
    throw std::runtime_error(scenario.name + ": the clean run did not end, or the bot did");
  CleanRun clean;
  clean.hetzner_requests = stage.hetzner().get("/_sim/requests");
  clean.tailnet_requests = stage.tailnet().get("/_sim/requests");
  if (auto* homeserver = stage.room().service())
    clean.homeserver_requests = homeserver->get("/_sim/requests");
  clean.commits = static_cast<int>(std::filesystem::file_size(stage.file("commits")));
  clean.world = stage.world();
  clean.replies = replies_to(scenario, stage.room());
  if (clean.replies.empty()) throw std::runtime_error(scenario.name + ": the clean run said nothing");
  stage.stop();
  return clean;
}

Verdict run_disturbed(const Scenario& scenario, Stage& stage, const CleanRun& clean, const Fault& fault) {
  set_stage(scenario, stage);
  stage.hold_bot(environment_of(fault));
  place(fault, stage);
  Verdict verdict;
  std::vector<int> ends;
  const bool has_ended = play(scenario, stage, ends);
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
  const auto replies = replies_to(scenario, stage.room());
  judge_repeats(verdict, stage.room().changed(), replies, clean.replies);
  const bool is_same = world == clean.world && replies == clean.replies;
  const bool has_failed = scenario.any_order ? std::any_of(replies.begin(), replies.end(), is_failure)
                                             : !replies.empty() && is_failure(replies.back());
  const bool may_fail = !fault.strict && has_failed;
  if (!is_same && may_fail) {
    judge_failure(verdict, scenario.stays ? "down" : scenario.reaches, world, replies, scenario.failures);
    if (!scenario.again.empty()) try_again(verdict, scenario, stage);
  } else if (!is_same) {
    compare_worlds(verdict, world, clean.world);
    compare_replies(verdict, replies, clean.replies);
  }
  return verdict;
}

}  // namespace faults
