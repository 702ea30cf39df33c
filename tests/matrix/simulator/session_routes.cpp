#include <array>

#include "tests/matrix/simulator/call.hpp"
#include "tests/matrix/simulator/sessions.hpp"

namespace matrix::simulator {
namespace {

using nlohmann::json;

/// Where this server is, as who asked reached it.
Body well_known(Call& call) {
  const auto host = net::find_header(call.request.headers, "Host").value_or("localhost");
  const auto url = (call.home.contents.is_tls ? "https://" : "http://") + host + "/";
  return json{{"m.homeserver", {{"base_url", url}}}};
}

Body versions(Call&) {
  json list = json::array({"r0.0.1", "r0.1.0", "r0.2.0", "r0.3.0", "r0.4.0", "r0.5.0", "r0.6.0", "r0.6.1"});
  for (int minor = 1; minor <= 15; ++minor) list.push_back("v1." + std::to_string(minor));
  return json{{"versions", list}, {"unstable_features", json::object()}};
}

Body whoami(Call& call) {
  return json{{"user_id", call.session.user}, {"device_id", call.session.device}, {"is_guest", false}};
}

Body end_session(Call& call) {
  log_out(call.home, call.token);
  return json::object();
}

Body end_sessions(Call& call) {
  log_out_user(call.home, call.session.user);
  return json::object();
}

Body override_limit(Call& call) {
  if (!call.home.user(call.session.user).is_admin) throw forbidden("You are not a server admin");
  const auto body = call.object();
  const auto rate = body.value("messages_per_second", 0);
  call.home.user(call.ids[0]).is_exempt = rate == 0;
  return json{{"messages_per_second", rate}, {"burst_count", body.value("burst_count", 0)}};
}

constexpr std::array<Route, 9> session_table = {{
    {"GET", "/.well-known/matrix/client", well_known, true},
    {"GET", "/_matrix/client/versions", versions, true},
    {"GET", "/_matrix/client/v3/login",
     [](Call&) -> Body {
       return json{{"flows", {{{"type", "m.login.password"}}}}};
     },
     true},
    {"POST", "/_matrix/client/v3/login", [](Call& call) -> Body { return log_in(call.home, call.object()); },
     true},
    {"POST", "/_matrix/client/v3/refresh",
     [](Call& call) -> Body { return refresh(call.home, call.object().at("refresh_token")); }, true},
    {"POST", "/_matrix/client/v3/logout", end_session},
    {"POST", "/_matrix/client/v3/logout/all", end_sessions},
    {"GET", "/_matrix/client/v3/account/whoami", whoami},
    {"POST", "/_synapse/admin/v1/users/*/override_ratelimit", override_limit},
}};

}  // namespace

std::span<const Route> session_routes() { return session_table; }

}  // namespace matrix::simulator
