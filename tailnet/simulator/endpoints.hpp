#pragma once
#include "net/http.hpp"
#include "tailnet/simulator/registry.hpp"

namespace tailnet::simulator {

/// The registry over HTTP: the API's paths, with a token, and the machines' and tests' under /_sim/,
/// without one. Never throws for what the other side did.
net::HttpResponse answer(Registry& registry, const net::HttpRequest& request);
/// The API's envelope of an error.
std::string error_body(const std::string& message);

}  // namespace tailnet::simulator
