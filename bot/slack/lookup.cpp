#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/slack/card.hpp"
#include "bot/slack/fields.hpp"
#include "bot/slack/slack.hpp"
#include "bot/slack/typed.hpp"
#include "commands/post.hpp"
#include "net/backoff.hpp"
#include "net/error.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes clocks_differ_by(10);
constexpr int page_size = 200;
constexpr int most_pages = 10;
constexpr int most_attempts = 4;

bool has_key(const json& message, const std::string& key) {
  const auto* metadata = find_object(message, "metadata");
  const auto* payload = metadata ? find_object(*metadata, "event_payload") : nullptr;
  return payload && text_of(*payload, "key") == key;
}

json history_of(const std::string& channel, const std::string& thread_ts, net::Time due) {
  const auto oldest =
      std::chrono::floor<std::chrono::seconds>(due - clocks_differ_by).time_since_epoch().count();
  json ask = {{"channel", channel}, {"limit", page_size}, {"include_all_metadata", true}};
  if (thread_ts.empty())
    ask["oldest"] = fmt::format("{}.000000", std::max<std::int64_t>(oldest, 0));
  else
    ask["ts"] = thread_ts;
  return ask;
}

}  // namespace

/// The remote id of a message of this key; "" when it is not there, or when nobody may look: then it is sent
/// again, for a missing answer is worse than a doubled one.
net::awaitable<std::string> Slack::find_sent(const Out& message, const Place& place) {
  const auto row = storage_.outbox.find(message.key);
  auto ask = history_of(place.channel, place.thread_ts, row ? row->due : clock_.now());
  const std::string method = place.thread_ts.empty() ? "conversations.history" : "conversations.replies";
  for (int page = 0; page < most_pages; ++page) {
    json answer;
    try {
      answer = co_await api_.call(method, ask);
    } catch (const Refusal& refusal) {
      if (refusal.is_limit() || refusal.is_trouble() || refusal.is_for_good()) throw;
      spdlog::info("slack: whether {} was sent cannot be seen: {}", message.key, refusal.what());
      co_return "";
    }
    const auto* messages = find(answer, "messages");
    if (!messages || !messages->is_array()) co_return "";
    for (const auto& one : *messages)
      if (has_key(one, message.key)) co_return place.channel + "/" + text_of(one, "ts");
    const auto* more = find_object(answer, "response_metadata");
    const auto next = more ? text_of(*more, "next_cursor") : "";
    if (next.empty()) co_return "";
    ask["cursor"] = next;
  }
  co_return "";
}

/// The buttons of a message go with their first use, so that nobody waits for a second one; whom the message
/// was not for is told so.
net::awaitable<void> Slack::show_pressed(Pressed pressed) {
  Out shown;
  const auto said = commands::message_in(pressed.row);
  shown.text = said.text;
  shown.mentions = said.mentions;
  json body;
  if (pressed.is_theirs) {
    auto content = pressed_content(shown, pressed.label, pressed.person);
    if (pressed.left) add_buttons(content, *pressed.left, pressed.row.key);
    body = {{"text", content.text}, {"blocks", content.blocks}, {"replace_original", true}};
  } else {
    const auto for_others = "This is for " + calls(said.mentions) + "to decide. Nothing was done.";
    body = {{"text", pressed.refusal.empty() ? for_others : std::string(escaped(pressed.refusal))},
            {"response_type", "ephemeral"},
            {"replace_original", false}};
  }
  const auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  net::Backoff backoff(random_, options_.retry, options_.last_retry);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const bool is_shown = co_await has_shown(pressed.response_url, text);
    if (is_shown) co_return;
    const auto pause = backoff.next();
    co_await clock_.sleep_for(pause);
  }
}

/// Or never can.
net::awaitable<bool> Slack::has_shown(const std::string& url, const std::string& text) {
  try {
    co_await api_.post(url, "application/json", text);
  } catch (const Refusal& refusal) {
    spdlog::info("slack: a pressed button could not be shown: {}", refusal.what());
    co_return !refusal.is_limit() && !refusal.is_trouble();
  } catch (const net::Error& error) {
    spdlog::info("slack: a pressed button could not be shown: {}", error.what());
    co_return false;
  }
  co_return true;
}

}  // namespace bot::slack
