#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bot/chat.hpp"

namespace bot::slack {

/// What messages are made of, within Slack's limits: blocks, and always `text` beside them.
/// https://docs.slack.dev/reference/block-kit/blocks
struct Content {
  std::string text;
  nlohmann::json blocks;
};

/// `key`: of the outbox row, which a press of one of its buttons names. A text that is too long is cut with a
/// note. What is edited may hold less. `prefix`: what words have to begin with that are typed instead of
/// pressing.
Content content_of(const Out& message, const std::string& key, const std::string& prefix = "");
/// The same after its buttons were used: without them, and with who pressed which.
Content pressed_content(const Out& message, const std::string& label, const std::string& person);

/// A row of buttons under the message `key`; `question`: what it asks, in a line.
nlohmann::json actions_of(const std::vector<Choice>& choices, const std::string& key,
                          const std::string& question = "…");

/// What a button stands for: the row it was put under, and the word of its choice.
struct Press {
  std::string key;
  std::string word;
};
std::string value_of(const Press& press);
std::optional<Press> press_of(const std::string& value);

/// What takes something away is asked for once more, by Slack itself: a click is quickly made.
bool takes_away(const std::string& word);

/// "<@U2> ", of those people who are in Slack.
std::string calls(const std::vector<std::string>& people);

}  // namespace bot::slack
