#pragma once
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "net/url.hpp"
#include "tests/slack/simulator/workspace.hpp"

namespace slack::simulator {

/// What the Web API answers instead, with 200: {"ok":false,"error":…}.
struct Refusal : std::runtime_error {
  explicit Refusal(const std::string& error) : std::runtime_error(error) {}
};

/// A request on its way to an endpoint; `rest` is what follows the path of one that ends with a slash.
struct Call {
  Workspace& workspace;
  const net::HttpRequest& request;
  std::string rest;
  nlohmann::json arguments;  ///< of a form or of JSON

  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] std::string needed(const char* name) const;  ///< invalid_arguments without it
  /// The channel, which the bot is in, or a person: their direct one. Throws channel_not_found,
  /// not_in_channel.
  [[nodiscard]] Channel& channel() const;
  void needs_scope(const std::string& scope) const;
};

enum class Token { none, bot, app };

struct Route {
  std::string_view method;
  std::string_view path;
  nlohmann::json (*serve)(Call&);
  Token token = Token::bot;
};

std::span<const Route> chat_routes();
std::span<const Route> conversation_routes();
std::span<const Route> file_routes();
std::span<const Route> control_routes();  ///< /_sim/

/// Throws what Slack says of blocks that are none: invalid_blocks, msg_blocks_too_long.
void check_blocks(const nlohmann::json& blocks);

/// Any request but a WebSocket's.
net::HttpResponse answer(Workspace& workspace, const net::HttpRequest& request);

}  // namespace slack::simulator
