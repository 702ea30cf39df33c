#pragma once
#include "bot/config.hpp"
#include "hetzner/api.hpp"
#include "net/client.hpp"
#include "tailnet/api.hpp"

namespace bot {

/// What the configuration says to those who speak to the cloud, the tailnet and the chats.
net::ClientOptions client_options(const Config& config);
hetzner::ApiOptions api_options(const Config& config);
tailnet::Options tailnet_options(const Config& config);
/// nullopt without [matrix].
std::optional<matrix::Options> matrix_options(const Config& config);
/// nullopt without [slack].
std::optional<slack::Options> slack_options(const Config& config);

}  // namespace bot
