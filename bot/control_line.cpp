#include "bot/control_line.hpp"

namespace bot {
namespace {

using nlohmann::json;

/// Copying and writing recurse as deep as a value is nested.
constexpr int deepest = 32;

In message_of(const json& line) {
  In message;
  message.key = line.at("key").get<std::string>();
  message.room = line.at("room").get<std::string>();
  message.sender = line.at("sender").get<std::string>();
  message.text = line.at("text").get<std::string>();
  message.thread = line.value("thread", "");
  message.direct = line.value("direct", true);
  message.answer_to = line.value("answer_to", "");
  return message;
}

ControlLine kind_of(const json& line) {
  if (line.contains("ack")) return Ack{line["ack"].get<std::string>()};
  if (line.contains("rooms")) return Rooms{line["rooms"].get<std::vector<std::string>>()};
  if (line.contains("do")) return Ask{line};
  auto message = message_of(line);
  if (message.key.empty()) return Unreadable{"a message needs a key"};
  return message;
}

}  // namespace

ControlLine parse_control_line(const std::string& line) {
  bool is_too_deep = false;
  const auto keep = [&](int depth, json::parse_event_t, const json&) {
    is_too_deep = is_too_deep || depth > deepest;
    return depth <= deepest;
  };
  const auto object = json::parse(line, keep, false);
  if (is_too_deep) return Unreadable{"nested too deeply"};
  if (!object.is_object()) return Unreadable{"not a JSON object"};
  try {
    return kind_of(object);
  } catch (const json::exception& error) {
    return Unreadable{error.what()};
  }
}

std::string control_line(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string control_line(const Out& message) {
  auto choices = json::array();
  for (const auto& choice : message.choices)
    choices.push_back({{"label", choice.label}, {"word", choice.word}});
  json line = {{"key", message.key},   {"room", message.room},   {"thread", message.thread},
               {"text", message.text}, {"edits", message.edits}, {"mentions", message.mentions},
               {"choices", choices}};
  return control_line(line);
}

}  // namespace bot
