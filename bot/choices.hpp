#pragma once
#include <string>
#include <vector>

#include "bot/chat.hpp"
#include "commands/message.hpp"

namespace bot {

std::vector<Choice> choices_of(const std::vector<commands::Button>& buttons);

/// What may be typed instead of pressing a button: a line to put under the question; "" for no choices.
std::string words_of(const std::vector<Choice>& choices);

}  // namespace bot
