#include "commands/operation.hpp"

#include <algorithm>

#include "commands/eta.hpp"
#include "commands/post.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

constexpr int most_tries = 20;

/// One that no button or message of before this person answers with, as long as there are such.
std::string fresh_code(Services& world, std::int64_t who) {
  std::string code;
  for (int tries = 0; tries < most_tries; ++tries) {
    code = std::to_string(1000 + world.random.below(9000));
    if (!world.storage.journal.has_code(who, code)) break;
  }
  return code;
}

}  // namespace

Operation::Operation(Services& world, storage::OperationRow row, bool resumed)
    : world_(world),
      row_(std::move(row)),
      results_(world.storage.journal.steps(row_.id)),
      resumed_(resumed),
      has_effects_(!world.storage.journal.notes(row_.id, "effects").empty()) {}

storage::WorkspaceRow Operation::workspace() const {
  return world_.storage.workspaces.find(row_.workspace).value();
}

hetzner::Attempt Operation::attempt() const {
  return attempt_resumed_ ? hetzner::Attempt::resumed : hetzner::Attempt::first;
}

bool Operation::is_cancelled() const { return !notes("cancel").empty(); }

const nlohmann::json* Operation::begin(const std::string& name) {
  const auto found = results_.find(name);
  if (found != results_.end()) return &found->second;
  if (is_cancelled()) {
    // What a process before this one was in the middle of is not looked for by its step any more.
    if (resumed_) note("unknown outcome", "yes");
    throw Cancelled(last_note("cancel"));
  }
  // Only the first step that runs after a restart may have run before it.
  attempt_resumed_ = std::exchange(resumed_, false);
  progress_ = progress_text(world_.storage.journal, row_.verb, name);
  world_.voice.progress(key("plan"), progress_);
  return nullptr;
}

/// Noted once, before the first: a restart must know whether it may still be refused.
const nlohmann::json* Operation::begin_effect(const std::string& name) {
  const auto* stored = begin(name);
  if (!stored && !has_effects_) note("effects", name);
  has_effects_ = true;
  return stored;
}

void Operation::end(const std::string& name, nlohmann::json result) {
  world_.storage.journal.add_step(row_.id, name, result, world_.clock.now());
  results_[name] = std::move(result);
}

net::Time Operation::deadline(const std::string& name, net::Duration limit) {
  const auto noted = last_note("deadline " + name);
  if (!noted.empty()) return storage::from_ms(std::stoll(noted));
  const auto at = world_.clock.now() + limit;
  note("deadline " + name, std::to_string(storage::to_ms(at)));
  return at;
}

net::awaitable<void> Operation::until_late(net::Time deadline) {
  while (world_.clock.now() < deadline) {
    if (is_cancelled()) throw Cancelled(last_note("cancel"));
    co_await world_.changed.wait_until(world_.clock, deadline);
  }
}

net::awaitable<void> Operation::wait(const char* name, net::Duration limit, net::awaitable<void> work) {
  auto late = until_late(deadline(name, limit));
  const bool in_time = co_await net::ends_before(std::move(work), std::move(late));
  if (in_time) co_return;
  const std::string step = name;
  const auto why = co_await on_late(step);
  throw Late(why);
}

void Operation::note(const std::string& name, const std::string& value) {
  world_.storage.journal.note(row_.id, name, value);
}

std::vector<std::string> Operation::notes(const std::string& name) const {
  return world_.storage.journal.notes(row_.id, name);
}

std::string Operation::last_note(const std::string& name) const {
  const auto all = notes(name);
  return all.empty() ? "" : all.back();
}

std::optional<nlohmann::json> Operation::result(const std::string& step) const {
  const auto found = results_.find(step);
  if (found == results_.end()) return std::nullopt;
  return found->second;
}

void Operation::say(const std::string& line, const std::string& text, std::vector<Button> buttons) {
  Message message;
  message.text = text;
  message.buttons = std::move(buttons);
  if (line == "plan") return queue(line, "progress", message);
  message.mentions = {sender_of(world_.storage, row_.actor)};
  if (const auto owner = other_owner()) {
    message.text += by_line(*owner);
    message.mentions.push_back(sender_of(world_.storage, owner->id));
    tell_apart(line, message, *owner);
  }
  queue(line, "final", message);
}

/// Of the workspace, when somebody else has begun this.
std::optional<storage::PersonRow> Operation::other_owner() const {
  const auto workspace = world_.storage.workspaces.find(row_.workspace);
  if (!workspace || row_.actor == 0 || workspace->owner == row_.actor) return std::nullopt;
  return world_.storage.people.find(workspace->owner);
}

std::string Operation::by_line(const storage::PersonRow& owner) const {
  const auto actor = world_.storage.people.find(row_.actor).value();
  return "\n  " + shown(owner) + "'s; asked for by " + shown(actor) + ", for whom it is called " +
         world_.storage.workspaces.find(row_.workspace).value().hostname;
}

/// What was asked of the bot alone is told to the owner where the owner wrote last.
void Operation::tell_apart(const std::string& line, Message& message, const storage::PersonRow& owner) {
  if (!is_alone_with_us(world_, row_.origin)) return;
  const auto place = place_of(world_, row_.chat, owner.id);
  if (place) return post(world_, *place, key(line + "/owner"), "final", message);
  message.text += "\n  " + shown(owner) + " has never written here and was not told.";
}

void Operation::queue(const std::string& line, const std::string& kind, const Message& message) {
  post(world_, {row_.chat, row_.room, row_.thread}, key(line), kind, message);
}

net::awaitable<std::string> Operation::ask(std::string name, Question question) {
  auto& journal = world_.storage.journal;
  storage::QuestionRow row;
  row.operation = row_.id;
  row.name = name;
  row.nonce = fresh_code(world_, row_.actor);
  row.who = row_.actor;
  row.choices = {"yes", "no"};
  row.message = key(name);
  row.expires = world_.clock.now() + question.open;
  // One transaction: a code that was shown must be the one that is stored.
  world_.storage.database.write(storage::Commit::full, [&] {
    row = journal.ask(row);
    Message message;
    message.text = question.text;
    message.mentions = {sender_of(world_.storage, row_.actor)};
    message.buttons = {{"Yes", "yes " + row.nonce}, {"No", "no " + row.nonce}};
    queue(name, "question", message);
    journal.set_state(row_.id, "waiting");
  });
  on_ask();
  while (row.answer.empty() && world_.clock.now() < row.expires && !is_cancelled()) {
    co_await world_.changed.wait_until(world_.clock, row.expires);
    row = journal.question(row_.id, name).value();
  }
  if (row.answer.empty()) journal.answer(row.id, "no", 0);
  journal.set_state(row_.id, "running");
  co_return row.answer.empty() ? "no" : row.answer;
}

net::awaitable<bool> Operation::agrees(std::string name, std::string text) {
  Question question;
  question.text = std::move(text);
  question.open = world_.settings.limits.answer;
  const auto answer = co_await ask(name, question);
  if (answer != "yes") note("outcome", "answered no");
  co_return answer == "yes";
}

}  // namespace commands
