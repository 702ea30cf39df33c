#pragma once
#include <string>

namespace bot {

/// A secret that somebody gave us: a bare NAME is read from $CREDENTIALS_DIRECTORY (systemd), a path must
/// have no group or other bits. One line, without its end. Throws ConfigError.
std::string read_secret(const std::string& name_or_path);

}  // namespace bot
