#pragma once
#include <optional>
#include <string>

#include "commands/verbs.hpp"

/// Whom a line is about, and which workspace: the one place where commands find them.
namespace commands {

/// Whom "@bob", "@bob:example.org", "@U2" or "@slack:T1/U2" names to the caller, by user id alone: a display
/// name decides nothing. Without a row (id 0) as long as nobody has heard of that person. Throws Error when
/// it is no id.
storage::PersonRow person_named(Services& world, const Caller& caller, const std::string& text);
/// The same, who gets a row where there was none. Throws Error for a name that nobody has heard of and that
/// is nearly another one's, unless the line says --new.
storage::PersonRow teammate(Services& world, const Caller& caller, const Request& ask);
/// Who is named with @, else the caller.
storage::PersonRow whose(Services& world, const Caller& caller, const Request& ask);

/// The workspace of that name: with @user that person's; else the caller's own, by name or hostname, else
/// anybody's by its hostname. "" = the only one, else "main"; nullopt = there is none. Throws Error when it
/// is not the caller's to do that with, or when none is named and there are several, none of them "main".
std::optional<storage::WorkspaceRow> find_workspace(Services& world, const Caller& caller, const Request& ask,
                                                    const std::string& name);
/// Whether a word names one of the caller's own.
bool names_own(Services& world, const Caller& caller, const std::string& word);
/// "You have no workspace "x". …", of whom the line is about.
std::string no_workspace(Services& world, const Caller& caller, const Request& ask, const std::string& name);

/// "@bob", "@bob:example.org": how somebody is written in a chat. In Slack by name, else "U2": its way of
/// writing people calls them, and that is left to a message's mentions.
std::string shown(const storage::PersonRow& person);
/// "!devbox down", as this reader has to write it: of another one's workspace with its hostname.
std::string line_for(Services& world, const storage::WorkspaceRow& workspace, const std::string& verb,
                     std::int64_t reader);

}  // namespace commands
