#include "commands/request.hpp"

#include <charconv>

#include "commands/approval.hpp"
#include "commands/grammar.hpp"
#include "commands/names.hpp"
#include "commands/nearest.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/record.hpp"
#include "commands/trash.hpp"
#include "commands/unasked.hpp"
#include "commands/utf8.hpp"
#include "commands/whose.hpp"

/// `request`, `approve` and `deny`: somebody else than the asker decides.
namespace commands {
namespace {

constexpr std::size_t longest_why = 200;

/// The workspace that is asked for, which need not be there yet.
storage::WorkspaceRow find_wanted(Services& world, const storage::PersonRow& owner, const std::string& name) {
  const auto all = world.storage.workspaces.of(owner.id);
  if (name.empty() && all.size() == 1) return all.front();
  if (const auto found = world.storage.workspaces.find(owner.id, name.empty() ? "main" : name)) return *found;
  return new_workspace(world, owner, name);
}

storage::WorkspaceRow wanted(Services& world, const storage::PersonRow& owner, const std::string& name) {
  auto workspace = find_wanted(world, owner, name);
  if (workspace.state == "trashed")
    throw Error(trash_text(world, workspace, owner.id) + " Nothing was done.");
  return workspace;
}

/// The price as it was seen last; "" when nobody has looked yet.
std::string price_of(Services& world, const std::string& type, const std::string& location) {
  const auto& seen = world.project.last_types();
  const auto& offer = world.project.last();
  if (!seen || !offer) return "";
  for (const auto& one : seen->value)
    if (one.name == type)
      if (const auto* price = one.price_in(location))
        return hourly_text(shown(world.settings, price->hourly), offer->pricing.currency);
  return "";
}

storage::RequestRow numbered(Services& world, const Request& ask) {
  const auto word = ask.words.size() == 1 ? ask.words.front() : "";
  std::int64_t id = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), id);
  const bool is_number = !word.empty() && read.ec == std::errc() && read.ptr == word.data() + word.size();
  if (!is_number)
    throw Error("`" + ask.verb + "` takes the number of a request, as in " + ask.verb +
                " 3. Nothing was done.");
  const auto row = world.storage.requests.find(id);
  if (!row) throw Error("There is no request " + std::to_string(id) + ". Nothing was done.");
  return *row;
}

/// The request, if the caller may decide it now.
storage::RequestRow decidable(Services& world, const Caller& caller, const Request& ask) {
  auto row = request_of_another(world, caller, ask);
  const auto number = std::to_string(row.id);
  const auto by = world.storage.people.find(row.decided);
  if (row.state != "open" && by)
    throw Error("Request " + number + " was " + row.state + " by " + shown(*by) + " already.");
  if (row.state != "open" || row.expires <= world.clock.now())
    throw Error("Request " + number + " was not decided in time and counts as denied. Nothing was done.");
  return row;
}

bool is_asked_here(const Caller& caller, const storage::RequestRow& row) {
  return caller.message.chat == row.chat && caller.message.room == row.room;
}

}  // namespace

storage::RequestRow request_of_another(Services& world, const Caller& caller, const Request& ask) {
  auto row = numbered(world, ask);
  if (row.person == caller.person.id)
    throw NotAllowed("Request " + std::to_string(row.id) +
                     " is yours: somebody else has to decide it. Nothing was done.");
  return row;
}

Begin request(Services& world, const Caller& caller, const Request& asked) {
  auto words = asked.words;
  Request up;
  up.verb = "up";
  if (!words.empty() && looks_like_type(words.front())) {
    up.options["type"] = lower(words.front());
    words.erase(words.begin());
  }
  std::string why;
  for (const auto& word : words) why += (why.empty() ? "" : " ") + word;
  if (why.empty()) throw Error("Say what it is for: request cpx52 \"training run\". Nothing was done.");
  const auto workspace = wanted(world, caller.person, lower(option_or(asked, "name", "")));
  up.options["name"] = workspace.name;
  const auto usual = workspace.policy.value("type", world.settings.type);
  storage::RequestRow row;
  row.origin = caller.message.key;
  row.person = caller.person.id;
  row.type = option_or(up, "type", usual);
  up.options["type"] = row.type;
  row.ask = up;
  row.why = cut(printable(why), longest_why);
  row.chat = caller.message.chat;
  row.room = caller.message.room;
  row.thread = caller.message.thread;
  const auto location = workspace.location.empty() ? world.settings.location : workspace.location;
  row = ask_operators(world, row, price_of(world, row.type, location));
  return "Operators are asked: it is request " + std::to_string(row.id) + ".";
}

Begin approve(Services& world, const Caller& caller, const Request& ask) {
  const auto row = decidable(world, caller, ask);
  const auto owner = world.storage.people.find(row.person).value();
  if (role_of(world.settings.policy, owner) < Role::member)
    throw Error(shown(owner) + " is not among the people this bot works for any more. Nothing was done.");
  auto up = row.ask.get<Request>();
  auto workspace = wanted(world, owner, option_or(up, "name", ""));
  if (workspace.id == 0) workspace.id = world.storage.workspaces.add(workspace);
  up.options["approved"] = row.type;
  // It may have passed while nobody decided.
  const auto until = up.options.find("until");
  if (until != up.options.end() && storage::from_ms(std::stoll(until->second)) <= world.clock.now())
    up.options.erase(until);
  world.storage.requests.decide(row.id, "approved", caller.person.id);
  tell_decision(world, row, "is approved by " + shown(caller.person));
  if (!is_asked_here(caller, row)) {
    Message message;
    message.text = "Approved: " + workspace.hostname + " comes up.";
    post(world, {caller.message.chat, caller.message.room, caller.message.thread},
         caller.message.key + "/answer", "answer", message);
  }
  const auto origin = "approval:" + std::to_string(row.id);
  auto operation =
      operation_from(world, origin, "up", workspace.id, owner.id, {row.chat, row.room, row.thread});
  operation.request = up;
  const auto number = std::to_string(row.id);
  record(world, caller.message, "request " + number + " approved");
  record(world, operation, "up " + row.type, "begun by request " + number);
  return operation;
}

Begin deny(Services& world, const Caller& caller, const Request& ask) {
  const auto row = decidable(world, caller, ask);
  world.storage.requests.decide(row.id, "denied", caller.person.id);
  tell_decision(world, row, "is denied by " + shown(caller.person));
  return is_asked_here(caller, row) ? "" : "Request " + std::to_string(row.id) + " is denied.";
}

}  // namespace commands
