#pragma once
#include <string>

#include "bot/config.hpp"

namespace bot {

/// A value that is well formed and still will not do.
struct Unfit {
  std::string section;
  std::string key;
  std::string why;
};

/// What no single value shows: addresses that only this machine or its tailnet reaches, and whether all
/// that is needed is there. Throws Unfit.
void check_rules(const Config& config);

}  // namespace bot
