#include "bot/sender.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/choices.hpp"
#include "bot/outbox_key.hpp"
#include "commands/post.hpp"
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
    auto body = commands::message_in(row);
    out.text = std::move(body.text);
    out.mentions = std::move(body.mentions);
    out.choices = choices_of(body.buttons);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return out;
}

const char* word_of(const SendResult& result) {
  if (std::holds_alternative<Sent>(result)) return "sent";
  return std::holds_alternative<Delayed>(result) ? "delayed" : "refused";
}

bool is_served(const std::vector<Chat*>& chats, const std::string& name) {
  return std::any_of(chats.begin(), chats.end(), [&](const Chat* chat) { return chat->name() == name; });
}

}  // namespace

Sender::Sender(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
               const std::vector<Chat*>& chats, SenderTimes times)
    : executor_(executor),
      clock_(clock),
      random_(random),
      storage_(storage),
      times_(times),
      retry_(executor) {
  for (const auto& chat : storage_.outbox.waiting_chats())
    if (!is_served(chats, chat)) spdlog::warn("messages wait for the chat {}, which is not configured", chat);
}

net::awaitable<void> Sender::run(Chat& chat) {
  const auto name = chat.name();
  auto& signal = wake_.try_emplace(name, executor_).first->second;
  for (;;) {
    const auto heads = storage_.outbox.next(name, net::Time::max());
    start_rows(chat, heads);
    start_edits(chat, heads);
    const auto until = next_time(name, heads);
    if (until) {
      co_await signal.wait_until(clock_, *until);
    } else {
      co_await signal.wait();
    }
  }
}

void Sender::wake() {
  for (auto& [chat, signal] : wake_) signal.notify();
}

void Sender::wake(const std::string& chat) {
  const auto found = wake_.find(chat);
  if (found != wake_.end()) found->second.notify();
}

void Sender::retry() { retry_.notify(); }

void Sender::progress(const std::string& outbox_key, std::string text) {
  auto& progress = progress_[outbox_key];
  if (progress.text == text) return;
  progress.text = std::move(text);
  progress.is_news = true;
  wake();
}

void Sender::settled(const std::string& outbox_key) {
  const auto found = progress_.find(outbox_key);
  if (found == progress_.end()) return;
  auto& progress = found->second;
  if (!progress.was_shown) return static_cast<void>(progress_.erase(found));
  progress.text.clear();
  progress.is_news = true;
  progress.is_over = true;
  wake();
}

void Sender::start_rows(Chat& chat, const Rows& heads) {
  const auto now = clock_.now();
  for (const auto& row : heads)
    if (row.due <= now && busy_.insert({row.chat, row.room}).second)
      net::spawn(executor_, "message " + row.key, deliver(chat, row));
}

/// A chat whose limit was reached gets its replies first, whatever room they are for, and edits when it has
/// time.
bool Sender::must_wait(const std::string& chat, const Rows& heads) {
  const auto limited = limited_.find(chat);
  if (limited == limited_.end()) return false;
  const auto was_put_off = [&](const auto& head) { return head.due <= limited->second; };
  if (clock_.now() < limited->second || std::any_of(heads.begin(), heads.end(), was_put_off)) return true;
  limited_.erase(limited);
  return false;
}

void Sender::limit(const std::string& chat, net::Time until) {
  auto& limited = limited_[chat];
  limited = std::max(limited, until);
}

void Sender::start_edits(Chat& chat, const Rows& heads) {
  const auto now = clock_.now();
  if (must_wait(chat.name(), heads)) return;
  // An edit may end, and take its progress out of the map, before `spawn` returns.
  std::vector<std::pair<storage::OutboxRow, std::string>> ready;
  for (auto& [key, progress] : progress_) {
    if (!progress.is_news || progress.next > now) continue;
    const auto row = editable(key, chat.name(), heads);
    if (!row) continue;
    busy_.insert({row->chat, row->room});
    progress.is_news = false;
    progress.was_shown = true;
    progress.next = now + times_.between_edits;
    ready.emplace_back(*row, progress.text);
  }
  for (const auto& [row, text] : ready)
    net::spawn(executor_, "progress of " + row.key, edit(chat, row, text));
}

std::optional<storage::OutboxRow> Sender::editable(const std::string& key, const std::string& chat,
                                                   const Rows& heads) {
  auto row = storage_.outbox.find(key);
  if (!row || row->chat != chat || row->state != "sent") return std::nullopt;
  if (busy_.contains({row->chat, row->room})) return std::nullopt;
  // A reply that was put off waits for the chat's limits: an edit would use up what it waits for.
  const auto now = clock_.now();
  for (const auto& head : heads)
    if (head.room == row->room && (head.due <= now || head.tries > 0)) return std::nullopt;
  return row;
}

std::optional<net::Time> Sender::next_time(const std::string& chat, const Rows& heads) {
  std::optional<net::Time> next;
  const auto consider = [&](net::Time time) { next = next ? std::min(*next, time) : time; };
  for (const auto& head : heads)
    if (!busy_.contains({head.chat, head.room})) consider(head.due);
  const auto limited = limited_.find(chat);
  const auto earliest = limited == limited_.end() ? net::Time::min() : limited->second;
  for (const auto& [key, progress] : progress_)
    if (progress.is_news && editable(key, chat, heads)) consider(std::max(progress.next, earliest));
  return next;
}

net::awaitable<void> Sender::deliver(Chat& chat, storage::OutboxRow row) {
  auto out = message_of(row);
  std::optional<SendResult> result;
  if (!out) result = Refused{"its body is not a message"};
  net::Backoff backoff(random_, times_.first_retry, times_.last_retry);
  while (!result) {
    out->key = wire_key(row);
    result = co_await attempt(chat, *out);
    if (result) break;
    storage_.outbox.sending(row.key);
    const auto again = clock_.now() + backoff.next();
    co_await retry_.wait_until(clock_, again);
  }
  conclude(row, *result);
  leave(row);
}

net::awaitable<std::optional<SendResult>> Sender::attempt(Chat& chat, Out message) {
  const auto key = message.key;
  try {
    auto result = co_await chat.send(message);
    ++attempts_[{chat.name(), word_of(result)}];
    co_return result;
  } catch (const net::Error& error) {
    spdlog::warn("{}: nobody knows whether message {} arrived: {}", chat.name(), key, error.what());
  }
  ++attempts_[{chat.name(), "unknown"}];
  co_return std::nullopt;
}

void Sender::conclude(const storage::OutboxRow& row, const SendResult& result) {
  if (const auto* sent = std::get_if<Sent>(&result)) storage_.outbox.sent(row.key, sent->remote_id);
  if (const auto* delayed = std::get_if<Delayed>(&result)) {
    storage_.outbox.delayed(row.key, delayed->when);
    if (!delayed->only_room) limit(row.chat, delayed->when);
  }
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
  const bool was_last = found != progress_.end() && found->second.is_over && text.empty();
  if (was_last) {
    progress_.erase(found);
  } else if (found != progress_.end()) {
    const auto* delayed = result ? std::get_if<Delayed>(&*result) : nullptr;
    if (!result || delayed) found->second.is_news = true;
    if (delayed) limit(row.chat, delayed->when);
  }
  leave(row);
}

void Sender::leave(const storage::OutboxRow& row) {
  busy_.erase({row.chat, row.room});
  wake(row.chat);
  on_delivered();
}

}  // namespace bot
