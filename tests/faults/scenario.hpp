#pragma once
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace faults {

/// One operation that the driver disturbs at every boundary. A new one is one more row of `scenarios`.
struct Scenario {
  std::string name;
  std::vector<std::string> before;  ///< lines said to prepare, undisturbed
  std::string line;                 ///< the line whose operation is disturbed
  std::string again;                ///< said after a clean failure: must then reach `reaches`; "" = nothing
  std::string reaches;              ///< "up" | "down": where the workspace is in the end
  nlohmann::json behaviour;         ///< of the machines; null = as usual
  nlohmann::json stock;             ///< PUT /_sim/stock; null = as usual
  std::string limits;               ///< further lines for [limits]
  std::string hook = "";            ///< run for every event of a machine, in place of the virtual workspaces
  /// What somebody outside does to the server in the middle, in place of faults: "delete" | "power off" |
  /// "rename"; "" = nothing.
  std::string outside = "";
  /// Made at Hetzner before all, by somebody else: {path, body} of a POST each.
  std::vector<nlohmann::json> things = {};
  std::string chat = "control";  ///< where people talk: "control" | "matrix" | "slack"
  std::string room = "room";     ///< in which the line is said
  /// The bot was never started before, and the line is said when it is in its room.
  bool is_first_start = false;
  nlohmann::json slow = nullptr;  ///< what Hetzner's simulator is slow with, as a plan; null = nothing
  /// The bot does more by itself than the line says: it goes on until so many servers are there; -1 = no
  /// more.
  int until_servers = -1;
  bool nobody_answers = false;
  bool stays = false;                    ///< a failure may leave the server that was there before
  std::string sender = "console:alice";  ///< who says the line
  std::string sql = "";                  ///< done to the database after `before`
  int failures = 1;        ///< as many messages may say that it failed, for one operation follows another
  bool any_order = false;  ///< the line has nothing to do with what else is said
};

/// From this hour on, for eight.
inline std::string hours_of_now() {
  const auto hour = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now());
  const auto from = hour.time_since_epoch().count() % 24;
  return std::to_string(from) + "-" + std::to_string((from + 8) % 24);
}

/// A hand-made volume and address.
inline std::vector<nlohmann::json> hand_made() {
  return {{{"path", "/v1/volumes"}, {"body", {{"name", "data"}, {"size", 10}, {"location", "fsn1"}}}},
          {{"path", "/v1/primary_ips"},
           {"body", {{"name", "ak IPv4"}, {"type", "ipv4"}, {"location", "fsn1"}, {"auto_delete", true}}}}};
}

/// What the bot made once, by its labels, and has in no workspace.
inline std::vector<nlohmann::json> orphaned() {
  const nlohmann::json ours = {{"devbox-bot", "faults"}, {"devbox-workspace", "old"}};
  return {{{"path", "/v1/volumes"},
           {"body", {{"name", "old"}, {"size", 10}, {"location", "fsn1"}, {"labels", ours}}}},
          {{"path", "/v1/primary_ips"},
           {"body", {{"name", "old"}, {"type", "ipv4"}, {"location", "fsn1"}, {"labels", ours}}}},
          {{"path", "/v1/servers"},
           {"body",
            {{"name", "old"},
             {"server_type", "cpx22"},
             {"image", "debian-12"},
             {"location", "fsn1"},
             {"labels", ours}}}}};
}

inline const std::vector<Scenario>& scenarios() {
  static const std::string line = "!devbox up cpx32";
  static const std::string key =
      "!devbox key add ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsIZEnK1RyIMubz9aOQDsoYwrBAjG7R78nmyk/d5Opx";
  // Of the stage that takes too long only: another one must have time for a 429 that asks for a second.
  static const auto hurry = [](const std::string& stage) { return "stage_" + stage + " = \"400ms\"\n"; };
  static const std::vector<Scenario> all = {
      {"up cold", {}, line, line, "up", nullptr, nullptr, ""},
      {"up warm", {line, "!devbox down"}, line, line, "up", nullptr, nullptr, ""},
      {"down", {line}, "!devbox down", "!devbox down", "down", nullptr, nullptr, ""},
      {"down, at work", {line}, "!devbox down", "!devbox down", "down", {{"report", "busy"}}, nullptr, ""},
      {"down, not flushed",
       {line},
       "!devbox down",
       "!devbox down",
       "down",
       {{"report", "flush_fails"}},
       nullptr,
       ""},
      {"up, another type",
       {},
       line,
       line,
       "up",
       nullptr,
       {{"type", "cpx32"}, {"location", "fsn1"}, {"available", true}, {"create", "412"}},
       ""},
      {"up, no room",
       {},
       "!devbox up cpx62",  // the biggest of its line: nothing takes its place
       "!devbox up cpx62",
       "up",
       nullptr,
       {{"type", "cpx62"}, {"location", "fsn1"}, {"available", true}, {"create", "412"}},
       ""},
      {"up, boot fails", {}, line, "", "up", nullptr, nullptr, "", "test $SIM_EVENT != create"},
      {"up, never joins", {}, line, line, "up", {{"report", "no_join"}}, nullptr, hurry("join")},
      {"up, stage fails", {}, line, line, "up", {{"report", "failed"}}, nullptr, ""},
      {"up, kept", {}, line + " --keep", "!devbox down", "down", {{"report", "failed"}}, nullptr, ""},
      {"key add", {}, key, "", "down", nullptr, nullptr, ""},
      {"key remove", {key}, "!devbox key remove 1", "", "down", nullptr, nullptr, ""},
      {"orphans clean", {}, "!devbox orphans clean", "", "down", nullptr, nullptr, "", "", "", orphaned()},
      {"adopt",
       {},
       "!devbox adopt main volume=data ip=\"ak IPv4\"",
       "!devbox adopt main volume=data ip=\"ak IPv4\"",
       "down",
       nullptr,
       nullptr,
       "",
       "",
       "",
       hand_made()},
      {"up, adopted",
       {"!devbox adopt main volume=data ip=\"ak IPv4\""},
       line,
       line,
       "up",
       nullptr,
       nullptr,
       "",
       "",
       "",
       hand_made()},
      {"up, stays silent", {}, line, line, "up", {{"report", "silent"}}, nullptr, hurry("editor")},
  };
  return all;
}

/// What several people have to do with.
inline std::vector<Scenario> team_scenarios() {
  const auto row = [](const std::string& name, std::vector<std::string> before, const std::string& line,
                      const std::string& reaches) {
    return Scenario{name, std::move(before), line, "", reaches, nullptr, nullptr, ""};
  };
  const std::string up_for = "!devbox up cpx32 for @bob";
  std::vector<Scenario> all = {
      row("up for another", {}, up_for, "up"),
      // Whoever is asked first approves it: alice, who was heard before.
      row("request, approve", {"!devbox help"}, "!devbox request cpx32 \"a try\"", "up"),
      row("share", {"!devbox adopt main volume=data ip=\"ak IPv4\""}, "!devbox share @bob 2h", "down"),
      row("role", {}, "!devbox role @bob:other.test operator", "down")};
  all[0].again = up_for;
  all[1].sender = "console:bob";
  all[2].things = hand_made();
  return all;
}

/// Into the trash, back from it, and what goes for good because its time is over, of which its owner was
/// told.
inline std::vector<Scenario> trash_scenarios() {
  const auto row = [](const std::string& name, std::vector<std::string> before, const std::string& line) {
    return Scenario{name, std::move(before), line, "", "down", nullptr, nullptr, ""};
  };
  const std::string adopt = "!devbox adopt main volume=data ip=\"ak IPv4\"";
  const std::string up = "!devbox up cpx32", del = "!devbox delete main";
  std::vector<Scenario> all = {row("delete", {adopt}, del), row("delete, running", {up}, del),
                               row("undelete", {adopt, del}, "!devbox undelete main"),
                               row("deleted for good", {adopt, del}, "!devbox help"),
                               row("down all", {up}, "!devbox down all")};
  for (const auto at : {0, 2, 3}) all[at].things = hand_made();
  all[1].again = del;
  all[1].failures = 2;
  all[3].any_order = true;
  all[3].sql =
      "UPDATE workspace SET trashed_until = 1000;"
      "INSERT INTO outbox (key, chat, room, thread, kind, body, state, due) "
      "VALUES ('trash:1:1000', 'control', 'room', '', 'final', '{}', 'sent', 0)";
  all[4].again = "!devbox down";
  return all;
}

/// What changes a workspace that is there, and the snapshots that it comes from.
inline std::vector<Scenario> change_scenarios() {
  const auto row = [](const std::string& name, std::vector<std::string> before, const std::string& line,
                      const std::string& reaches) {
    return Scenario{name, std::move(before), line, "", reaches, nullptr, nullptr, ""};
  };
  const std::string up = "!devbox up cpx32";
  std::vector<Scenario> all = {
      row("rebuild", {up}, "!devbox rebuild", "up"),
      row("resize", {up}, "!devbox resize cpx42", "up"),
      row("resize, now", {up}, "!devbox resize cpx42 --now", "up"),
      row("grow", {up}, "!devbox grow 40", "up"),
      row("grow, down", {"!devbox adopt main volume=data ip=\"ak IPv4\""}, "!devbox grow 40", "down"),
      row("images prune", {}, "!devbox images prune keep=1", "down")};
  all[4].things = hand_made();
  for (auto& scenario : all) scenario.stays = scenario.reaches == "up";
  all[0].again = all[2].again = up;
  return all;
}

/// What the bot does by itself when its time has come.
inline std::vector<Scenario> timed_scenarios() {
  const std::string up = "!devbox up cpx32";
  const auto row = [](const std::string& name, std::vector<std::string> before, const std::string& line,
                      int servers) {
    Scenario scenario{name, std::move(before), line, "", servers == 0 ? "down" : "up", nullptr, nullptr, ""};
    scenario.until_servers = servers;
    return scenario;
  };
  std::vector<Scenario> all = {row("stops at its end", {up}, "!devbox up for 2s", 0),
                               row("stops at its end, Stop pressed", {up}, "!devbox up for 9m", 0),
                               row("starts by its hours", {"!devbox adopt main volume=data ip=\"ak IPv4\""},
                                   "!devbox schedule " + hours_of_now() + " mon-sun UTC", 1)};
  all[0].nobody_answers = true;
  all[0].behaviour = {{"idle_s", 7200}};
  all[2].things = hand_made();
  return all;
}

/// Of some of them, what others do to the server meanwhile.
inline std::vector<Scenario> outside_scenarios() {
  // A machine that is gone does not join: nobody waits five minutes for that here.
  const std::string hurry = "stage_join = \"2s\"\nstage_editor = \"2s\"\n";
  std::vector<Scenario> all;
  for (auto scenario : scenarios()) {
    if (scenario.name != "up cold" && scenario.name != "up warm" && scenario.name != "down" &&
        scenario.name != "down, at work")
      continue;
    const auto name = scenario.name;
    scenario.limits = hurry;
    // Slow enough to be met in the middle of its last step.
    if (scenario.reaches == "up") scenario.behaviour = {{"ready_s", 600}};
    for (const std::string act : {"delete", "power off", "rename"}) {
      scenario.name = name + ", " + act;
      scenario.outside = act;
      all.push_back(scenario);
    }
  }
  return all;
}

/// What is said in rooms of a homeserver, so that each request to it is a boundary, too.
inline std::vector<Scenario> matrix_scenarios() {
  static const auto row = [](const std::string& name, std::vector<std::string> before,
                             const std::string& line, const std::string& reaches) {
    Scenario scenario{name, std::move(before), line, "", reaches, nullptr, nullptr, ""};
    scenario.chat = "matrix";
    return scenario;
  };
  const std::string up = "!devbox up cpx32";
  std::vector<Scenario> all = {row("matrix: up cold", {}, up, "up"),
                               row("matrix: down", {up}, "!devbox down", "down"),
                               row("matrix: down, at work", {up}, "!devbox down", "down"),
                               row("matrix: status", {}, "!devbox status", "down"),
                               row("matrix: invited", {}, "!devbox status", "down"),
                               row("matrix: first start", {}, "!devbox status", "down"),
                               row("matrix: types, slow", {}, "!devbox types", "down")};
  all[2].behaviour = {{"report", "busy"}};
  all[4].room = "alone";
  all[5].is_first_start = true;
  // So late an answer that the bot shows first that it has seen the question.
  all[6].slow = {{"method", "GET"}, {"path", "/v1/server_types"}, {"delay_ms", 300}, {"count", 1000}};
  return all;
}

/// What is said in a workspace of Slack: its Web API's requests, and the dialling of its socket, are
/// boundaries, too.
inline std::vector<Scenario> slack_scenarios() {
  static const auto row = [](const std::string& name, std::vector<std::string> before,
                             const std::string& line, const std::string& reaches) {
    Scenario scenario{name, std::move(before), line, "", reaches, nullptr, nullptr, ""};
    scenario.chat = "slack";
    return scenario;
  };
  const std::string up = "!devbox up cpx32";
  std::vector<Scenario> all = {row("slack: up cold", {}, up, "up"),
                               row("slack: down", {up}, "!devbox down", "down"),
                               row("slack: down, at work", {up}, "!devbox down", "down"),
                               row("slack: status", {}, "!devbox status", "down")};
  all[2].behaviour = {{"report", "busy"}};
  return all;
}

}  // namespace faults
