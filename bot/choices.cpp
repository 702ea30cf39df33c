#include "bot/choices.hpp"

namespace bot {

std::vector<Choice> choices_of(const std::vector<commands::Button>& buttons) {
  std::vector<Choice> choices;
  for (const auto& button : buttons) choices.push_back({button.label, button.word});
  return choices;
}

std::string words_of(const std::vector<Choice>& choices) {
  std::string line;
  for (const auto& choice : choices)
    line += (line.empty() ? "\n  " : " · ") + choice.label + ": " + choice.word;
  return line;
}

}  // namespace bot
