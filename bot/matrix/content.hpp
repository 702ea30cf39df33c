#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bot/chat.hpp"

namespace bot::matrix {

/// The content of an m.room.message: m.notice, or m.text when somebody is mentioned (a notice notifies
/// nobody). HTML beside the text, always m.mentions, thread relation, edit with m.new_content. Never larger
/// than the 64 KiB of an event allow: a longer text is cut with a note.
/// https://spec.matrix.org/latest/client-server-api/#mroommessage
nlohmann::json message_content(const Out& message);
/// m.image of an uploaded picture (`uri`: mxc://…), without the message's text.
nlohmann::json picture_content(const Out& message, const std::string& uri);
nlohmann::json reaction_content(const std::string& event, const std::string& key);

/// The text as the HTML that clients show: escaped, line breaks and columns kept, `code`, links,
/// and what stands between two lines of ``` as it is.
std::string html_of(const std::string& text);

/// The reactions we put under a question, one a choice and no two the same ("" from the eleventh unknown word
/// on), and the choice that a pressed one stands for; 👍 and 👎 are ✅ and ❌.
std::string reaction_of(const std::vector<Choice>& choices, std::size_t index);
std::optional<Choice> choice_of(const std::vector<Choice>& choices, const std::string& key);

}  // namespace bot::matrix
