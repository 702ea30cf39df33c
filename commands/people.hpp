#pragma once
#include <string>

#include "commands/settings.hpp"
#include "storage/people.hpp"

namespace commands {

/// What somebody may do, each including the ones before it.
enum class Role { nobody, member, operating, admin };

/// By the patterns of [policy]: "matrix:@a:hs", "matrix:@*:hs", "slack:T1/*", "console:NAME". Whoever no
/// pattern names is nobody.
Role role_of(const Policy& policy, const storage::PersonRow& person);

/// `pattern` may hold one "*", which stands for any characters but ':' and '/'.
bool matches(const std::string& pattern, const std::string& text);

}  // namespace commands
