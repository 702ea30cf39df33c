#include <algorithm>

#include "commands/operation.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/utf8.hpp"
#include "commands/whose.hpp"

/// `role`: an admin says what somebody may do.
namespace commands {
namespace {

bool is_admin_by_config(Services& world, storage::PersonRow person) {
  person.role.clear();
  return role_of(world.settings.policy, person) == Role::admin;
}

/// Nobody else is one: neither by the configuration nor by `role`.
bool is_last_admin(Services& world, std::int64_t person) {
  if (!world.settings.policy.admins.empty()) return false;
  const auto all = world.storage.people.all();
  return std::none_of(all.begin(), all.end(), [&](const storage::PersonRow& one) {
    return one.id != person && role_of(world.settings.policy, one) == Role::admin;
  });
}

/// "" is stored where the configuration is to say it.
std::string wished_role(const Request& ask) {
  const auto word = ask.words.size() == 1 ? lower(ask.words.front()) : "";
  if (word == "config") return "";
  if (!role_named(word))
    throw Error(
        "It is written: role @bob operator, with one of none, member, operator, admin or config. "
        "Nothing was changed.");
  return word;
}

std::string take_role(Services& world, storage::PersonRow person, const std::string& role) {
  const auto before = role_of(world.settings.policy, person);
  person.role = role;
  world.storage.people.set_role(person.id, role);
  const auto now = role_of(world.settings.policy, person);
  return "✓ " + shown(person) + " is " + name_of(now) + " now" +
         (role.empty() ? ", by the configuration" : "") + ", and was " + name_of(before) + ".";
}

}  // namespace

Begin begin_role(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty() && !ask.person.empty()) {
    const auto person = person_named(world, caller, ask.person);
    return shown(person) + " is " + name_of(role_of(world.settings.policy, person)) + ".";
  }
  const auto role = wished_role(ask);
  const auto person = teammate(world, caller, ask);
  if (is_admin_by_config(world, person))
    throw Error(shown(person) +
                " is admin by the configuration, and only that can change it. Nothing was "
                "changed.");
  const bool gives_up = person.id == caller.person.id && role != "admin" && is_last_admin(world, person.id);
  if (gives_up) return operation_of(world, caller, ask, 0);
  Message message;
  message.text = take_role(world, person, role);
  message.mentions = {sender_of(world.storage, person.id)};
  return message;
}

/// The last admin takes it from themselves.
net::awaitable<void> run_role(Operation& op, Services& world, const Request& ask) {
  const auto role = wished_role(ask);
  const std::string question =
      "You are the last admin: afterwards only the configuration can make another one. Do it all the same?";
  const bool agreed = co_await op.agrees("last admin", question);
  if (!agreed) throw Cancelled("you stay admin");
  const auto take = [&]() -> net::awaitable<std::string> {
    const auto person = world.storage.people.find(op.row().actor).value();
    co_return take_role(world, person, role);
  };
  auto text = co_await op.step("take role", take);
  op.say("role", text);
}

}  // namespace commands
