#pragma once
#include <string>

namespace faults {

constexpr auto sync_path = "/_matrix/client/v3/sync";

/// A glob for the path of a request to a homeserver: the ids of rooms, events and operations are others in
/// the next run; the names of the lines are not. Any other service's path is left as it is.
std::string pattern_of(const std::string& path);
/// Of a progress message, which comes as often as time allows.
bool is_edit(const std::string& pattern);
/// For people: without what all of them begin with.
std::string short_name(const std::string& pattern);

}  // namespace faults
