#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "commands/settings.hpp"
#include "storage/people.hpp"

namespace commands {

/// What somebody may do, each including the ones before it.
enum class Role { nobody, member, operating, admin };

/// "admin", as `role` and people write it.
std::string name_of(Role role);
std::optional<Role> role_named(std::string_view name);

/// By the patterns of [policy]: "matrix:@a:hs", "matrix:@*:hs", "slack:T1/*", "console:NAME". Whoever no
/// pattern names is nobody. What `role` has said goes before them, but nothing takes its rights from an admin
/// of the configuration.
Role role_of(const Policy& policy, const storage::PersonRow& person);

/// Whom "matrix:@a:hs" names; without a row (id 0).
storage::PersonRow sender_named(const std::string& sender);

/// `pattern` may hold one "*", which stands for any characters but ':' and '/'.
bool matches(const std::string& pattern, const std::string& text);

}  // namespace commands
