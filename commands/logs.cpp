#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "commands/card.hpp"
#include "commands/grammar.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/stages.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

constexpr int ups_looked_at = 20;
constexpr std::size_t longest_detail = 200;
constexpr std::size_t longest_log = 4096;

/// The steps of `up`, in their order: what is not done yet has no time.
constexpr std::array steps = {"what runs", "preflight",    "home volume", "address", "create server",
                              "boot",      "join tailnet", "revoke key",  "editor"};

/// The last `up` that was for a server: one that met the server of another has nothing to tell.
std::optional<storage::OperationRow> last_up(Services& world, std::int64_t workspace) {
  const auto ups = world.storage.journal.recent_of(workspace, "up", ups_looked_at);
  for (const auto& operation : ups) {
    const auto done = world.storage.journal.steps(operation.id);
    const auto running = done.find("what runs");
    if (!operation.finished || (running != done.end() && running->second == 0)) return operation;
  }
  if (ups.empty()) return std::nullopt;
  return ups.front();
}

std::string heading(Services& world, const Caller& caller, const storage::OperationRow& up,
                    const std::string& name) {
  const auto now = world.clock.now();
  const auto begun = clock_text(up.created, now, zone_of(world, caller.person));
  const auto time = span_text(up.finished.value_or(now) - up.created);
  if (up.state == "done") return name + " came up at " + begun + ", in " + time + ".";
  if (!up.finished) return progress_of(world, up) + ", since " + begun + " (" + time + ").";
  return name + " did not come up at " + begun + ": " + up.error;
}

/// What the bot has done for it, with how long each step took.
std::string own_steps(Services& world, const storage::OperationRow& up) {
  const auto times = world.storage.journal.step_times(up.id);
  std::string text;
  auto before = up.created;
  for (const std::string step : steps) {
    const auto done =
        std::find_if(times.begin(), times.end(), [&](const auto& one) { return one.first == step; });
    if (done == times.end()) return text + fmt::format("\n  {:<14} {}", step, up.finished ? "not done" : "…");
    text += fmt::format("\n  {:<14} {}", step, span_text(done->second - before));
    before = done->second;
  }
  return text;
}

std::string shown_of(const std::string& detail) { return cut(printable(detail), longest_detail); }

std::string told_stages(const std::vector<Stage>& stages) {
  if (stages.empty()) return "\n  The workspace has said nothing of its boot.";
  std::string text = "\n  What the workspace said, by its time since boot:";
  for (const auto& stage : stages) {
    text +=
        fmt::format("\n  {:<8} {:<7} {:>5.0f} s", stage.name, stage.failed ? "failed" : "ok", stage.uptime);
    if (!stage.detail.empty()) text += "  " + shown_of(stage.detail);
  }
  return text;
}

/// Indented, and without what could end the block: where it does, that may be indented, too.
std::string log_of(const Stage& stage) {
  if (stage.log.empty()) return "";
  std::string text = "\n```\n  ";
  for (const char c : cut(printable(stage.log), longest_log))
    text += c == '\n' ? "\n  " : std::string(1, c == '`' ? '\'' : c);
  return text.substr(0, text.find_last_not_of(" \n") + 1) + "\n```";
}

std::string told_stage(const std::vector<Stage>& stages, const std::string& name) {
  const auto stage = last_of(stages, name);
  if (!stage) return "\n  Of \"" + name + "\" the workspace has said nothing.";
  auto text =
      fmt::format("\n  {} {} {:.0f} s after boot", name, stage->failed ? "failed" : "was ok", stage->uptime);
  if (!stage->detail.empty()) text += ": " + shown_of(stage->detail);
  return text + log_of(*stage);
}

/// Takes the stage that is named last out of the request.
std::string take_stage(Request& ask) {
  if (ask.words.empty()) return "";
  const auto word = lower(ask.words.back());
  if (is_stage(word)) {
    ask.words.pop_back();
    return word;
  }
  if (ask.words.size() > 1)
    throw Error("There is no stage \"" + cut(printable(word), 40) + "\"; there are: " + stage_names() + ".");
  return "";
}

/// A lone word may name either.
void check_word(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() != 1 || find_workspace(world, caller, ask, ask.words[0])) return;
  const auto near = near_stage(lower(ask.words[0]));
  throw Error("There is neither a workspace of yours nor a stage \"" + cut(printable(ask.words[0]), 40) +
              "\". " + (near ? "Did you mean " + world.settings.prefix + " logs " + *near + "? " : "") +
              "Stages are: " + stage_names() + "; " + world.settings.prefix +
              " status lists your workspaces.");
}

}  // namespace

Begin logs(Services& world, const Caller& caller, const Request& asked) {
  auto ask = asked;
  const auto stage = take_stage(ask);
  check_word(world, caller, ask);
  const auto workspace = workspace_of(world, caller, ask);
  const auto up = last_up(world, workspace.id);
  if (!up)
    return workspace.hostname + " has never been up. " + line_for(world, workspace, "up", caller.person.id) +
           " brings it up.";
  const auto stages = stages_of(world.storage.journal, up->id);
  const auto first = heading(world, caller, *up, workspace.hostname);
  if (!stage.empty()) return first + told_stage(stages, stage);
  const auto failed = failed_of(stages);
  return first + own_steps(world, *up) + told_stages(stages) + (failed ? log_of(*failed) : "");
}

}  // namespace commands
