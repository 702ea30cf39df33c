#include "commands/approval.hpp"
#include "commands/calendar.hpp"
#include "commands/card.hpp"
#include "commands/duration.hpp"
#include "commands/grammar.hpp"
#include "commands/names.hpp"
#include "commands/nearest.hpp"
#include "commands/permission.hpp"
#include "commands/plan.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

/// `up [type] [name]`, in any order: what looks like a type is one.
Request sorted(const Request& ask) {
  auto request = ask;
  request.words.clear();
  for (const auto& typed : ask.words) {
    const auto word = lower(typed);
    const char* const what = looks_like_type(word) ? "type" : "name";
    if (request.options.contains(what))
      throw Error("`up` takes one " + std::string(what) + ", not both \"" + request.options[what] +
                  "\" and \"" + word + "\". Nothing was done.");
    request.options[what] = word;
  }
  return request;
}

/// The line again, with another name or one more flag.
std::string line_again(const Request& ask, const std::string& name, const std::string& flag) {
  std::string line = "up";
  for (const auto& [key, value] : ask.options)
    line += key == "type" ? " " + value : key == "name" ? "" : " " + key + "=\"" + value + "\"";
  line += " " + name;
  for (const auto& one : ask.flags) line += " --" + one;
  return line + (ask.person.empty() ? "" : " for @" + ask.person) + flag;
}

/// A name that is nearly one there is costs money when it was a slip: nullopt = it is not near, or meant.
std::optional<Message> asks_back(Services& world, const Caller& caller, const Request& ask,
                                 const storage::PersonRow& owner) {
  const auto name = option_or(ask, "name", "");
  if (name.empty() || ask.flags.contains("new")) return std::nullopt;
  const auto all = world.storage.workspaces.of(owner.id);
  std::vector<std::string_view> names;
  for (const auto& one : all) names.push_back(one.name);
  const auto near = nearest(name, names);
  if (!near) return std::nullopt;
  const auto other = line_again(ask, *near, "");
  const auto anew = line_again(ask, name, " --new");
  Message message;
  message.text = "There is no workspace \"" + name + "\", but \"" + *near + "\". Which is meant? `" +
                 world.settings.prefix + " " + other + "` brings that up, `" + world.settings.prefix + " " +
                 anew + "` makes a new one, with a volume and an address that cost money. Nothing was done.";
  message.mentions = {sender_of(world.storage, caller.person.id)};
  message.buttons = {{"Up " + *near, other}, {"Make " + name, anew}};
  return message;
}

/// Another one's hostname is no name that is free by chance: what was meant may be theirs.
void check_not_another_ones(Services& world, const Caller& caller, const Request& ask,
                            const std::string& name) {
  if (name.empty() || !ask.person.empty() || ask.flags.contains("new")) return;
  const auto there = world.storage.workspaces.find_hostname(name);
  if (!there || world.storage.workspaces.find(caller.person.id, name)) return;
  const auto bond = bond_of(world, caller.person, *there);
  if (why_not(world, caller, *find_command(ask.verb), bond).empty()) return;
  throw Error("\"" + name + "\" is another one's workspace, and not shared with you. `" +
              world.settings.prefix + " up " + name +
              " --new` makes one of that name of your own. Nothing was done.");
}

void check_member(Services& world, const storage::PersonRow& owner) {
  if (role_of(world.settings.policy, owner) >= Role::member) return;
  throw Error(shown(owner) +
              " is not among the people this bot works for: `role @user member` or members in "
              "[policy] changes that. Nothing was done.");
}

/// Ups of this person, or of anybody, that run and have no server yet.
int being_made(Services& world, std::int64_t actor) {
  int count = 0;
  for (const auto& operation : world.storage.journal.unfinished()) {
    if (operation.verb != "up" || (actor != 0 && operation.actor != actor)) continue;
    const auto session = world.storage.sessions.current(operation.workspace);
    count += !session || session->operation != operation.id;
  }
  return count;
}

void check_hetzner_answers(Services& world, const Caller& caller) {
  const auto since = world.cloud.silent_since();
  if (!since) return;
  const auto now = world.clock.now();
  throw Error("Hetzner has not answered since " + clock_text(*since, now, zone_of(world, caller.person)) +
              ". Nothing was done; try again in a minute.");
}

/// `up --plan`: checks and prices, and nothing else.
net::awaitable<std::string> only_plan(Services& world, storage::WorkspaceRow workspace, Request ask) {
  const auto plan = co_await preflight(world, workspace, ask);
  auto text = "Only a plan, nothing was made. " + announcement(world, plan);
  if (!plan.consent.empty()) text += "\n  " + plan.consent + ": `up` asks operators first";
  std::string others;
  for (const auto& other : plan.others)
    others +=
        (others.empty() ? "" : ", ") + other.type + " (" + hourly_text(other.hourly, plan.currency) + ")";
  if (!others.empty()) text += "\n  where there is no room for it, in this order: " + others;
  co_return text;
}

/// `for 3h`, counted from when it is made, and `until 18:00`, which becomes an instant here.
void check_end(Services& world, const Caller& caller, Request& ask) {
  const auto length = ask.options.find("for");
  const auto until = ask.options.find("until");
  if (length == ask.options.end() && until == ask.options.end()) return;
  if (length != ask.options.end() && until != ask.options.end())
    throw Error("`up` takes one end, not both for and until. Nothing was done.");
  const auto now = world.clock.now();
  net::Duration time;
  if (until != ask.options.end()) {
    const auto end = parse_clock(until->second, now, zone_of(world, caller.person));
    until->second = std::to_string(storage::to_ms(end));
    time = end - now;
  } else {
    const auto parsed = parse_duration(length->second);
    if (!parsed)
      throw Error("\"" + cut(printable(length->second), 40) +
                  "\" is no length of time; it is written like up for 3h. Nothing was done.");
    time = *parsed;
  }
  const auto cap = world.settings.policy.idle.hard_cap;
  if (time > cap)
    throw Error("No server stays up longer than " + span_text(cap) +
                " ([policy] hard_cap). Nothing was done.");
}

}  // namespace

void check_rate(Services& world, const Caller& caller) {
  constexpr net::Duration window = std::chrono::hours(1);
  const auto& policy = world.settings.policy;
  const auto since = world.clock.now() - window;
  auto& sessions = world.storage.sessions;
  const auto me = caller.person.id;
  if (sessions.created_since(since, me) + being_made(world, me) >= policy.creates_per_hour)
    throw Error(
        "You have made as many servers as a person may in an hour, " +
        std::to_string(policy.creates_per_hour) +
        " ([policy] creates_per_hour): every one costs at least an hour. Try again later. Nothing was "
        "done.");
  if (sessions.created_since(since) + being_made(world, 0) >= policy.all_creates_per_hour)
    throw Error("All together have made as many servers as they may in an hour, " +
                std::to_string(policy.all_creates_per_hour) +
                " ([policy] creates_per_hour). Try again later. Nothing was done.");
}

storage::WorkspaceRow new_workspace(Services& world, const storage::PersonRow& owner,
                                    const std::string& name) {
  storage::WorkspaceRow row;
  row.owner = owner.id;
  row.name = name.empty() ? "main" : name;
  if (row.name == "all") throw Error("\"all\" cannot be a workspace's name. Nothing was done.");
  if (dns_label(row.name) != row.name)
    throw Error("\"" + row.name +
                "\" cannot be a workspace's name: lower-case letters, digits and hyphens, at most " +
                "40, not ending in a hyphen and digits. \"" + dns_label(row.name) + "\" could.");
  row.hostname = free_hostname(world.storage.workspaces, owner, row.name);
  return row;
}

Begin begin_up(Services& world, const Caller& caller, const Request& asked) {
  auto ask = sorted(asked);
  const auto name = option_or(ask, "name", "");
  check_not_another_ones(world, caller, ask, name);
  auto found = find_workspace(world, caller, ask, name);
  const auto owner = found                ? world.storage.people.find(found->owner).value()
                     : ask.person.empty() ? caller.person
                                          : teammate(world, caller, ask);
  if (owner.id != caller.person.id) check_member(world, owner);
  if (!found)
    if (auto question = asks_back(world, caller, ask, owner)) return *question;
  auto workspace = found ? *found : new_workspace(world, owner, name);
  check_end(world, caller, ask);
  ask.options["approved"] = consent_of(caller.role, caller.person.id, owner.id);
  if (ask.flags.contains("plan"))
    return Later([&world, workspace, ask] { return only_plan(world, workspace, ask); });
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (!before.empty() && before.back().verb == "up" && !is_cancelled(world, before.back()))
    return progress_of(world, before.back());
  if (!before.empty() && before.back().verb == "delete") return busy_text(world, before.back());
  check_hetzner_answers(world, caller);
  if (!world.storage.sessions.current(workspace.id)) check_rate(world, caller);
  if (workspace.id == 0) workspace.id = world.storage.workspaces.add(workspace);
  return operation_of(world, caller, ask, workspace.id);
}

}  // namespace commands
