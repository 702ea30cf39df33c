#include "commands/people.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

namespace {

constexpr std::array role_names = {std::pair{Role::nobody, "none"}, std::pair{Role::member, "member"},
                                   std::pair{Role::operating, "operator"}, std::pair{Role::admin, "admin"}};

}  // namespace

std::string name_of(Role role) { return role_names.at(static_cast<std::size_t>(role)).second; }

std::optional<Role> role_named(std::string_view name) {
  for (const auto& [role, known] : role_names)
    if (name == known) return role;
  return std::nullopt;
}

storage::PersonRow sender_named(const std::string& sender) {
  const auto colon = sender.find(':');
  storage::PersonRow person;
  person.platform = sender.substr(0, colon);
  if (colon != std::string::npos) person.user = sender.substr(colon + 1);
  return person;
}

Role role_of(const Policy& policy, const storage::PersonRow& person) {
  const auto id = person.platform + ":" + person.user;
  const auto is_one_of = [&](const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const auto& one) { return matches(one, id); });
  };
  if (is_one_of(policy.admins)) return Role::admin;
  if (const auto given = role_named(person.role)) return *given;
  if (is_one_of(policy.operators)) return Role::operating;
  if (is_one_of(policy.members)) return Role::member;
  return Role::nobody;
}

}  // namespace commands
