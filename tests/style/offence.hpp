#pragma once
#include <string>

#include "tests/catch.hpp"

namespace style {

/// Fails with this text unless it is empty.
inline void offence(const std::string& what) {
  UNSCOPED_INFO(what);
  CHECK(what.empty());
}

}  // namespace style
