#include "commands/approval.hpp"

#include <algorithm>

#include "commands/card.hpp"
#include "commands/duration.hpp"
#include "commands/grammar.hpp"
#include "commands/people.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

constexpr std::size_t most_asked = 10;

/// Who may decide it and was heard of, on the platform of whoever asks.
std::vector<storage::PersonRow> deciders(Services& world, const storage::RequestRow& row) {
  const auto asker = world.storage.people.find(row.person).value();
  auto all = world.storage.people.all();
  std::erase_if(all, [&](const storage::PersonRow& one) {
    return one.id == asker.id || one.platform != asker.platform ||
           role_of(world.settings.policy, one) < Role::operating;
  });
  if (all.size() > most_asked) all.resize(most_asked);
  return all;
}

/// Where operators read it: where it was asked, or where one of them wrote last when it was asked of the bot
/// alone.
Place place_to_ask(Services& world, const storage::RequestRow& row,
                   const std::vector<storage::PersonRow>& operators) {
  const Place asked{row.chat, row.room, row.thread};
  if (!is_alone_with_us(world, row.origin)) return asked;
  for (const auto& one : operators)
    if (const auto place = place_of(world, row.chat, one.id)) return *place;
  return asked;
}

}  // namespace

std::string consent_for(const Services& world, const std::string& type, hetzner::Money hourly) {
  const auto& policy = world.settings.policy.approve;
  const bool is_listed = std::any_of(policy.types.begin(), policy.types.end(),
                                     [&](const auto& pattern) { return matches(pattern, type); });
  const bool is_dear = !policy.hourly.empty() && hourly > hetzner::Money::parse(policy.hourly);
  if (!is_listed && !is_dear) return "";
  return type + " needs an operator's consent ([policy] approve)";
}

std::string consent_of(Role role, std::int64_t person, std::int64_t owner) {
  const bool is_for_another = person != owner && role >= Role::operating;
  return is_for_another || role == Role::admin ? any_type : "";
}

void mark_consent(const Services& world, Plan& plan, const std::string& approved) {
  if (approved == any_type) return;
  std::erase_if(plan.others, [&](const Sold& other) {
    return other.type != approved && !consent_for(world, other.type, other.hourly).empty();
  });
  if (plan.type != approved) plan.consent = consent_for(world, plan.type, plan.hourly);
}

net::awaitable<std::string> ask_for_consent(const Operation& op, Services& world, const Plan& plan) {
  const auto workspace = op.workspace();
  storage::RequestRow row;
  row.origin = op.row().origin;
  row.person = op.row().actor;
  auto ask = op.row().request.get<Request>();
  ask.options["name"] = workspace.name;
  ask.options["type"] = plan.type;
  row.ask = ask;
  row.type = plan.type;
  row.chat = op.row().chat;
  row.room = op.row().room;
  row.thread = op.row().thread;
  const auto stored = ask_operators(world, row, hourly_text(plan.hourly, plan.currency));
  co_return "… " + plan.consent + ": it is request " + std::to_string(stored.id) +
      " now, and comes up when an operator approves it. Without an answer within " +
      span_text(world.settings.policy.approve.wait) + " it counts as denied. Nothing was made.";
}

storage::RequestRow ask_operators(Services& world, storage::RequestRow row, const std::string& price) {
  row.created = world.clock.now();
  row.expires = row.created + world.settings.policy.approve.wait;
  world.storage.database.write(storage::Commit::full, [&] {
    row = world.storage.requests.add(row);
    const auto operators = deciders(world, row);
    const auto number = std::to_string(row.id);
    Message message;
    message.text = "Request " + number + ": " + subject_of(world, row) + (price.empty() ? "" : ", " + price) +
                   (row.why.empty() ? "" : ": " + row.why) +
                   "\n  An operator other than the asker decides, within " +
                   span_text(world.settings.policy.approve.wait) + ".";
    for (const auto& one : operators) message.mentions.push_back(sender_of(world.storage, one.id));
    message.buttons = {{"Approve", "approve " + number}, {"Deny", "deny " + number}};
    post(world, place_to_ask(world, row, operators), "request/" + number, "question", message);
  });
  world.changed.notify();
  return row;
}

std::string subject_of(Services& world, const storage::RequestRow& row) {
  const auto person = world.storage.people.find(row.person).value();
  const auto name = option_or(row.ask.get<Request>(), "name", "");
  return (row.type.empty() ? "a workspace" : row.type) + " for " + shown(person) +
         (name.empty() ? "" : "'s workspace " + name);
}

void tell_decision(Services& world, const storage::RequestRow& row, const std::string& what) {
  Message message;
  message.text = "Request " + std::to_string(row.id) + " (" + subject_of(world, row) + ") " + what + ".";
  message.mentions = {sender_of(world.storage, row.person)};
  post(world, {row.chat, row.room, row.thread}, "request/" + std::to_string(row.id) + "/decided", "final",
       message);
}

}  // namespace commands
