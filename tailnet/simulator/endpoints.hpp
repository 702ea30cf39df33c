#pragma once
#include "net/http.hpp"
#include "tailnet/simulator/registry.hpp"

namespace tailnet::simulator {

/// The registry over HTTP: the API's paths, with a token, and the machines' and tests' under /_sim/,
/// without one. Never throws for what the other side did.
net::HttpResponse answer(Registry& registry, const net::HttpRequest& request);
/// How the API says no: Tailscale's {"message"}, or headscale's {"code", "message", "details"} and, for 401,
/// plain text.
std::string error_body(bool is_headscale, int status, const std::string& message);

}  // namespace tailnet::simulator
