#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"
#include "net/url.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

/// A request on its way to an endpoint: `ids` are what stands for the stars of its path.
struct Call {
  Homeserver& home;
  const net::HttpRequest& request;
  std::vector<std::string> ids;
  net::Target target;  ///< its query alone
  Session session;
  std::string token;

  [[nodiscard]] nlohmann::json object() const;  ///< the body; an empty one is {}
  [[nodiscard]] std::string find(std::string_view key) const { return target.find(key).value_or(""); }
  /// 403 when the user of the path is not the one who asks.
  void must_be_own(const std::string& user) const;
};

/// An answer's body: JSON, unless it says otherwise.
struct Body {
  Body(const nlohmann::json& value);  // NOLINT: endpoints return JSON
  Body(std::string bytes, std::string type) : text(std::move(bytes)), content_type(std::move(type)) {}
  std::string text;
  std::string content_type = "application/json";
};

struct Route {
  std::string_view method;
  std::string_view path;  ///< a star is one segment, decoded
  Body (*serve)(Call&);
  bool is_open = false;  ///< needs no token
};

std::span<const Route> session_routes();
std::span<const Route> account_routes();
std::span<const Route> room_routes();
std::span<const Route> event_routes();
std::span<const Route> media_routes();
std::span<const Route> control_routes();  ///< /_sim/

}  // namespace matrix::simulator
