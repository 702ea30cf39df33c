#pragma once
#include <string>

#include "hetzner/simulator/world.hpp"
#include "net/http.hpp"

namespace hetzner::simulator {

/// Answers one request of the API (below /v1): token, rate limit, route, envelope, headers. What has
/// changed is in the state file before this returns.
net::HttpResponse respond(World& world, const net::HttpRequest& request);

net::HttpResponse json_response(int status, const nlohmann::json& body);
/// For net::Faults: the envelope of an error with this status and code.
std::string fault_body(int status, const std::string& code);

}  // namespace hetzner::simulator
