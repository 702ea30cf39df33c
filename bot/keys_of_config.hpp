#pragma once
#include <toml++/toml.h>

#include <functional>
#include <string>
#include <vector>

#include "bot/config.hpp"

namespace bot {

/// One key of the configuration: where it stands, and what becomes of its value. `set` throws ConfigError
/// with what it wanted instead.
struct ConfigKey {
  std::string section;
  std::string name;
  std::function<void(Config&, const toml::node&)> set;
};

/// Every key there is: what the reader takes, what "nearest" is chosen from, what the example must show.
const std::vector<ConfigKey>& config_keys();

}  // namespace bot
