#pragma once
#include <string>
#include <string_view>

namespace bot::slack {

/// What a person has typed, of what their client made of it: entities, `<@U2>`, `<#C1|dev>`,
/// `<http://x|x>` and `<mailto:a@b|a@b>` undone, our own mention (`self`: a user's id) taken off, words
/// that are *bold* or _slanted_ plain, and "— plan" an option ("—plan"), both outside of quotes.
/// https://docs.slack.dev/messaging/formatting-message-text
std::string typed(std::string_view text, std::string_view self);
/// Whether `self` is mentioned in it.
bool mentions(std::string_view text, std::string_view self);
/// `& < >` of a text that is not Slack's own, so that nothing in it calls anybody.
std::string escaped(std::string_view text);

}  // namespace bot::slack
