#pragma once
#include <optional>
#include <string>

namespace hetzner::simulator {

/// The API's fingerprint of an OpenSSH public key line: MD5 of the key blob as "b7:2f:…"; nullopt when
/// the line is not a key.
std::optional<std::string> find_fingerprint(const std::string& public_key);

}  // namespace hetzner::simulator
