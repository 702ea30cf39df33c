#include "bot/slack/reader.hpp"

#include <algorithm>

#include "bot/slack/card.hpp"
#include "bot/slack/content.hpp"
#include "bot/slack/fields.hpp"
#include "bot/slack/typed.hpp"
#include "commands/grammar.hpp"
#include "commands/post.hpp"
#include "commands/table.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes life_of_urls(30);

std::string sender(const std::string& team, const std::string& user) {
  return std::string(chat_name) + ":" + team + "/" + user;
}

Heard refused(const std::string& why) {
  Heard heard;
  heard.refusal = why;
  return heard;
}

/// Joining, editing and what bots say is no command; a file's caption and a reply that is also shown in the
/// channel may be one.
bool is_said_by_a_person(const json& event, const Self& self) {
  const auto kind = text_of(event, "subtype");
  const bool is_plain = kind.empty() || kind == "thread_broadcast" || kind == "file_share";
  const auto user = text_of(event, "user");
  return is_plain && text_of(event, "bot_id").empty() && !user.empty() && user != self.user;
}

std::string alias_in_inbox(const std::string& alias) { return std::string(chat_name) + "/" + alias; }

/// A card's buttons are used once each: what was extended can still be stopped.
std::string alias_of_card(const std::string& key, const std::string& word) {
  return "pressed/" + key + "/" + word;
}

/// Requests are for every operator, whoever of them is called.
bool is_for_whoever_may(const storage::OutboxRow& row, const std::string& word) {
  const auto* command = commands::find_command(word.substr(0, word.find(' ')));
  return row.kind == "question" && command && command->access.tier == commands::Role::operating;
}

/// What a message's buttons came to already, when the chat has not shown that.
void keep_first(Pressed& pressed, const storage::InboxRow& first,
                const std::vector<commands::Button>& buttons) {
  for (const auto& one : buttons)
    if (one.word == first.text) pressed.label = one.label;
  pressed.person = first.sender.substr(first.sender.rfind('/') + 1);
}

std::optional<Card> left_of(storage::Storage& storage, Card card, const std::string& key,
                            const std::string& word) {
  if (takes_away(word)) return std::nullopt;
  std::erase_if(card.buttons, [&](const commands::Button& one) {
    const auto alias = alias_in_inbox(alias_of_card(key, one.word));
    return one.word == word || storage.inbox.has(alias);
  });
  return card;
}

}  // namespace

Heard Reader::read(const std::string& type, const json& payload, net::Time now) const {
  if (!payload.is_object()) return refused("a payload that is no object");
  if (type == "events_api") return event(payload);
  if (type == "slash_commands") return command(payload, now);
  if (type == "interactive") return action(payload, now);
  return refused("an envelope of a kind that is not known");
}

/// Direct conversations are always ours.
bool Reader::is_ours(const std::string& channel) const {
  const auto& ours = options_.channels;
  return ours.empty() || channel.starts_with('D') ||
         std::find(ours.begin(), ours.end(), channel) != ours.end();
}

std::optional<std::string> Reader::text_for_us(const json& event, bool is_direct) const {
  const auto raw = text_of(event, "text");
  const bool is_mention = text_of(event, "type") == "app_mention" || mentions(raw, self.user);
  auto text = typed(raw, self.user);
  if (is_mention && text.empty()) text = "help";
  if (text.empty()) return std::nullopt;
  if (is_direct || is_mention || commands::addressed(text, options_.prefix, false)) return text;
  return std::nullopt;
}

/// A mention in a channel comes as two events, by two keys and in any order: they have one alias.
Heard Reader::event(const json& payload) const {
  const auto* inner = find_object(payload, "event");
  if (!inner) return refused("an event without its inside: " + text_of(payload, "type"));
  const auto kind = text_of(*inner, "type");
  if ((kind != "message" && kind != "app_mention") || !is_said_by_a_person(*inner, self)) return {};
  const auto channel = text_of(*inner, "channel");
  const auto stamp = text_of(*inner, "ts");
  const auto id = text_of(payload, "event_id");
  if (channel.empty() || stamp.empty() || id.empty())
    return refused("a message without channel, ts or event_id");
  const bool is_direct = channel.starts_with('D');
  const auto text = text_for_us(*inner, is_direct);
  if (!text || !is_ours(channel)) return {};
  auto team = text_of(*inner, "user_team");
  if (team.empty()) team = text_of(*inner, "team");
  if (team.empty()) team = text_of(payload, "team_id");
  if (team != self.team) return refused("a message of somebody of another workspace, " + team);
  Heard heard;
  auto& message = heard.message.emplace();
  message.key = id;
  message.alias = channel + "/" + stamp;
  message.room = channel;
  message.thread = text_of(*inner, "thread_ts");
  if (message.thread.empty() && !is_direct) message.thread = stamp;
  heard.user = text_of(*inner, "user");
  message.sender = sender(team, heard.user);
  message.text = *text;
  message.direct = is_direct || kind == "app_mention" || mentions(text_of(*inner, "text"), self.user);
  return heard;
}

/// What identifies a command, and how long it can be answered, are secrets: they go no further than here and
/// the row of its answers.
Heard Reader::command(const json& payload, net::Time now) const {
  const auto trigger = text_of(payload, "trigger_id");
  const auto channel = text_of(payload, "channel_id");
  const auto user = text_of(payload, "user_id");
  if (trigger.empty() || channel.empty() || user.empty())
    return refused("a command without trigger, channel or user");
  const auto team = text_of(payload, "team_id");
  if (team != self.team) return refused("a command of somebody of another workspace, " + team);
  Heard heard;
  auto& reply = heard.reply.emplace();
  reply.thread = "command/" + digest(trigger);
  reply.person = user;
  reply.url = text_of(payload, "response_url");
  reply.until = now + life_of_urls;
  if (!is_ours(channel)) {
    auto& notice = heard.notice.emplace();
    notice.key = "elsewhere/" + digest(trigger);
    notice.room = channel;
    notice.thread = reply.thread;
    notice.text =
        "I am not used in this channel. Write to me directly, or in a channel that [slack] channels names.";
    return heard;
  }
  auto& message = heard.message.emplace();
  message.key = reply.thread;
  message.room = channel;
  message.thread = reply.thread;
  heard.user = user;
  heard.name = text_of(payload, "user_name");
  message.sender = sender(team, user);
  message.text = typed(text_of(payload, "text"), self.user);
  if (message.text.empty()) message.text = "help";
  message.direct = true;
  return heard;
}

Heard Reader::action(const json& payload, net::Time now) const {
  if (text_of(payload, "type") != "block_actions") return {};
  const auto* user = find_object(payload, "user");
  const auto* actions = find(payload, "actions");
  const auto* container = find_object(payload, "container");
  if (!user || !container || !actions || !actions->is_array() || actions->empty())
    return refused("a press without user, message or button");
  const auto& pressed_one = actions->front();
  // A button that is a link brings its press, too.
  const auto value = press_of(text_of(pressed_one, "value"));
  if (!value) return {};
  const auto team = text_of(*user, "team_id");
  if (team != self.team) return refused("a press of somebody of another workspace, " + team);
  const auto row = storage_.outbox.find(value->key);
  if (!row || row->chat != chat_name) return refused("a press of a button that is not ours");
  Pressed pressed;
  pressed.row = *row;
  pressed.person = text_of(*user, "id");
  pressed.channel = text_of(*container, "channel_id");
  pressed.message_ts = text_of(*container, "message_ts");
  pressed.is_ephemeral = is_true(*container, "is_ephemeral");
  pressed.response_url = text_of(payload, "response_url");
  return press(std::move(pressed), value->word, text_of(pressed_one, "action_ts"), now);
}

/// Any member of the channel can press. What a button does it does in the name of whoever presses it, so it
/// is only for those the message was for; whether they still may, the command's own rules say. A message's
/// buttons are used once: two quick clicks are two envelopes with one alias.
Heard Reader::press(Pressed pressed, const std::string& word, const std::string& stamp, net::Time now) const {
  auto said = commands::message_in(pressed.row);
  const auto card = card_of(storage_, pressed.row.key, said.text);
  const bool is_card = card && said.buttons.empty();
  if (is_card) said.buttons = card->buttons;
  const auto button = std::find_if(said.buttons.begin(), said.buttons.end(),
                                   [&](const commands::Button& one) { return one.word == word; });
  if (button == said.buttons.end()) {
    auto heard = refused("a press of a button that its message has not, or no longer");
    pressed.is_theirs = false;
    pressed.refusal = "That button is of what was: its server is gone, or it was answered. Nothing was done.";
    heard.pressed = std::move(pressed);
    return heard;
  }
  pressed.label = button->label;
  if (is_card) pressed.left = left_of(storage_, *card, pressed.row.key, word);
  const auto who = sender(self.team, pressed.person);
  const auto& people = said.mentions;
  const bool is_mentioned = std::find(people.begin(), people.end(), who) != people.end();
  pressed.is_theirs = people.empty() || is_mentioned || is_for_whoever_may(pressed.row, word);
  Heard heard;
  if (pressed.is_theirs) {
    auto& message = heard.message.emplace();
    const auto place = pressed.channel + "/" + pressed.message_ts;
    message.key = "press/" + place + "/" + stamp;
    message.alias = is_card ? alias_of_card(pressed.row.key, word) : "pressed/" + pressed.row.key;
    const auto first = is_card ? std::nullopt : storage_.inbox.find_alias(alias_in_inbox(message.alias));
    if (first) keep_first(pressed, *first, said.buttons);
    message.room = pressed.row.room;
    message.thread = pressed.row.thread;
    message.sender = who;
    message.text = word;
    message.direct = true;
    message.answer_to = pressed.row.key;
  }
  const auto before = storage_.replies.find(pressed.row.thread);
  if (before && pressed.is_theirs && !pressed.response_url.empty()) {
    heard.reply = *before;
    heard.reply->url = pressed.response_url;
    heard.reply->uses = 0;
    heard.reply->until = now + life_of_urls;
  }
  heard.pressed = std::move(pressed);
  return heard;
}

}  // namespace bot::slack
