#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/permission.hpp"
#include "commands/running.hpp"
#include "commands/table.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

std::string codes(const std::vector<storage::QuestionRow>& questions) {
  std::string list;
  for (const auto& question : questions) list += (list.empty() ? "" : ", ") + question.nonce;
  return list;
}

/// The question that is meant: the one with the code, the one whose button was pressed, or the only one.
const storage::QuestionRow* meant(const std::vector<storage::QuestionRow>& questions, const Caller& caller,
                                  const std::string& code) {
  const storage::QuestionRow* found = nullptr;
  for (const auto& question : questions) {
    // A button is its own question's, also when another one has come to the same code.
    const auto& pressed = caller.message.answer_to;
    const bool is_it =
        (pressed.empty() || pressed == question.message) && (code.empty() || question.nonce == code);
    if (!is_it) continue;
    if (found) return nullptr;
    found = &question;
  }
  return found;
}

/// Who may not begin it any more may not send it on either.
void check_may_still(Services& world, const Caller& caller, const storage::QuestionRow& question) {
  const auto operation = world.storage.journal.find(question.operation).value();
  const auto* command = find_command(operation.verb);
  if (!command) return;
  const auto why = why_not(world, caller, *command, bond_of(world, caller.person, operation));
  if (!why.empty()) throw NotAllowed(why);
}

Begin answer(Services& world, const Caller& caller, const Request& ask) {
  auto& journal = world.storage.journal;
  const auto questions = journal.open_questions(caller.person.id, world.clock.now());
  if (questions.empty()) return "Nothing is waiting for your answer.";
  const auto code = ask.words.empty() ? "" : ask.words.front();
  const auto* question = meant(questions, caller, code);
  if (!question && !code.empty())
    throw Error("No open question of yours has the code " + code + "; open: " + codes(questions) + ".");
  if (!question)
    throw Error("Several questions are open. Say which: `" + ask.verb + " CODE`, with one of " +
                codes(questions) + ".");
  check_may_still(world, caller, *question);
  journal.answer(question->id, ask.verb, caller.person.id);
  world.changed.notify();
  return "Understood: " + ask.verb + ".";
}

}  // namespace

Begin yes(Services& world, const Caller& caller, const Request& ask) { return answer(world, caller, ask); }
Begin no(Services& world, const Caller& caller, const Request& ask) { return answer(world, caller, ask); }

Begin cancel(Services& world, const Caller& caller, const Request& ask) {
  const auto workspace = find_workspace(world, caller, ask, ask.words.empty() ? "" : ask.words.front());
  if (!workspace) throw Error("There is no such workspace, so nothing of it runs.");
  const auto operations = world.storage.journal.unfinished_of(workspace->id);
  const auto goes_down = goes_down_at(world, workspace->id);
  if (operations.empty() && goes_down) {
    world.storage.deadlines.remove(workspace->id, "down");
    return workspace->hostname + " stays up: it does not go down at " +
           clock_text(*goes_down, world.clock.now(), zone_of(world, caller.person)) + " any more.";
  }
  if (operations.empty()) return "Nothing runs for " + workspace->hostname + ".";
  const auto& operation = operations.front();
  if (operation.state == "undoing") return progress_of(world, operation) + ".";
  const auto* command = find_command(operation.verb);
  const bool has_begun = operation.state != "queued" && operation.state != "waiting";
  const auto next_up = find_next_up(world, workspace->id);
  if (has_begun && operation.verb == "down" && next_up) {
    cancel_operation(world, *next_up, "it was cancelled");
    return "`down` of " + workspace->hostname +
           " cannot be stopped half-way; it does not come up again after it.";
  }
  if (has_begun && !(command && command->undo))
    return "`" + operation.verb + "` of " + workspace->hostname +
           " cannot be stopped half-way; when it has ended, " +
           line_for(world, *workspace, "up", caller.person.id) + " brings it back.";
  cancel_operation(world, operation, "it was cancelled");
  return "`" + operation.verb + "` of " + workspace->hostname + " stops at its next step.";
}

}  // namespace commands
