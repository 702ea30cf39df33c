#include "tests/faults/homeserver_path.hpp"

#include <sstream>

namespace faults {
namespace {

constexpr auto root = "/_matrix/client/v3";
/// Escaped: the first characters of the ids of rooms, events and aliases.
constexpr const char* sigils[] = {"%21", "%24", "%23"};
constexpr auto edit = "*%23*";
/// Slack's; and its URLs that end with an id of a moment.
constexpr auto slack_edit = "/api/chat.update";
constexpr auto slack_hooks = "/hooks/";

/// "OPERATION~ready" → "*~ready". An edit's has a time at its end.
std::string transaction_pattern(const std::string& transaction) {
  if (transaction.find("%23") != std::string::npos) return edit;
  const auto line = transaction.find('~', transaction.find("matrix~") == 0 ? 7 : 0);
  return line == std::string::npos ? "*" : "*" + transaction.substr(line);
}

std::string segment_pattern(const std::string& segment, bool is_transaction) {
  if (is_transaction) return transaction_pattern(segment);
  for (const auto* sigil : sigils)
    if (segment.starts_with(sigil)) return "*";
  return segment;
}

}  // namespace

std::string pattern_of(const std::string& path) {
  if (path.starts_with(slack_hooks)) return std::string(slack_hooks) + "*";
  if (!path.starts_with(root)) return path;
  std::istringstream segments(path.substr(1));
  std::string pattern, segment;
  int since_send = 3;
  while (std::getline(segments, segment, '/')) {
    pattern += "/" + segment_pattern(segment, ++since_send == 2);
    if (segment == "send") since_send = 0;
  }
  return pattern;
}

bool is_edit(const std::string& pattern) { return pattern.ends_with(edit) || pattern == slack_edit; }

std::string short_name(const std::string& pattern) {
  return pattern.starts_with(root) ? pattern.substr(std::string(root).size()) : pattern;
}

}  // namespace faults
