#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace commands {

/// The one of `known` (lower case) that `word` was probably meant to be: at most two letters left out, added,
/// replaced or swapped, and fewer than half the word's; of several the one with the longest common
/// beginning. nullopt = nothing is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> known);

/// Looks like a server type or nearly is one: cpx32, CX-22, ccx3, cpz32, cpx. Never to be taken for a name.
bool looks_like_type(std::string_view word);

}  // namespace commands
