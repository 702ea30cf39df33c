#pragma once
#include <span>
#include <string>

#include "net/url.hpp"
#include "tailnet/simulator/registry.hpp"

namespace tailnet::simulator {

/// What an endpoint is given: `id` is what stands for the star of its path.
struct Ask {
  Registry& registry;
  std::string id;
  net::Query query;
  std::string body;
  std::string authorization;

  /// The body; a Refusal when it is another thing than an object.
  [[nodiscard]] nlohmann::json object() const;
  /// A parameter of the query, "" without it.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

struct Endpoint {
  std::string_view method;
  std::string_view path;  ///< a star is one segment
  nlohmann::json (*serve)(const Ask&);
};

/// The Tailscale API v2.
std::span<const Endpoint> tailscale_endpoints();
/// The API v1 of headscale, as the version in the options has it.
std::span<const Endpoint> headscale_endpoints();
/// Machines and tests, under /_sim/; the same for both.
std::span<const Endpoint> control_endpoints();

/// "user:password" of Basic; "" when the header is none.
std::string basic_pair(const std::string& authorization);

}  // namespace tailnet::simulator
