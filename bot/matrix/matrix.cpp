#include "bot/matrix/matrix.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/matrix/content.hpp"
#include "commands/post.hpp"
#include "net/error.hpp"

namespace bot::matrix {
namespace {

constexpr net::Duration default_wait = std::chrono::seconds(5);
/// Whether we are in the room yet that replaces one that takes nothing more.
constexpr net::Duration next_look = std::chrono::seconds(30);

/// '/' in a path is more than some proxies let through escaped.
std::string transaction_of(std::string key) {
  std::replace(key.begin(), key.end(), '/', '~');
  return key;
}

}  // namespace

Matrix::Matrix(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
               Options options)
    : clock_(clock),
      storage_(storage),
      options_(std::move(options)),
      homeserver_(executor, options_.homeserver, options_.ca_file),
      session_(executor, clock, homeserver_, options_),
      api_(homeserver_, session_, options_),
      rooms_(storage.rooms, options_),
      signs_(executor, clock, api_, options_),
      listener_(executor, clock, random, storage, homeserver_, session_, api_, rooms_, options_) {}

net::awaitable<void> Matrix::listen(Receive receive) { return listener_.run(std::move(receive)); }

net::awaitable<void> Matrix::seen(In message) {
  signs_.seen(message.room, message.key);
  co_return;
}

net::awaitable<SendResult> Matrix::send(Out message) {
  co_await listener_.until_open();
  if (clock_.now() < limited_until_) co_return Delayed{limited_until_};
  if (!message.edits.empty()) be_edit(message);
  const auto current = rooms_.current(message.room);
  // A thread stays in its room: elsewhere the homeserver takes nothing that is said to be in it.
  if (current != message.room) message.thread.clear();
  message.room = current;
  const auto* room = rooms_.find(message.room);
  const bool needs_prefix = !room || !Rooms::is_direct(*room);
  for (auto& choice : message.choices)
    if (needs_prefix) choice.word = options_.prefix + " " + choice.word;
  auto result = co_await attempt(message);
  const bool is_refused = std::holds_alternative<Refused>(result);
  if (is_refused && !message.thread.empty()) {
    // A thread can be of a kind that nothing may be added to; the answer matters more than its place.
    message.thread.clear();
    result = co_await attempt(message);
  }
  if (message.edits.empty()) signs_.answered(message.room);
  co_return result;
}

net::awaitable<SendResult> Matrix::attempt(const Out& message) {
  try {
    const auto event = co_await deliver(message);
    co_return Sent{event};
  } catch (const Refusal& refusal) {
    if (refusal.is_trouble()) throw net::NoAnswer(refusal.what());
    const bool is_moving = refusal.status == 403 && rooms_.is_moving(message.room);
    if (is_moving) co_return Delayed{clock_.now() + next_look, true};
    if (!refusal.is_limit()) co_return Refused{refusal.what()};
    limited_until_ = clock_.now() + refusal.wait.value_or(default_wait);
    co_return Delayed{limited_until_};
  }
}

void Matrix::be_edit(Out& news) const {
  const auto original = storage_.outbox.find_remote(chat_name, news.edits);
  if (!original) return;
  const auto body = commands::message_in(*original);
  news.text = body.text + (news.text.empty() ? "" : "\n… " + news.text);
  news.mentions = body.mentions;
}

/// The event's id. Made of several requests, each of which may be made again.
net::awaitable<std::string> Matrix::deliver(const Out& message) {
  nlohmann::json content;
  if (message.picture) {
    const auto uri = co_await picture(message);
    content = picture_content(message, uri);
  } else {
    content = message_content(message);
  }
  const auto transaction = transaction_of(message.key);
  const auto body = content.dump();
  auto event = co_await api_.send_event(message.room, "m.room.message", transaction, body);
  if (message.edits.empty()) co_await seed(message.room, event, message);
  co_return event;
}

net::awaitable<std::string> Matrix::picture(const Out& message) {
  auto uri = storage_.rooms.upload(message.key);
  if (!uri.empty()) co_return uri;
  const auto& picture = *message.picture;
  uri = co_await api_.upload(picture.name, "image/png", picture.png);
  // Uploads have no transaction: what is known to be there is not sent again.
  storage_.rooms.uploaded(message.key, uri);
  co_return uri;
}

/// The reactions that a question can be answered with, under it.
net::awaitable<void> Matrix::seed(std::string room, std::string event, const Out& message) {
  for (std::size_t at = 0; at < message.choices.size(); ++at) {
    const auto key = reaction_of(message.choices, at);
    if (key.empty()) continue;
    const auto transaction = transaction_of(message.key) + "~r" + std::to_string(at);
    const auto content = reaction_content(event, key).dump();
    try {
      co_await api_.send_event(room, "m.reaction", transaction, content);
    } catch (const Refusal& refusal) {
      if (refusal.is_trouble() || refusal.is_limit()) throw;
      // The message itself is there, with the words that do the same.
      if (refusal.errcode != "M_DUPLICATE_ANNOTATION") spdlog::warn("matrix: {}", refusal.what());
    }
  }
}

}  // namespace bot::matrix
