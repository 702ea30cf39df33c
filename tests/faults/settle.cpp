#include "tests/faults/settle.hpp"

#include <sys/wait.h>

#include <csignal>
#include <regex>

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

/// Times of day, ages, the codes of questions and the run's own address differ; nothing else may.
std::string normalised(std::string text) {
  static const std::pair<std::regex, const char*> all[] = {{std::regex("\\b\\d\\d:\\d\\d\\b"), "HH:MM"},
                                                           {std::regex("\\(\\d+ \\w+ old\\)"), "(AGE old)"},
                                                           {std::regex("up for \\d+ (s|min)"), "up for AGE"},
                                                           {std::regex("\\b127(\\.\\d{3}){3}\\b"), "ADDRESS"},
                                                           {std::regex("\\b(yes|no) \\d{4}\\b"), "$1 CODE"}};
  for (const auto& [what, name] : all) text = std::regex_replace(text, what, name);
  return text;
}

}  // namespace

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

void begin(Stage& stage, const std::string& line, const std::string& room, const std::string& sender) {
  stage.room().say(sender, line, room);
}

Replies replies_of(const Room& room) {
  Replies replies;
  for (const auto& message : room.shown()) replies.push_back(normalised(message["text"]));
  return replies;
}

bool settle(Stage& stage, std::vector<int>& ends, const Meanwhile& meanwhile) {
  const auto until = steady_clock::now() + longest_run;
  // Settled twice, with a beat between: what follows the last answer, a kill among it, is done by then.
  bool was_settled = false;
  while (steady_clock::now() < until) {
    if (const auto status = stage.bot_ended()) {
      ends.push_back(*status);
      was_settled = false;
      meanwhile.at_end();
      stage.room().hang_up();
      stage.hold_bot({});
      stage.release_bot();
    }
    const bool is_there = stage.room().pump(beat);
    meanwhile.at_beat();
    const bool is_settled = is_there && stage.room().is_settled();
    if (is_settled && was_settled) return true;
    was_settled = is_settled;
  }
  return false;
}

bool kills(const Fault& fault) {
  return fault.kind == Fault::Kind::commit || fault.kind == Fault::Kind::send || fault.plan.contains("kill");
}

Service& service_of(const Fault& fault, Stage& stage) {
  if (fault.kind == Fault::Kind::homeserver) return *stage.room().service();
  return fault.kind == Fault::Kind::tailnet ? stage.tailnet() : stage.hetzner();
}

int place_plan(Service& service, json plan, const Stage& stage) {
  if (plan.contains("kill")) plan["kill"] = stage.bot_pid();
  return service.post("/_sim/faults", plan)["id"];
}

void lift_faults(Stage& stage) {
  stage.hetzner().remove("/_sim/faults");
  stage.tailnet().remove("/_sim/faults");
  if (auto* homeserver = stage.room().service()) homeserver->remove("/_sim/faults");
}

void judge_ends(Verdict& verdict, const Fault& fault, const std::vector<int>& ends) {
  const std::size_t meant = kills(fault) ? 1 : 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i < meant && WIFSIGNALED(ends[i]) && WTERMSIG(ends[i]) == SIGKILL) continue;
    ++verdict.crashed;
    verdict.complain("the bot ended by itself, waitpid(2) status " + std::to_string(ends[i]));
  }
}

}  // namespace faults
