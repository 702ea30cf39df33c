#include "commands/people.hpp"

#include <algorithm>

namespace commands {

bool matches(const std::string& pattern, const std::string& text) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) return pattern == text;
  const auto head = pattern.substr(0, star);
  const auto tail = pattern.substr(star + 1);
  if (text.size() < head.size() + tail.size() || !text.starts_with(head) || !text.ends_with(tail))
    return false;
  const auto rest = text.substr(star, text.size() - head.size() - tail.size());
  return rest.find_first_of(":/") == std::string::npos;
}

Role role_of(const Policy& policy, const storage::PersonRow& person) {
  const auto id = person.platform + ":" + person.user;
  const auto is_one_of = [&](const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const auto& one) { return matches(one, id); });
  };
  if (is_one_of(policy.admins)) return Role::admin;
  if (is_one_of(policy.operators)) return Role::operating;
  if (is_one_of(policy.members)) return Role::member;
  return Role::nobody;
}

}  // namespace commands
