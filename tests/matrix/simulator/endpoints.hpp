#pragma once
#include <memory>

#include "net/awaitable.hpp"
#include "net/http.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

/// The homeserver over HTTP: the client API with a token, and the tests' /_sim/ without one. Never throws for
/// what the other side did.
net::awaitable<net::HttpResponse> answer(std::shared_ptr<Homeserver> home, const net::HttpRequest& request);
/// The API's envelope of an error.
std::string error_body(const std::string& errcode, const std::string& message);

}  // namespace matrix::simulator
