#include "bot/config_values.hpp"

#include <algorithm>
#include <charconv>
#include <regex>
#include <stdexcept>

#include "bot/config.hpp"
#include "commands/calendar.hpp"
#include "commands/duration.hpp"
#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "commands/times.hpp"
#include "hetzner/money.hpp"
#include "net/error.hpp"
#include "net/url.hpp"

namespace bot::values {
namespace {

constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_path = 200;
constexpr std::size_t longest_process = 15;  ///< of /proc/PID/comm
constexpr const char* process_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

std::string matching(const toml::node& node, const char* pattern, const std::string& wanted) {
  const auto value = text(node);
  // The bound first: std::regex goes as deep as the text is long.
  if (value.size() > longest_label || !std::regex_match(value, std::regex(pattern))) refuse(wanted);
  return value;
}

/// Written without detours, for it names a directory on the volume; ":" stands between two of them.
bool is_plain_path(const std::string& path) {
  const auto whole = path + "/";
  for (const std::string detour : {"//", "/./", "/../", ":", "\n", "\t"})
    if (whole.find(detour) != std::string::npos) return false;
  return path.starts_with('/') && path.size() <= longest_path && commands::printable(path) == path;
}

/// An id of one of these kinds, of which a * may stand for the end or the whole.
bool is_slack_id(const std::string& id, const std::string& kinds) {
  if (id == "*") return true;
  const auto rest = id.substr(0, id.size() - (id.ends_with('*') ? 1 : 0));
  return id.size() > 1 && kinds.find(id[0]) != std::string::npos &&
         rest.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
}

/// "slack:T1/U2", "slack:T1/*": more than one * matches nobody.
bool names_slack_people(const std::string& person) {
  const auto slash = person.find('/');
  const auto start = std::string("slack:").size();
  return slash != std::string::npos && std::count(person.begin(), person.end(), '*') <= 1 &&
         is_slack_id(person.substr(start, slash - start), "TE") &&
         is_slack_id(person.substr(slash + 1), "UW");
}

/// What a machine needs before its volume is there, or that is on no disk.
bool belongs_to_system(const std::string& path) {
  for (const std::string needed : {"/boot", "/etc", "/root", "/usr", "/var", "/var/lib"})
    if (path == needed) return true;
  for (const std::string kernel : {"/dev/", "/proc/", "/run/", "/sys/"})
    if ((path + "/").starts_with(kernel)) return true;
  return false;
}

}  // namespace

void refuse(const std::string& wanted) { throw ConfigError("must be " + wanted); }

std::string text(const toml::node& node) {
  const auto* value = node.as_string();
  if (!value) refuse("a text in quotes");
  return value->get();
}

std::string word(const toml::node& node) {
  auto value = text(node);
  if (value.empty()) refuse("a text in quotes that is not empty");
  return value;
}

std::vector<std::string> list(const toml::node& node) {
  const auto* array = node.as_array();
  if (!array) refuse("a list of texts: [\"…\", \"…\"]");
  std::vector<std::string> values;
  for (const auto& one : *array) {
    if (!one.is_string()) refuse("a list of texts: [\"…\", \"…\"]");
    values.push_back(word(one));
  }
  return values;
}

bool yes_or_no(const toml::node& node) {
  const auto* value = node.as_boolean();
  if (!value) refuse("true or false");
  return value->get();
}

int number(const toml::node& node, int least, int most) {
  const auto* value = node.as_integer();
  if (!value || value->get() < least || value->get() > most)
    refuse("a number from " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int>(value->get());
}

std::string one_of(const toml::node& node, const std::vector<std::string>& allowed) {
  const auto value = text(node);
  std::string names;
  for (const auto& name : allowed) names += (names.empty() ? "\"" : " or \"") + name + "\"";
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) refuse(names);
  return value;
}

net::Duration duration(const toml::node& node) {
  const auto value = text(node);
  try {
    if (const auto time = commands::parse_duration(value)) return *time;
  } catch (const commands::Error& error) {
    throw ConfigError(error.what());
  }
  refuse("a duration like \"15m\" or \"1h30m\"");
}

net::Duration limit(const toml::node& node) {
  const auto value = text(node);
  if (!value.ends_with("ms")) return duration(node);
  int milliseconds = 0;
  const auto* end = value.data() + value.size() - 2;
  const auto [stop, failure] = std::from_chars(value.data(), end, milliseconds);
  if (failure != std::errc() || stop != end || milliseconds <= 0)
    refuse("a duration like \"20ms\" or \"15m\"");
  return std::chrono::milliseconds(milliseconds);
}

std::string amount(const toml::node& node) {
  const auto value = text(node);
  try {
    if (hetzner::Money::parse(value) >= hetzner::Money()) return value;
  } catch (const std::invalid_argument&) {
  }
  refuse("an amount like \"25.00\"");
}

std::string url(const toml::node& node) {
  const auto value = text(node);
  try {
    if (!value.empty()) net::parse_endpoint(value);
  } catch (const net::Error& error) {
    throw ConfigError(error.what());
  }
  return value;
}

std::string label(const toml::node& node) {
  return matching(node, "[a-z0-9A-Z]([a-z0-9A-Z._-]*[a-z0-9A-Z])?",
                  "at most 63 letters, digits, dashes, dots and underscores, since it is a label at Hetzner");
}

std::string login(const toml::node& node) {
  const auto value =
      matching(node, "[a-z_][a-z0-9_-]{0,31}", "a login name: small letters, digits, dashes, underscores");
  if (value == "root") refuse("a login name other than root");
  return value;
}

std::string tag(const toml::node& node) {
  // The beginning tells our tags from others': whose device of that name may be deleted.
  return matching(
      node, "tag:[a-zA-Z][a-zA-Z0-9-]*(\\{owner\\}[a-zA-Z0-9-]*)?",
      "a tag of the tailnet, like \"tag:devbox\", or \"tag:devbox-of-{owner}\" with a beginning of its "
      "own");
}

std::string zone(const toml::node& node) {
  const auto value = text(node);
  if (!commands::is_zone(value)) refuse("a time zone like \"Europe/Riga\" or \"UTC\"");
  return value;
}

std::string quiet(const toml::node& node) {
  const auto value = text(node);
  try {
    if (!value.empty()) commands::parse_hours(value);
  } catch (const commands::Error& error) {
    throw ConfigError(error.what());
  }
  return value;
}

std::string prefix(const toml::node& node) {
  return matching(node, "[^\\s]+", "a word without spaces, like \"!devbox\"");
}

std::vector<std::string> people(const toml::node& node) {
  const auto patterns = list(node);
  for (const auto& person : patterns) {
    if (person.starts_with("slack:") && person != all_of_slack && !names_slack_people(person))
      refuse(
          "ids in Slack, like \"slack:T0123ABCD/U0123ABCD\", or \"slack:T0123ABCD/*\" for everybody in the "
          "workspace (`devboxd check` says its id, a profile under ⋮ a person's), and \"" +
          person + "\" matches nobody");
    if (!person.starts_with("console:") && !person.starts_with("matrix:@") && !person.starts_with("slack:"))
      refuse("people like \"console:NAME\", \"matrix:@a:hs\" or \"slack:T1/*\", and \"" + person +
             "\" is none");
  }
  return patterns;
}

std::string matrix_user(const toml::node& node) {
  return matching(node, "@[^:\\s*]+:[^\\s/*]+", "a user of Matrix, like \"@devbox:example.org\"");
}

std::vector<std::string> matrix_users(const toml::node& node) {
  const auto users = list(node);
  for (const auto& user : users)
    if (!user.starts_with('@') || user.find(':') == std::string::npos)
      refuse("users of Matrix like \"@a:example.org\" or \"@*:example.org\", and \"" + user + "\" is none");
  return users;
}

std::vector<std::string> matrix_rooms(const toml::node& node) {
  const auto rooms = list(node);
  for (const auto& room : rooms) {
    const bool is_alias = room.starts_with('#') && room.find(':') != std::string::npos;
    if (!is_alias && !(room.starts_with('!') && room.size() > 1))
      refuse("rooms like \"!id\" or \"#alias:example.org\", and \"" + room + "\" is none");
  }
  return rooms;
}

std::vector<std::string> slack_channels(const toml::node& node) {
  const auto channels = list(node);
  for (const auto& channel : channels) {
    const bool is_plain =
        channel.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (!is_plain || channel.size() < 2 || (channel[0] != 'C' && channel[0] != 'G'))
      refuse("ids of channels like \"C0123ABCD\", which stand below a channel's details, and \"" + channel +
             "\" is none");
  }
  return channels;
}

std::vector<std::string> folders(const toml::node& node) {
  const auto paths = list(node);
  for (const auto& path : paths) {
    if (!is_plain_path(path)) refuse("a list of absolute paths like \"/var/lib/docker\"");
    if ((path + "/").starts_with("/home/"))
      refuse("directories outside of /home, which is on the volume already");
    if (belongs_to_system(path))
      refuse("directories like \"/var/lib/docker\", and \"" + path + "\" belongs to the system");
  }
  return paths;
}

std::vector<std::string> processes(const toml::node& node) {
  const auto names = list(node);
  for (const auto& name : names)
    if (name.size() > longest_process || name.find_first_not_of(process_letters) != std::string::npos)
      refuse("names of processes like \"make\", at most 15 letters, digits, dots, dashes, + and _");
  return names;
}

}  // namespace bot::values
