#include <array>

#include "tests/slack/simulator/call.hpp"

/// What tests may do that no app may. net::Faults has its own beside these.
namespace slack::simulator {
namespace {

using nlohmann::json;

json say(Call& call) {
  return {{"ts", call.workspace.say(call.needed("user"), call.needed("channel"), call.text("text"),
                                    call.arguments.value("more", json::object()))}};
}

json command(Call& call) {
  return {{"envelope_id",
           call.workspace.command(call.needed("user"), call.needed("channel"), call.text("text"))}};
}

json press(Call& call) {
  return {{"envelope_id", call.workspace.press(call.needed("user"), call.needed("channel"), call.needed("ts"),
                                               call.needed("button"))}};
}

json deliver(Call& call) {
  return {{"envelope_id", call.workspace.deliver(call.needed("type"), call.arguments.value("payload", json()),
                                                 call.text("event_id"))}};
}

json redeliver(Call& call) {
  call.workspace.redeliver(call.needed("event_id"));
  return json::object();
}

json act_on_links(Call& call) {
  auto& workspace = call.workspace;
  const auto act = call.needed("do");
  if (act == "warning" || act == "refresh_requested" || act == "link_disabled" ||
      act == "too_many_websockets")
    workspace.disconnect(act);
  else if (act == "close")
    workspace.close_links();
  else if (act == "reset")
    workspace.reset_links();
  else if (act == "silence")
    workspace.silence_links();
  else if (act == "raw")
    workspace.send_raw(call.text("text"));
  else
    throw Refusal("unknown_act");
  return json::object();
}

json set_up(Call& call) {
  auto& workspace = call.workspace;
  auto& team = workspace.team;
  for (const auto& [key, value] : call.arguments.items()) {
    if (key == "socket_state")
      value.get_to(team.socket_state);
    else if (key == "retry_after")
      value.get_to(team.retry_after);
    else if (key == "ghosts")
      value.get_to(team.ghosts);
    else if (key == "scopes")
      value.get_to(team.scopes);
    else if (key == "channel")
      workspace.channel(value.at("id"), value.value("with_bot", true));
    else
      throw Refusal("unknown_setting");
  }
  return json::object();
}

json look(Call& call) {
  const auto& workspace = call.workspace;
  json messages = json::array(), envelopes = json::array();
  for (const auto& one : workspace.team.posts)
    messages.push_back({{"channel", one.channel},
                        {"ts", one.ts},
                        {"user", one.user},
                        {"text", one.text},
                        {"thread_ts", one.thread_ts},
                        {"reader", one.reader},
                        {"at_us", one.at_us}});
  for (const auto& one : workspace.team.envelopes)
    envelopes.push_back({{"id", one.id},
                         {"type", one.type},
                         {"acknowledged", one.is_acknowledged},
                         {"attempts", one.attempts},
                         {"late", one.was_late},
                         {"sent_us", one.sent_us},
                         {"acknowledged_us", one.acknowledged_us}});
  return {{"links", workspace.links()},
          {"links_ever", workspace.links_ever()},
          {"messages", messages},
          {"envelopes", envelopes},
          {"waiting", workspace.waiting()},
          {"lost", workspace.lost()},
          {"hello_us", workspace.team.hello_us}};
}

constexpr std::array<Route, 8> control_table = {{{"POST", "/_sim/say", say, Token::none},
                                                 {"POST", "/_sim/command", command, Token::none},
                                                 {"POST", "/_sim/press", press, Token::none},
                                                 {"POST", "/_sim/deliver", deliver, Token::none},
                                                 {"POST", "/_sim/redeliver", redeliver, Token::none},
                                                 {"POST", "/_sim/links", act_on_links, Token::none},
                                                 {"POST", "/_sim/set", set_up, Token::none},
                                                 {"GET", "/_sim/team", look, Token::none}}};

}  // namespace

std::span<const Route> control_routes() { return control_table; }

}  // namespace slack::simulator
