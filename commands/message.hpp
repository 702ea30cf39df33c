#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace commands {

struct Button {
  std::string label;
  std::string word;  ///< its text form: "yes", "no"
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Button, label, word)
};

/// What a command says, in no chat's format; the body of an outbox row.
struct Message {
  std::string text;
  std::vector<std::string> mentions;  ///< senders: "matrix:@a:hs"
  std::vector<Button> buttons;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Message, text, mentions, buttons)
};

}  // namespace commands
