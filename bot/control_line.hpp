#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "bot/chat.hpp"

namespace bot {

/// What a peer of the control socket says, one JSON object a line.
struct Ack {
  std::string key;
};
struct Rooms {
  std::vector<std::string> names;
};
struct Ask {
  nlohmann::json request;
};
struct Unreadable {
  std::string why;
};
using ControlLine = std::variant<In, Ack, Rooms, Ask, Unreadable>;

/// {"ack":key} | {"rooms":[…]} | {"do":…} | {"key","room","sender","text"[,"thread","direct","answer_to"]}
ControlLine parse_control_line(const std::string& line);
/// {"key","room","thread","text","edits","mentions":[…],"choices":[{"label","word"}]} and a newline.
std::string control_line(const Out& message);
/// One line, whatever the strings in it hold.
std::string control_line(const nlohmann::json& object);

}  // namespace bot
