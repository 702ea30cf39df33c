#pragma once
#include <string>

#include "net/random.hpp"

namespace bot {

/// $STATE_DIRECTORY, else ./var: where everything that is kept stands.
std::string state_directory();
/// $RUNTIME_DIRECTORY, else ./var: where the control socket stands.
std::string runtime_directory();

/// Where a file stands: "." for a bare name.
std::string directory_of(const std::string& file);

/// A secret of our own making in secrets/NAME of the state directory (0600): 32 random bytes in hex, made
/// when it is missing. Throws std::runtime_error.
std::string own_secret(const std::string& directory, const std::string& name, net::Random& random);

/// Writes `text` to the file (0600), whole or not at all, and returns when a power cut cannot lose it. Makes
/// its directory (0700). Throws std::runtime_error.
void keep_secret(const std::string& file, const std::string& text);

}  // namespace bot
