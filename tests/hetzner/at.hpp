#pragma once
#include <string_view>

#include "hetzner/reading.hpp"

/// "2026-11-02T09:00:00Z".
inline hetzner::Time at(std::string_view text) { return hetzner::reading::parse_time(text).value(); }
