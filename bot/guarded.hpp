#pragma once
#include <memory>
#include <string>

#include "bot/check.hpp"
#include "net/client.hpp"

namespace bot {

/// Runs one check for at most [limits] request. What it throws, and taking too long, is a failed `what`
/// among the findings.
net::awaitable<void> guarded(const Checking& with, Findings& findings, std::string what,
                             net::awaitable<void> check);

/// A client of the endpoint at `url`; nullptr when there can be none, which is then
/// among the findings.
std::unique_ptr<net::Client> client_of(const Checking& with, Findings& findings, const std::string& url);

/// What to do about an endpoint that cannot be reached for this reason.
std::string next_when_unreached(const net::Endpoint& endpoint, const std::string& why);

}  // namespace bot
