#include "bot/control_line.hpp"

#include <algorithm>

#include "tests/fuzz/entries.hpp"

namespace fuzz {
namespace {

void write_line(const std::string& line) {
  require(std::count(line.begin(), line.end(), '\n') == 1 && line.ends_with('\n'),
          "what is written is one line");
}

}  // namespace

void control_line(std::string_view bytes) {
  const auto read = bot::parse_control_line(std::string(bytes));
  if (const auto* in = std::get_if<bot::In>(&read)) {
    require(!in->key.empty(), "a message has a key");
    bot::Out out;
    out.key = in->key;
    out.room = in->room;
    out.text = in->text;
    write_line(bot::control_line(out));
  }
  if (const auto* ask = std::get_if<bot::Ask>(&read)) write_line(bot::control_line(ask->request));
  if (const auto* wrong = std::get_if<bot::Unreadable>(&read))
    write_line(bot::control_line(nlohmann::json{{"error", wrong->why}}));
  bot::Out raw;
  raw.text = bytes;
  write_line(bot::control_line(raw));
}

}  // namespace fuzz
