#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/slack/content.hpp"
#include "commands/message.hpp"
#include "storage/storage.hpp"

namespace bot::slack {

/// What can be done with a workspace that its card says is up: opened, stopped, kept up for longer.
struct Card {
  std::string url;  ///< "" where the text names none
  std::vector<commands::Button> buttons;
};

/// Of the message `key`; nullopt when that is no card, or the server it speaks of is gone.
std::optional<Card> card_of(storage::Storage& storage, const std::string& key, const std::string& text);
void add_buttons(Content& content, const Card& card, const std::string& key);

}  // namespace bot::slack
