#include "commands/whose.hpp"

#include <algorithm>

#include "commands/card.hpp"
#include "commands/names.hpp"
#include "commands/nearest.hpp"
#include "commands/permission.hpp"
#include "commands/printable.hpp"
#include "commands/trash.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

using storage::PersonRow;
using storage::WorkspaceRow;

constexpr std::size_t longest_shown = 60;

struct UserId {
  std::string platform;
  std::string user;
};

bool is_slack_user(const std::string& text) {
  return text.size() > 1 && (text[0] == 'U' || text[0] == 'W') &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos;
}

std::optional<UserId> id_in(const Caller& caller, const std::string& text) {
  const auto colon = text.find(':');
  if (text.starts_with("matrix:@")) return UserId{"matrix", text.substr(7)};
  if (text.starts_with("slack:") && text.find('/') != std::string::npos)
    return UserId{"slack", text.substr(6)};
  if (colon != std::string::npos && colon > 0 && colon + 1 < text.size()) return UserId{"matrix", "@" + text};
  const auto& mine = caller.person;
  if (mine.platform == "matrix") return std::nullopt;
  if (mine.platform != "slack") return UserId{mine.platform, text};
  const auto team = mine.user.substr(0, mine.user.find('/'));
  if (!is_slack_user(text)) return std::nullopt;
  return UserId{"slack", team + "/" + text};
}

/// Somebody known on the same platform whose name is nearly this one, or the same on another server.
std::optional<PersonRow> find_near(Services& world, const PersonRow& wanted) {
  std::vector<std::string> names;
  auto known = world.storage.people.all();
  std::erase_if(known, [&](const PersonRow& one) { return one.platform != wanted.platform; });
  for (const auto& one : known) names.push_back(lower(short_name(one)));
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(short_name(wanted), views);
  if (!near) return std::nullopt;
  return known.at(std::find(names.begin(), names.end(), *near) - names.begin());
}

std::optional<WorkspaceRow> only_one_of(Services& world, const PersonRow& owner, bool is_caller) {
  auto all = world.storage.workspaces.of(owner.id);
  const auto is_trash = [](const WorkspaceRow& one) { return one.state == "trashed"; };
  // What is in the trash is not meant, unless there is nothing else.
  if (!std::all_of(all.begin(), all.end(), is_trash)) std::erase_if(all, is_trash);
  if (all.size() == 1) return all.front();
  const auto main = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.name == "main"; });
  if (main != all.end()) return *main;
  if (all.empty()) return std::nullopt;
  std::string names;
  for (const auto& one : all) names += (names.empty() ? "" : ", ") + one.name;
  throw Error((is_caller ? "You have" : shown(owner) + " has") + " several workspaces; say which: " + names +
              ". Nothing was done.");
}

std::optional<WorkspaceRow> look_up(Services& world, const PersonRow& owner, const std::string& name,
                                    bool is_caller) {
  if (name.empty()) return only_one_of(world, owner, is_caller);
  if (auto found = world.storage.workspaces.find(owner.id, name)) return found;
  auto found = world.storage.workspaces.find_hostname(name);
  return found && (is_caller || found->owner == owner.id) ? found : std::nullopt;
}

}  // namespace

PersonRow person_named(Services& world, const Caller& caller, const std::string& text) {
  const auto id = id_in(caller, text);
  if (!id)
    throw Error("\"@" + cut(printable(text), longest_shown) + "\" is nobody's id here" +
                (caller.person.platform == "matrix"
                     ? ": mention them, or write the whole of it, like @bob:example.org."
                     : ": mention them.") +
                " Display names can be anybody's. Nothing was done.");
  if (auto known = world.storage.people.find(id->platform, id->user)) return *known;
  PersonRow unheard;
  unheard.platform = id->platform;
  unheard.user = id->user;
  return unheard;
}

PersonRow teammate(Services& world, const Caller& caller, const Request& ask) {
  if (ask.person.empty())
    throw Error("Of whom? `" + ask.verb + "` takes a person, like @bob. Nothing was done.");
  auto person = person_named(world, caller, ask.person);
  if (person.id != 0) return person;
  const auto near = ask.flags.contains("new") ? std::nullopt : find_near(world, person);
  if (near)
    throw Error("Nobody has heard of " + shown(person) + " yet. Did you mean " + shown(*near) +
                "? If not, say it with --new. Nothing was done.");
  return world.storage.people.ensure(person.platform, person.user);
}

PersonRow whose(Services& world, const Caller& caller, const Request& ask) {
  return ask.person.empty() ? caller.person : person_named(world, caller, ask.person);
}

std::optional<WorkspaceRow> find_workspace(Services& world, const Caller& caller, const Request& ask,
                                           const std::string& name) {
  const auto owner = whose(world, caller, ask);
  auto found = look_up(world, owner, name, owner.id == caller.person.id);
  // Meant for a new one of the caller's own, whoever has a hostname like that.
  if (found && ask.flags.contains("new") && found->owner != owner.id) found.reset();
  const auto& command = *find_command(ask.verb);
  if (found) check_may(world, caller, command, *found);
  if (found && found->state == "trashed" && !command.takes_trashed)
    throw Error(trash_text(world, *found, caller.person.id) + " Nothing was done.");
  if (!found && owner.id != caller.person.id)
    if (const auto why = why_not(world, caller, command, Bond::foreign); !why.empty()) throw NotAllowed(why);
  return found;
}

bool names_own(Services& world, const Caller& caller, const std::string& word) {
  const auto found = look_up(world, caller.person, word, true);
  return found && found->owner == caller.person.id;
}

std::string no_workspace(Services& world, const Caller& caller, const Request& ask, const std::string& name) {
  const auto owner = whose(world, caller, ask);
  const bool is_caller = owner.id == caller.person.id;
  const auto who = is_caller ? "You have" : shown(owner) + " has";
  const auto& prefix = world.settings.prefix;
  if (name.empty()) return who + " no workspace yet." + (is_caller ? " " + prefix + " up makes one." : "");
  return who + " no workspace \"" + cut(printable(name), longest_shown) + "\". " + prefix +
         (is_caller ? " status lists yours." : " status all lists everybody's.");
}

std::string shown(const PersonRow& person) {
  const auto name = printable(person.user);
  if (person.platform == "slack" && person.name.empty()) return name.substr(name.find('/') + 1);
  if (person.platform == "slack")
    return cut(printable(person.name.substr(0, person.name.find('\n'))), longest_shown);
  return name.starts_with('@') ? name : "@" + name;
}

std::string line_for(Services& world, const WorkspaceRow& workspace, const std::string& verb,
                     std::int64_t reader) {
  if (reader == workspace.owner) return line_for(world, workspace, verb);
  return world.settings.prefix + " " + verb + " " + workspace.hostname;
}

}  // namespace commands
