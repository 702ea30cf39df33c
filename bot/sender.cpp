#include "bot/sender.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/outbox_key.hpp"
#include "commands/message.hpp"
#include "net/backoff.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"

namespace bot {
namespace {

/// nullopt when the body is not a message of ours.
std::optional<Out> message_of(const storage::OutboxRow& row) {
  Out out;
  out.room = row.room;
  out.thread = row.thread;
  out.edits = row.edits;
  try {
    auto body = nlohmann::json::parse(row.body).get<commands::Message>();
    out.text = std::move(body.text);
    out.mentions = std::move(body.mentions);
    for (auto& button : body.buttons)
      out.choices.push_back({std::move(button.label), std::move(button.word)});
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return out;
}

bool is_served(const std::vector<Chat*>& chats, const std::string& name) {
  return std::any_of(chats.begin(), chats.end(), [&](const Chat* chat) { return chat->name() == name; });
}

}  // namespace

Sender::Sender(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
               const std::vector<Chat*>& chats, SenderTimes times)
    : executor_(executor), clock_(clock), random_(random), storage_(storage), times_(times), wake_(executor) {
  for (const auto& chat : storage_.outbox.waiting_chats())
    if (!is_served(chats, chat)) spdlog::warn("messages wait for the chat {}, which is not configured", chat);
}

net::awaitable<void> Sender::run(Chat& chat) {
  const auto name = chat.name();
  for (;;) {
    start_rows(chat);
    start_edits(chat);
    const auto until = next_time(name);
    if (until) {
      co_await wake_.wait_until(clock_, *until);
    } else {
      co_await wake_.wait();
    }
  }
}

void Sender::wake() { wake_.notify(); }

void Sender::progress(const std::string& outbox_key, std::string text) {
  auto& progress = progress_[outbox_key];
  if (progress.text == text) return;
  progress.text = std::move(text);
  progress.is_news = true;
  wake();
}

void Sender::settled(const std::string& outbox_key) { progress_.erase(outbox_key); }

void Sender::start_rows(Chat& chat) {
  for (const auto& row : storage_.outbox.next(chat.name(), clock_.now()))
    if (busy_.insert({row.chat, row.room}).second)
      net::spawn(executor_, "message " + row.key, deliver(chat, row));
}

void Sender::start_edits(Chat& chat) {
  const auto now = clock_.now();
  for (auto& [key, progress] : progress_) {
    if (!progress.is_news || progress.next > now) continue;
    const auto row = editable(key, chat.name());
    if (!row) continue;
    busy_.insert({row->chat, row->room});
    progress.is_news = false;
    progress.next = now + times_.between_edits;
    net::spawn(executor_, "progress of " + key, edit(chat, *row, progress.text));
  }
}

std::optional<storage::OutboxRow> Sender::editable(const std::string& key, const std::string& chat) {
  auto row = storage_.outbox.find(key);
  if (!row || row->chat != chat || row->state != "sent") return std::nullopt;
  if (busy_.contains({row->chat, row->room})) return std::nullopt;
  // A reply that was put off waits for the chat's limits: an edit would use up what it waits for.
  const auto now = clock_.now();
  for (const auto& head : storage_.outbox.next(chat, net::Time::max()))
    if (head.room == row->room && (head.due <= now || head.tries > 0)) return std::nullopt;
  return row;
}

std::optional<net::Time> Sender::next_time(const std::string& chat) {
  std::optional<net::Time> next;
  const auto consider = [&](net::Time time) { next = next ? std::min(*next, time) : time; };
  for (const auto& head : storage_.outbox.next(chat, net::Time::max()))
    if (!busy_.contains({head.chat, head.room})) consider(head.due);
  for (const auto& [key, progress] : progress_)
    if (progress.is_news && editable(key, chat)) consider(progress.next);
  return next;
}

net::awaitable<void> Sender::deliver(Chat& chat, storage::OutboxRow row) {
  auto out = message_of(row);
  std::optional<SendResult> result;
  if (!out) result = Refused{"its body is not a message"};
  net::Backoff backoff(random_, times_.first_retry, times_.last_retry);
  while (!result) {
    storage_.outbox.sending(row.key);
    out->key = wire_key(row);
    result = co_await attempt(chat, *out);
    if (result) break;
    const auto pause = backoff.next();
    co_await clock_.sleep_for(pause);
  }
  conclude(row, *result);
  leave(row);
}

net::awaitable<std::optional<SendResult>> Sender::attempt(Chat& chat, Out message) {
  const auto key = message.key;
  try {
    auto result = co_await chat.send(message);
    co_return result;
  } catch (const net::Error& error) {
    spdlog::warn("{}: nobody knows whether message {} arrived: {}", chat.name(), key, error.what());
  }
  co_return std::nullopt;
}

void Sender::conclude(const storage::OutboxRow& row, const SendResult& result) {
  if (const auto* sent = std::get_if<Sent>(&result)) storage_.outbox.sent(row.key, sent->remote_id);
  if (const auto* delayed = std::get_if<Delayed>(&result)) storage_.outbox.delayed(row.key, delayed->when);
  if (const auto* refused = std::get_if<Refused>(&result)) {
    spdlog::error("{}: message {} was dropped: {}", row.chat, row.key, refused->why);
    storage_.outbox.dropped(row.key, refused->why);
  }
}

net::awaitable<void> Sender::edit(Chat& chat, storage::OutboxRow row, std::string text) {
  Out out;
  // The time, not a count: a count would begin again with the process and repeat keys the chat has seen.
  out.key = row.key + "#" + std::to_string(storage::to_ms(clock_.now()));
  out.room = row.room;
  out.thread = row.thread;
  out.text = std::move(text);
  out.edits = row.remote_id;
  const auto result = co_await attempt(chat, out);
  const auto found = progress_.find(row.key);
  if (found != progress_.end()) {
    const auto* delayed = result ? std::get_if<Delayed>(&*result) : nullptr;
    if (!result || delayed) found->second.is_news = true;
    if (delayed) found->second.next = std::max(found->second.next, delayed->when);
  }
  leave(row);
}

void Sender::leave(const storage::OutboxRow& row) {
  busy_.erase({row.chat, row.room});
  wake();
  on_delivered();
}

}  // namespace bot
