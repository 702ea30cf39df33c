#pragma once
#include <string>

namespace hetzner::simulator {

/// The names that the API takes; all throw Refusal 422, on field "name". A server's is an RFC 1123 host name,
/// a volume's up to 64 of [A-Za-z0-9._-] with a letter or digit at both ends; others, which people do call
/// "ak IPv4", are any text of up to `longest` bytes.
void require_host_name(const std::string& name, const std::string& field = "name");
void require_plain_name(const std::string& name);
void require_free_name(const std::string& name, std::size_t longest = 64);

}  // namespace hetzner::simulator
