#include "tests/faults/play.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/faults/interference.hpp"
#include "tests/faults/settle.hpp"

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A request that was held back takes effect after so long at most.
constexpr milliseconds longest_delay(600);
constexpr int most_rounds = 6;
constexpr auto longest_round = std::chrono::seconds(30);

class Player {
 public:
  Player(Stage& stage, const Schedule& schedule, Verdict& verdict, Played& played)
      : stage_(stage), schedule_(schedule), verdict_(verdict), played_(played) {}

  void play() {
    const auto begun = steady_clock::now();
    for (const auto& moment : schedule_.moments) {
      const auto at = begun + milliseconds(moment.at_ms);
      while (steady_clock::now() < at) turn();
      happen(moment);
    }
  }

  /// Everything as it should be, for those who are there and for those to come.
  void lift_all() {
    lift_faults(stage_);
    auto& hetzner = stage_.hetzner();
    for (const auto* type : {"cpx22", "cpx32", "cpx42"})
      hetzner.put("/_sim/stock",
                  {{"type", type}, {"location", "fsn1"}, {"available", true}, {"create", "ok"}});
    const json usual = {{"report", "ok"}, {"join_s", 10}, {"ready_s", 12}};
    hetzner.put("/_sim/servers/default/behaviour", usual);
    for (const auto& server : servers_of(stage_)) behave(server, usual);
  }

  /// Whether all is said and done within a round's time; open questions are answered with yes.
  bool settle_down() {
    const auto until = steady_clock::now() + longest_round;
    while (steady_clock::now() < until) {
      turn();
      answer_questions();
      if (stage_.room().is_settled()) return true;
    }
    return false;
  }

  /// What came of a request after its operation had ended is the reconciler's to find: soon, for once.
  void let_reconcile() {
    for (const auto late = steady_clock::now() + longest_delay; steady_clock::now() < late;) turn();
    if (servers_of(stage_).empty()) return;
    stage_.limits += "reconcile = \"600ms\"\n";
    stage_.kill_bot();
    const auto until = steady_clock::now() + longest_round;
    while (!servers_of(stage_).empty() && steady_clock::now() < until) turn();
    while (!stage_.room().is_settled() && steady_clock::now() < until) turn();
  }

  void say_down() {
    for (const auto& sender : schedule_.people)
      for (const auto& name : schedule_.workspaces) stage_.room().say(sender, "!devbox down " + name, sender);
  }

 private:
  /// A moment of the bot's, which is started again when it was ended and is due.
  void turn() {
    if (const auto status = stage_.bot_ended(); status && !is_down_) {
      is_down_ = true;
      if (!WIFSIGNALED(*status) || WTERMSIG(*status) != SIGKILL) {
        ++verdict_.crashed;
        verdict_.complain("the bot ended by itself, waitpid(2) status " + std::to_string(*status));
      }
      stage_.room().hang_up();
    }
    if (is_down_ && steady_clock::now() >= back_at_) {
      is_down_ = false;
      stage_.hold_bot({});
      stage_.release_bot();
    }
    stage_.room().pump(milliseconds(5));
  }

  void happen(const Moment& moment) {
    const auto& with = moment.with;
    auto& hetzner = stage_.hetzner();
    if (moment.what == "say") stage_.room().say(with["sender"], with["text"], with["room"]);
    if (moment.what == "stock") hetzner.put("/_sim/stock", with);
    if (moment.what == "kill" && !is_down_) {
      stage_.kill_bot();
      back_at_ = steady_clock::now() + milliseconds(with["pause_ms"].get<int>());
    }
    if (moment.what == "fault" && !is_down_) place_plan(service(with["service"]), with["plan"], stage_);
    if (moment.what == "outside") interfere_with(with);
    if (moment.what != "behaviour") return;
    if (with["which"] == -1)
      hetzner.put("/_sim/servers/default/behaviour", with["change"]);
    else if (const auto server = one_of(with["which"]); !server.is_null())
      behave(server, with["change"]);
  }

  Service& service(const std::string& name) {
    if (name == "homeserver") return *stage_.room().service();
    return name == "hetzner" ? stage_.hetzner() : stage_.tailnet();
  }

  json one_of(std::size_t which) {
    const auto servers = servers_of(stage_);
    return servers.empty() ? json() : servers[which % servers.size()];
  }

  /// It may have gone meanwhile, which is as good.
  void behave(const json& server, const json& change) {
    try {
      stage_.hetzner().put("/_sim/servers/" + server["id"].dump() + "/behaviour", change);
    } catch (const std::exception&) {
    }
  }

  void interfere_with(const json& with) {
    const auto server = one_of(with["which"]);
    if (server.is_null() || !do_outside(with["act"], stage_, server)) return;
    if (with["act"] == "delete") played_.taken_away.insert(server["id"].get<std::int64_t>());
  }

  void answer_questions() {
    for (const auto& question : stage_.room().questions())
      if (answered_.insert(question["key"]).second) stage_.room().accept(question);
  }

  Stage& stage_;
  const Schedule& schedule_;
  Verdict& verdict_;
  Played& played_;
  bool is_down_ = false;
  steady_clock::time_point back_at_{};
  std::set<std::string> answered_;
};

json shown(const Schedule& schedule) {
  json moments = json::array();
  for (const auto& moment : schedule.moments)
    moments.push_back({{"at_ms", moment.at_ms}, {"what", moment.what}, {"with", moment.with}});
  return {
      {"seed", schedule.seed}, {"chat", schedule.chat}, {"people", schedule.people}, {"moments", moments}};
}

}  // namespace

Verdict run_schedule(Stage& stage, const Schedule& schedule) {
  std::ofstream(stage.file("schedule.json")) << shown(schedule).dump(1);
  Verdict verdict;
  Played played;
  stage.limits = "stage_boot = \"10s\"\nstage_join = \"1s\"\nstage_editor = \"1s\"\n";
  stage.undo_watch = milliseconds(1000);
  stage.room().says_yes = false;
  stage.start_simulators();
  stage.hold_bot({});
  stage.release_bot();
  Player player(stage, schedule, verdict, played);
  // What is said before its first start is not for it.
  bool has_settled = player.settle_down();
  player.play();
  player.lift_all();
  stage.kill_bot();
  has_settled = has_settled && player.settle_down();
  for (int round = 0; has_settled && round < most_rounds; ++round) {
    if (round > 0 && servers_of(stage).empty()) break;
    player.say_down();
    has_settled = player.settle_down();
  }
  if (has_settled) player.let_reconcile();
  std::ofstream talk(stage.file("talk.json"));
  talk << json{{"shown", stage.room().shown()}, {"said", stage.room().said()}}.dump(1);
  if (!has_settled) {
    verdict.stuck = 1;
    verdict.complain("it did not come to an end");
    return verdict;
  }
  stage.kill_bot();
  reckon(verdict, stage, played);
  return verdict;
}

}  // namespace faults
