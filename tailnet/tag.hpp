#pragma once
#include <string>
#include <vector>

namespace tailnet {

/// "tag:devbox-{owner}" for "alice" → "tag:devbox-alice"; without {owner}, the tag itself.
std::string tag_of(const std::string& pattern, const std::string& owner);

/// Whether one of the tags fits the pattern: it may be ours. Whose it is, only the exact tag tells.
bool has_tag(const std::vector<std::string>& tags, const std::string& pattern);

}  // namespace tailnet
