#pragma once
#include <string>

namespace hetzner::simulator {

/// The names that the API takes; both throw Refusal 422 on field "name". A server's is an RFC 1123 host
/// name, any other's up to 64 of [A-Za-z0-9._-] with a letter or digit at both ends.
void require_host_name(const std::string& name);
void require_plain_name(const std::string& name);

}  // namespace hetzner::simulator
