#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/slack/card.hpp"
#include "bot/slack/fields.hpp"
#include "bot/slack/slack.hpp"
#include "commands/post.hpp"
#include "net/error.hpp"

/// What leaves: by chat.postMessage; where the bot is not, by the URL of the command that is answered; and
/// when that has ended, directly to whoever gave the command.
namespace bot::slack {
namespace {

using nlohmann::json;

constexpr net::Duration default_wait = std::chrono::seconds(5);
constexpr auto post_method = "chat.postMessage";
constexpr auto by_url = "url";
constexpr std::string_view of_commands = "command/";
/// Of a URL, each a message.
constexpr int most_uses = 5;
constexpr auto event_type = "devbox_message";

std::string remote_id(const std::string& channel, const std::string& ts) { return channel + "/" + ts; }

json metadata(const std::string& key) {
  return {{"event_type", event_type}, {"event_payload", {{"key", key}}}};
}

/// As the first answer to its command did.
bool goes_by_url(const std::optional<storage::ReplyRow>& reply) { return reply && reply->root == by_url; }

json arguments_of(const Content& content) {
  return {
      {"text", content.text}, {"blocks", content.blocks}, {"unfurl_links", false}, {"unfurl_media", false}};
}

}  // namespace

net::awaitable<SendResult> Slack::send(Out message) {
  while (!is_known_) co_await known_.wait();
  const bool is_edit = !message.edits.empty();
  const auto wait = is_edit ? limits_.find_rest(message.room) : limits_.find_wait(message.room);
  if (wait) co_return Delayed{*wait, true};
  std::optional<Refusal> refusal;
  try {
    if (is_edit) {
      be_edit(message);
      auto edited = co_await edit(message);
      co_return edited;
    }
    auto delivered = co_await deliver_once(message);
    co_return delivered;
  } catch (const Refusal& error) {
    refusal = error;
  }
  co_return result_of(*refusal, message.room);
}

/// What was not answered may be under way yet: who looks too early sends twice.
net::awaitable<SendResult> Slack::deliver_once(Out message) {
  const auto [unsure, is_first] = unsure_.try_emplace(message.key, net::Time::min());
  const auto look_at = unsure->second;
  if (!is_first) co_await clock_.sleep_until(look_at);
  const auto place = place_of(message);
  if (!is_first && !goes_by_url(place.reply)) {
    // Where Slack refuses to tell, what may have arrived may be there for all that.
    const auto found = co_await find_sent(message, place);
    if (!found.empty()) co_return Sent{found};
  }
  try {
    auto result = co_await deliver(message, place);
    if (!std::holds_alternative<Sent>(result)) unsure_.erase(message.key);
    co_return result;
  } catch (const Refusal& refusal) {
    if (!refusal.is_trouble()) unsure_.erase(message.key);
    throw;
  } catch (const net::NoAnswer&) {
    unsure_[message.key] = clock_.now() + std::min(options_.request, longest_way);
    throw;
  }
}

SendResult Slack::result_of(const Refusal& refusal, const std::string& room) {
  if (refusal.is_limit()) {
    const auto until = clock_.now() + refusal.wait.value_or(default_wait);
    // Slack's limits are of a method: edits and looks leave new messages alone.
    if (refusal.method == post_method) limits_.rest(room, until);
    return Delayed{until, true};
  }
  if (refusal.is_for_good())
    sockets_.refuse(std::string(refusal.what()) +
                    ": put the token of the installed app into [slack] bot_token_file");
  if (refusal.is_trouble() || refusal.is_for_good()) throw net::NoAnswer(refusal.what());
  return Refused{refusal.what()};
}

/// An edit takes the place of the whole message: what it said stays, and the news stands below.
void Slack::be_edit(Out& news) const {
  const auto original = storage_.outbox.find_remote(chat_name, news.edits);
  if (!original) return;
  const auto body = commands::message_in(*original);
  news.text = body.text + (news.text.empty() ? "" : "\n… " + news.text);
  news.mentions = body.mentions;
}

/// What can be typed instead of pressing. Slash commands do not work in threads; the prefix does.
Content Slack::content_for(const Out& message, const std::string& key) const {
  auto content = content_of(message, key, message.room.starts_with('D') ? "" : options_.prefix + " ");
  const auto card = card_of(storage_, key, message.text);
  if (card && message.choices.empty()) add_buttons(content, *card, key);
  return content;
}

Slack::Place Slack::place_of(const Out& message) const {
  Place place{message.room, message.thread, std::nullopt};
  if (!message.thread.starts_with(of_commands)) return place;
  place.thread_ts.clear();
  place.reply = storage_.replies.find(message.thread);
  const auto root = place.reply ? place.reply->root : "";
  const auto slash = root.find('/');
  if (slash == std::string::npos) return place;
  place.channel = root.substr(0, slash);
  place.thread_ts = root.substr(slash + 1);
  return place;
}

net::awaitable<SendResult> Slack::deliver(const Out& message, const Place& place) {
  if (goes_by_url(place.reply)) co_return co_await respond(message, place);
  std::optional<Refusal> refusal;
  try {
    co_return co_await post(message, place);
  } catch (const Refusal& error) {
    refusal = error;
  }
  if (refusal->error == "thread_not_found" && !place.thread_ts.empty()) {
    auto channel = place;
    channel.thread_ts.clear();
    co_return co_await post(message, channel);
  }
  if (!refusal->is_out_of_reach() || !place.reply) throw *refusal;
  co_return co_await respond(message, place);
}

net::awaitable<SendResult> Slack::post(const Out& message, const Place& place) {
  std::string id;
  if (message.picture) {
    id = co_await share_picture(message, place);
  } else {
    auto arguments = arguments_of(content_for(message, message.key));
    arguments["channel"] = place.channel;
    arguments["metadata"] = metadata(message.key);
    if (!place.thread_ts.empty()) arguments["thread_ts"] = place.thread_ts;
    const auto answer = co_await api_.call(post_method, arguments);
    id = remote_id(text_of(answer, "channel"), text_of(answer, "ts"));
  }
  co_return Sent{id};
}

/// Only whoever gave the command sees it: the bot is not a member there.
net::awaitable<SendResult> Slack::respond(const Out& message, const Place& place) {
  const auto& reply = *place.reply;
  const bool is_over = reply.url.empty() || reply.until <= clock_.now() || reply.uses >= most_uses;
  if (is_over) co_return co_await post_directly(message, place);
  storage_.replies.used(reply.thread);
  auto body = arguments_of(content_for(message, message.key));
  body["response_type"] = "ephemeral";
  body["replace_original"] = false;
  const auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  std::optional<Refusal> refusal;
  try {
    co_await api_.post(reply.url, "application/json", text);
    storage_.replies.rooted(reply.thread, by_url);
    co_return Sent{remote_id(by_url, reply.thread)};
  } catch (const Refusal& error) {
    refusal = error;
  }
  if (refusal->is_limit() || refusal->is_trouble()) throw *refusal;
  co_return co_await post_directly(message, place);
}

net::awaitable<SendResult> Slack::post_directly(const Out& message, const Place& place) {
  const json who = {{"users", place.reply->person}};
  const auto opened = co_await api_.call("conversations.open", who);
  const auto* channel = find_object(opened, "channel");
  Place direct;
  direct.channel = channel ? text_of(*channel, "id") : "";
  co_return co_await post(message, direct);
}

/// What came by a URL stays as it is: all messages of a command have the same, and to replace by it takes
/// away the last of them, be it a result or the card whose button was pressed.
net::awaitable<SendResult> Slack::edit(const Out& message) {
  const auto slash = message.edits.find('/');
  const auto channel = message.edits.substr(0, slash);
  if (channel == by_url) co_return Sent{message.edits};
  auto body = arguments_of(content_for(message, ""));
  body["channel"] = channel;
  body["ts"] = message.edits.substr(slash + 1);
  co_await api_.call("chat.update", body);
  co_return Sent{message.edits};
}

/// https://docs.slack.dev/messaging/working-with-files#uploading_files: what has been uploaded is not
/// uploaded again.
net::awaitable<std::string> Slack::share_picture(const Out& message, const Place& place) {
  auto id = storage_.rooms.upload(message.key);
  if (id.empty()) {
    const net::Query file = {{"filename", message.picture->name},
                             {"length", std::to_string(message.picture->png.size())}};
    const auto answer = co_await api_.call_with_form("files.getUploadURLExternal", file);
    id = text_of(answer, "file_id");
    const auto url = text_of(answer, "upload_url");
    co_await api_.post(url, "image/png", message.picture->png);
    storage_.rooms.uploaded(message.key, id);
  }
  json shared = {{"files", {{{"id", id}, {"title", message.picture->name}}}},
                 {"channel_id", place.channel},
                 {"initial_comment", content_for(message, "").text}};
  if (!place.thread_ts.empty()) shared["thread_ts"] = place.thread_ts;
  co_await api_.call("files.completeUploadExternal", shared);
  co_return remote_id(place.channel, id);
}

}  // namespace bot::slack
