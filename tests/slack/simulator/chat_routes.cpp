#include <array>

#include "tests/slack/simulator/call.hpp"

/// https://docs.slack.dev/reference/methods
namespace slack::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 40000;
constexpr std::size_t longest_update = 4000;

json test_auth(Call& call) {
  const auto& team = call.workspace.team;
  return {{"url", "https://test.slack.com/"},
          {"team", "test"},
          {"user", "devbox"},
          {"team_id", team.id},
          {"user_id", team.bot_user},
          {"bot_id", team.bot_id},
          {"is_enterprise_install", false}};
}

json open_connection(Call& call) {
  auto& workspace = call.workspace;
  auto& team = workspace.team;
  if (team.socket_state != "on") throw Refusal(team.socket_state);
  const auto ticket = workspace.id("ticket-");
  team.tickets.insert(ticket);
  return {
      {"url", "ws" + workspace.base_url.substr(4) + "/link/?ticket=" + ticket + "&app_id=" + team.app_id}};
}

json blocks_of(Call& call) {
  if (!call.arguments.contains("blocks")) return json::array();
  auto blocks = call.arguments["blocks"];
  if (blocks.is_string()) blocks = json::parse(blocks.get<std::string>(), nullptr, false);
  check_blocks(blocks);
  return blocks;
}

json shown(const Posted& message) {
  return {{"type", "message"},
          {"user", message.user},
          {"ts", message.ts},
          {"text", message.text},
          {"blocks", message.blocks}};
}

json post_message(Call& call) {
  call.needs_scope("chat:write");
  Posted message;
  message.channel = call.channel().id;
  message.user = call.workspace.team.bot_user;
  message.blocks = blocks_of(call);
  message.text = call.text("text").substr(0, longest_text);
  message.thread_ts = call.text("thread_ts");
  message.metadata = call.arguments.value("metadata", json());
  if (message.text.empty() && message.blocks.empty()) throw Refusal("no_text");
  message.ts = call.workspace.post(message);
  return {{"channel", message.channel}, {"ts", message.ts}, {"message", shown(message)}};
}

json update(Call& call) {
  call.needs_scope("chat:write");
  const auto channel = call.channel().id;
  auto* message = call.workspace.find(channel, call.needed("ts"));
  if (!message || !message->reader.empty()) throw Refusal("message_not_found");
  if (message->user != call.workspace.team.bot_user) throw Refusal("cant_update_message");
  const auto blocks = blocks_of(call);
  const auto text = call.text("text");
  if (text.size() > longest_update) throw Refusal("msg_too_long");
  message->text = text;
  message->blocks = blocks;
  call.workspace.changed(*message);
  return {{"channel", channel}, {"ts", message->ts}, {"text", text}, {"message", shown(*message)}};
}

json post_ephemeral(Call& call) {
  call.needs_scope("chat:write");
  Posted message;
  message.channel = call.channel().id;
  message.reader = call.needed("user");
  message.user = call.workspace.team.bot_user;
  message.blocks = blocks_of(call);
  message.text = call.text("text");
  return {{"message_ts", call.workspace.post(message)}};
}

constexpr std::array<Route, 5> chat_table = {
    {{"POST", "/api/auth.test", test_auth},
     {"POST", "/api/apps.connections.open", open_connection, Token::app},
     {"POST", "/api/chat.postMessage", post_message},
     {"POST", "/api/chat.update", update},
     {"POST", "/api/chat.postEphemeral", post_ephemeral}}};

}  // namespace

std::span<const Route> chat_routes() { return chat_table; }

}  // namespace slack::simulator
