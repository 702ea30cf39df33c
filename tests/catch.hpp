#pragma once
/// Catch2 2.13 (Debian 12) and 3 (Debian 13) under one include.
#ifdef DEVBOX_CATCH3
#include <catch2/catch_all.hpp>
#include <concepts>
#include <string>

namespace Catch::Matchers {

/// In Catch2 3 the name is that of an element of a range, and this is what it was for a text.
template <class Text>
requires std::convertible_to<Text, std::string>
auto Contains(Text&& text) { return ContainsSubstring(std::string(text)); }

}  // namespace Catch::Matchers
#else
#include <catch2/catch.hpp>
#endif
