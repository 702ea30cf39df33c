#include <set>

#include "tests/slack/simulator/call.hpp"

/// https://docs.slack.dev/reference/block-kit/blocks
namespace slack::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t most_blocks = 50;
constexpr std::size_t longest_of_all = 13200;

void must(bool holds) {
  if (!holds) throw Refusal("invalid_blocks");
}

/// In characters, as Slack counts.
std::size_t length_of(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

void check_text(const json& text, std::size_t most) {
  const auto type = text.value("type", "");
  must(type == "mrkdwn" || type == "plain_text");
  const auto length = length_of(text.value("text", ""));
  must(length > 0 && length <= most);
}

void check_confirm(const json& confirm) {
  check_text(confirm.at("title"), 100);
  check_text(confirm.at("text"), 300);
  check_text(confirm.at("confirm"), 30);
  check_text(confirm.at("deny"), 30);
}

void check_button(const json& button, std::set<std::string>& ids) {
  must(button.value("type", "") == "button");
  check_text(button.at("text"), 75);
  must(button["text"]["type"] == "plain_text");
  const auto action = button.value("action_id", "");
  must(!action.empty() && length_of(action) <= 255 && ids.insert(action).second);
  must(length_of(button.value("value", "")) <= 2000 && length_of(button.value("url", "")) <= 3000);
  const auto style = button.value("style", "primary");
  must(style == "primary" || style == "danger");
  if (button.contains("confirm")) check_confirm(button["confirm"]);
}

void check_block(const json& block, std::set<std::string>& ids) {
  const auto type = block.value("type", "");
  if (type == "section") return check_text(block.at("text"), 3000);
  must(type == "actions" || type == "context");
  const auto& elements = block.at("elements");
  must(elements.is_array() && !elements.empty() && elements.size() <= (type == "actions" ? 25 : 10));
  for (const auto& element : elements) {
    if (type == "actions")
      check_button(element, ids);
    else
      check_text(element, 3000);
  }
}

}  // namespace

void check_blocks(const json& blocks) {
  try {
    must(blocks.is_array() && blocks.size() <= most_blocks);
    std::set<std::string> ids;
    for (const auto& block : blocks) check_block(block, ids);
  } catch (const json::exception&) {
    throw Refusal("invalid_blocks");
  }
  std::size_t sum = 0;
  for (const auto& block : blocks)
    if (block["type"] == "section") sum += length_of(block["text"]["text"].get<std::string>());
  if (sum > longest_of_all) throw Refusal("msg_blocks_too_long");
}

}  // namespace slack::simulator
