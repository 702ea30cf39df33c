#include <algorithm>

#include "commands/names.hpp"
#include "commands/public_key.hpp"
#include "commands/server_keys.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

constexpr std::size_t most_keys = 20;

Error no_change(const std::string& why) { return Error(why + " Nothing was done."); }

/// A name that neither a stored key nor one of the project has, as far as it has been read.
std::string free_name(Services& world, const storage::PersonRow& person,
                      const std::vector<hetzner::SshKey>& there) {
  const auto mine = world.storage.ssh_keys.all();
  const auto is_taken = [&](const std::string& name) {
    const auto has_it = [&](const auto& key) { return key.name == name; };
    return std::any_of(mine.begin(), mine.end(), has_it) || std::any_of(there.begin(), there.end(), has_it);
  };
  const auto start = world.settings.name + "-" + dns_label(short_name(person)) + "-";
  int number = 1;
  while (is_taken(start + std::to_string(number))) ++number;
  return start + std::to_string(number);
}

Begin begin_add(Services& world, const Caller& caller, const Request& ask) {
  std::string line;
  for (auto word = ask.words.begin() + 1; word < ask.words.end(); ++word) line += *word + " ";
  const auto key = parse_public_key(line);
  auto& keys = world.storage.ssh_keys;
  if (const auto known = keys.find(caller.person.id, key.md5))
    return "You have that key already: it is number " + number_of(*known) + ".";
  if (keys.of(caller.person.id).size() >= most_keys)
    throw no_change("You have " + std::to_string(most_keys) + " keys, which is the most. `key remove` one.");
  storage::SshKeyRow row;
  row.person = caller.person.id;
  const auto& offer = world.project.last();
  row.name = free_name(world, caller.person, offer ? offer->ssh_keys : std::vector<hetzner::SshKey>{});
  row.public_key = key.line();
  row.fingerprint = key.md5;
  row.added = world.clock.now();
  keys.add(row);
  auto request = ask;
  request.words = {"add"};
  request.options = {{"fingerprint", key.md5}};
  return operation_of(world, caller, request, 0);
}

Begin list(Services& world, const Caller& caller) {
  std::string text;
  for (const auto& key : world.storage.ssh_keys.of(caller.person.id))
    text += (text.empty() ? "" : "\n") + number_of(key) + " · " + parse_public_key(key.public_key).shown() +
            (key.remote_id == 0 ? " (being added)" : "");
  if (text.empty())
    return "You have no ssh key here yet. " + world.settings.prefix +
           " key add and the line of your .pub file adds one.";
  return text;
}

Begin begin_remove(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() != 2)
    throw no_change("`key remove` takes the number of one key; `key list` shows them.");
  const auto mine = world.storage.ssh_keys.of(caller.person.id);
  const auto key =
      std::find_if(mine.begin(), mine.end(), [&](const auto& one) { return number_of(one) == ask.words[1]; });
  if (key == mine.end())
    throw no_change("You have no key with the number \"" + ask.words[1] + "\"; `key list` shows yours.");
  if (key->remote_id == 0) throw no_change("Key " + ask.words[1] + " is still being added.");
  world.storage.ssh_keys.remove(key->id);
  auto request = ask;
  request.words = {"remove"};
  request.options = {{"number", number_of(*key)},
                     {"key", key->public_key},
                     {"fingerprint", key->fingerprint},
                     {"remote", std::to_string(key->remote_id)}};
  return operation_of(world, caller, request, 0);
}

storage::SshKeyRow row_of(const Operation& op, Services& world, const Request& ask) {
  return world.storage.ssh_keys.find(op.row().actor, ask.options.at("fingerprint")).value();
}

bool is_name_taken(const hetzner::ApiError& error) { return error.code == "uniqueness_error"; }

/// A key of that name may be there still, left by one that could not be deleted: then another name does.
net::awaitable<hetzner::SshKeyId> upload(const Operation& op, Services& world, const Request& ask) {
  auto row = row_of(op, world, ask);
  const auto person = world.storage.people.find(row.person).value();
  const auto labels = labels_of_key(world, person);
  std::optional<hetzner::SshKeyId> id;
  try {
    id = co_await world.cloud.ensure_ssh_key(row.name, row.public_key, labels);
  } catch (const hetzner::ApiError& error) {
    if (!is_name_taken(error)) throw;
  }
  if (!id) {
    const auto there = co_await world.cloud.ssh_keys();
    row.name = free_name(world, person, there);
    world.storage.ssh_keys.set_name(row.id, row.name);
    id = co_await world.cloud.ensure_ssh_key(row.name, row.public_key, labels);
  }
  world.storage.ssh_keys.set_remote(row.id, id->value);
  co_return *id;
}

/// What became of a key at Hetzner: "deleted", or why it was left there.
net::awaitable<std::string> take_away(Services& world, const Request& ask) {
  const auto stored = world.storage.ssh_keys.all();
  const auto& fingerprint = ask.options.at("fingerprint");
  if (std::any_of(stored.begin(), stored.end(),
                  [&](const auto& one) { return one.fingerprint == fingerprint; }))
    co_return "shared";
  const hetzner::SshKeyId id{std::stoll(ask.options.at("remote"))};
  const auto there = co_await world.cloud.ssh_keys();
  const auto key = std::find_if(there.begin(), there.end(), [&](const auto& one) { return one.id == id; });
  if (key == there.end()) co_return "deleted";
  const auto label = key->labels.find("devbox-bot");
  if (label == key->labels.end() || label->second != world.settings.name) co_return "foreign";
  co_await world.cloud.delete_ssh_key(id);
  co_return "deleted";
}

net::awaitable<void> add(Operation& op, Services& world, const Request& ask) {
  co_await op.step("upload key", [&] { return upload(op, world, ask); });
  const auto row = row_of(op, world, ask);
  op.say("added",
         "✓ Key " + number_of(row) + " is added: " + parse_public_key(row.public_key).shown() +
             ".\n  Your servers accept it from the next `up` on; one that runs now does not know it.");
}

net::awaitable<void> remove(Operation& op, Services& world, const Request& ask) {
  const auto became = co_await op.step("delete key", [&] { return take_away(world, ask); });
  auto text =
      "✓ Key " + ask.options.at("number") +
      " is removed: " + parse_public_key(ask.options.at("key")).shown() +
      ".\n  Your servers do not get it any more from the next `up` on; one that runs now still accepts "
      "it.";
  if (became == "foreign") text += "\n  It stays in the Hetzner project, for it was there before.";
  op.say("removed", text);
}

}  // namespace

Begin begin_key(Services& world, const Caller& caller, const Request& ask) {
  if (holds_private_key(caller.message.text)) {
    world.storage.inbox.replace_text(caller.message.key, "(a private key)");
    return "That is a private key, and it was not taken. Whoever reads this room has seen it: treat it as "
           "burnt, take it off everything that it opens, make another one (`ssh-keygen -t ed25519`) and "
           "paste "
           "the one line of its .pub file only.";
  }
  const auto what = ask.words.empty() ? "list" : ask.words.front();
  if (what == "add") return begin_add(world, caller, ask);
  if (what == "list" && ask.words.size() < 2) return list(world, caller);
  if (what == "remove") return begin_remove(world, caller, ask);
  throw no_change("`key` knows add SSH-PUBLIC-KEY, list and remove N.");
}

net::awaitable<void> run_key(Operation& op, Services& world, const Request& ask) {
  if (ask.words.front() == "add") {
    co_await add(op, world, ask);
  } else {
    co_await remove(op, world, ask);
  }
}

net::awaitable<void> undo_key(Operation& op, Services& world) {
  const auto ask = op.row().request.get<Request>();
  const auto why = op.last_note("failure");
  const auto& fingerprint = ask.options.at("fingerprint");
  if (ask.words.front() == "remove") {
    op.say("failed", "✗ Key " + ask.options.at("number") +
                         " is yours no more and on no server that is made from now on, but it could not be "
                         "deleted in the Hetzner project: " +
                         why);
    co_return;
  }
  const auto row = world.storage.ssh_keys.find(op.row().actor, fingerprint);
  if (row) world.storage.ssh_keys.remove(row->id);
  op.say("failed", "✗ The key was not added: " + why);
}

}  // namespace commands
