#pragma once
#include <string>
#include <string_view>

#include "storage/storage.hpp"

namespace commands {

/// A person's or workspace's name as one DNS label: lower-case letters, digits and single hyphens, 1..40
/// characters, never ending in "-<digits>", which is how a tailnet marks the second of a name. "user" when
/// nothing is left.
std::string dns_label(std::string_view text);

/// "@alice:example.org" → "alice"; other ids are taken whole.
std::string short_name(const storage::PersonRow& person);

/// The hostname of a new workspace: the owner's name for the first one, owner-name for others, with a letter
/// added where somebody else has it.
std::string free_hostname(storage::Workspaces& workspaces, const storage::PersonRow& owner,
                          const std::string& name);

}  // namespace commands
