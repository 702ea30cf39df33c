#pragma once
#include <string>

namespace bot {

/// A secret that somebody gave us: a bare NAME is read from $CREDENTIALS_DIRECTORY (systemd), a path must
/// have no group or other bits. Without the line's end. Throws ConfigError; `key` is what it is called there.
std::string read_secret(const std::string& name_or_path, const std::string& key);

}  // namespace bot
