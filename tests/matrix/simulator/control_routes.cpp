#include <array>

#include "tests/matrix/simulator/call.hpp"
#include "tests/matrix/simulator/event_text.hpp"
#include "tests/matrix/simulator/sessions.hpp"

/// What tests may do that no client may. net::Faults has its own beside these.
namespace matrix::simulator {
namespace {

using nlohmann::json;

Body done() { return json::object(); }

Body add_user(Call& call) {
  const auto body = call.object();
  const auto id =
      call.home.add_user(body.at("name"), body.value("password", ""), body.value("display_name", ""));
  call.home.user(id).is_admin = body.value("admin", false);
  return json{{"user_id", id}};
}

Body move_clock(Call& call) {
  call.home.advance(std::chrono::seconds(call.object().at("advance_s").get<long>()));
  return done();
}

Body expire(Call& call) {
  expire_tokens(call.home, call.object().at("user"));
  return done();
}

Body throw_out(Call& call) {
  log_out_user(call.home, call.object().at("user"));
  return done();
}

Body forget_filters(Call& call) {
  for (auto& [id, user] : call.home.contents.users) user.filters.clear();
  return done();
}

Body duplicate(Call& call) {
  call.home.sync_cache.duplicates = call.object().at("on");
  return done();
}

/// `text` instead of `event`: JSON text that is relayed byte for byte.
Body inject(Call& call) {
  const auto body = call.object();
  call.home.inject(body.at("room"),
                   body.contains("text") ? body["text"].get<std::string>() : dumped(body.at("event")));
  return done();
}

Body set_limits(Call& call) {
  const auto body = call.object();
  auto& limits = call.home.contents.limits;
  for (const auto& [key, value] : body.items()) {
    if (key == "message_rate")
      value.get_to(limits.messages.per_second);
    else if (key == "message_burst")
      value.get_to(limits.messages.burst);
    else if (key == "login_rate")
      value.get_to(limits.logins.per_second);
    else if (key == "login_burst")
      value.get_to(limits.logins.burst);
    else if (key == "token_lifetime_s")
      value.get_to(limits.token_lifetime_s);
    else
      throw Refusal(400, "M_UNKNOWN", "there is no limit " + key);
  }
  return done();
}

Body go_down(Call& call) {
  const net::Duration time(static_cast<std::int64_t>(call.object().at("for_s").get<double>() * 1000));
  if (call.home.on_down) call.home.on_down(time);
  return done();
}

constexpr std::array<Route, 9> control_table = {{
    {"POST", "/_sim/users", add_user, true},
    {"POST", "/_sim/clock", move_clock, true},
    {"POST", "/_sim/expire_tokens", expire, true},
    {"POST", "/_sim/logout", throw_out, true},
    {"POST", "/_sim/forget_filters", forget_filters, true},
    {"POST", "/_sim/duplicate", duplicate, true},
    {"POST", "/_sim/inject", inject, true},
    {"PUT", "/_sim/limits", set_limits, true},
    {"POST", "/_sim/down", go_down, true},
}};

}  // namespace

std::span<const Route> control_routes() { return control_table; }

}  // namespace matrix::simulator
