#include "tailnet/tag.hpp"

#include <algorithm>
#include <string_view>

namespace tailnet {
namespace {

constexpr std::string_view place = "{owner}";

}  // namespace

std::string tag_of(const std::string& pattern, const std::string& owner) {
  auto tag = pattern;
  const auto at = tag.find(place);
  return at == std::string::npos ? tag : tag.replace(at, place.size(), owner);
}

bool has_tag(const std::vector<std::string>& tags, const std::string& pattern) {
  const auto at = pattern.find(place);
  if (at == std::string::npos) return std::count(tags.begin(), tags.end(), pattern) > 0;
  const auto before = pattern.substr(0, at), after = pattern.substr(at + place.size());
  return std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) {
    return tag.size() > before.size() + after.size() && tag.starts_with(before) && tag.ends_with(after);
  });
}

}  // namespace tailnet
