#include "bot/bot.hpp"

#include <spdlog/spdlog.h>

#include "commands/approval.hpp"
#include "commands/grammar.hpp"
#include "commands/post.hpp"
#include "commands/record.hpp"
#include "commands/sentence.hpp"
#include "commands/table.hpp"
#include "net/race.hpp"
#include "net/spawn.hpp"

namespace bot {
namespace {

storage::InboxRow row_of(const Chat& chat, const In& message, net::Time now) {
  storage::InboxRow row;
  row.key = chat.name() + "/" + message.key;
  row.alias = message.alias.empty() ? "" : chat.name() + "/" + message.alias;
  row.chat = chat.name();
  row.room = message.room;
  row.thread = message.thread;
  row.sender = message.sender;
  row.text = message.text;
  row.direct = message.direct;
  row.answer_to = message.answer_to;
  row.at = now;
  row.state = "done";  // when this transaction ends, unless `decide` puts it off
  return row;
}

/// What a chat needs to know of a message to show that it was seen.
In seen_of(const storage::InboxRow& row) {
  In message;
  message.key = row.key.substr(row.chat.size() + 1);
  message.room = row.room;
  message.thread = row.thread;
  message.sender = row.sender;
  return message;
}

}  // namespace

Bot::Bot(commands::Services& world, commands::Runner& runner, std::vector<Chat*> chats)
    : world_(world), runner_(runner), chats_(std::move(chats)) {}

void Bot::start() {
  runner_.recover();
  for (const auto& row : world_.storage.inbox.unhandled()) handle({row});
  for (auto* chat : chats_) {
    auto listening = chat->listen([this, chat](const Batch& batch) { receive(*chat, batch); });
    net::spawn(world_.executor, chat->name(), std::move(listening));
  }
}

/// One commit for what came and what becomes of it: it is on the way of every answer.
void Bot::receive(Chat& chat, const Batch& batch) {
#ifdef DEVBOX_BUG_EARLY_CURSOR
  // Seeded for the fault driver, which must notice that messages get lost.
  if (batch.cursor) world_.storage.inbox.set_cursor(chat.name(), *batch.cursor);
#endif
  Rows added;
  std::vector<Handled> handled;
  world_.storage.database.write(storage::Commit::normal, [&] {
    added.clear();
    store(chat, batch, added);
    handled = decide(added);
  });
  for (const auto& row : added) net::spawn(world_.executor, "sign for " + row.key, chat.seen(seen_of(row)));
  carry_out(added, handled);
}

void Bot::store(const Chat& chat, const Batch& batch, Rows& added) {
  auto& inbox = world_.storage.inbox;
  const auto now = world_.clock.now();
  for (const auto& message : batch.messages) {
    auto row = row_of(chat, message, now);
    if (inbox.add(row)) added.push_back(std::move(row));
  }
  for (const auto& message : batch.missed) inbox.add(row_of(chat, message, now));
  for (const auto& notice : batch.notices) {
    commands::Message message;
    message.text = notice.text;
    message.mentions = notice.mentions;
    const commands::Place place{chat.name(), notice.room, notice.thread};
    commands::post(world_, place, chat.name() + "/" + notice.key, "line", message);
  }
  if (batch.cursor) inbox.set_cursor(chat.name(), *batch.cursor);
  if (batch.store) batch.store();
}

void Bot::handle(const Rows& rows) {
  std::vector<Handled> handled;
  world_.storage.database.write(storage::Commit::normal, [&] { handled = decide(rows); });
  carry_out(rows, handled);
}

std::vector<Bot::Handled> Bot::decide(const Rows& rows) {
  std::vector<Handled> handled;
  for (const auto& row : rows) handled.push_back(decide(row));
  return handled;
}

/// In a transaction: writes the answer or the operation, and that the message is done.
Bot::Handled Bot::decide(const storage::InboxRow& row) {
  Handled handled;
  const auto begun = begin(row);
  auto& inbox = world_.storage.inbox;
  const bool is_done = row.state == "done";
  if (const auto* lookup = std::get_if<commands::Later>(&begun)) {
    handled.later = *lookup;
    if (is_done) inbox.reopen(row.key);
    return handled;
  }
  if (const auto* text = std::get_if<std::string>(&begun)) {
    if (!text->empty()) answer(row, *text);
  } else if (const auto* message = std::get_if<commands::Message>(&begun)) {
    commands::post(world_, {row.chat, row.room, row.thread}, row.key + "/answer", "answer", *message);
  } else {
    const auto& operation = std::get<storage::OperationRow>(begun);
    world_.storage.journal.add(operation);
    handled.operation = operation.id;
  }
  if (!is_done) inbox.done(row.key);
  return handled;
}

void Bot::carry_out(const Rows& rows, const std::vector<Handled>& handled) {
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const auto& one = handled[at];
    if (one.later)
      net::spawn(world_.executor, "answer to " + rows[at].key, answer_later(rows[at], one.later));
    if (!one.operation.empty()) runner_.start(one.operation);
  }
  on_handled();
}

/// The message stays new until it is answered, so that a restart asks again.
net::awaitable<void> Bot::answer_later(storage::InboxRow row, commands::Later later) {
  std::string text;
  std::exception_ptr failure;
  bool in_time = false;
  const auto limit = world_.settings.limits.request;
  const auto look = [&]() -> net::awaitable<void> { text = co_await later(); };
  try {
    auto looking = look();
    in_time = co_await net::ends_within(world_.clock, limit, std::move(looking));
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure && commands::ends_the_process(failure)) std::rethrow_exception(failure);
  if (failure) {
    text = (commands::is_refusal(failure) ? "" : "✗ That could not be looked up: ") +
           commands::sentence(failure);
  } else if (!in_time) {
    text = "✗ That could not be looked up: Hetzner does not answer. Nothing was changed; try again later.";
  }
  world_.storage.database.write(storage::Commit::normal, [&] {
    answer(row, text);
    world_.storage.inbox.done(row.key);
  });
  on_handled();
}

commands::Caller Bot::caller_of(const storage::InboxRow& row) {
  commands::Caller caller;
  const auto sender = commands::sender_named(row.sender);
  caller.person = world_.storage.people.ensure(sender.platform, sender.user);
  caller.role = commands::role_of(world_.settings.policy, caller.person);
  caller.message = row;
  return caller;
}

std::string Bot::why_not(const Chat& chat, const In& press) {
  const auto row = row_of(chat, press, world_.clock.now());
  std::string why;
  world_.storage.database.write(storage::Commit::normal, [&] {
    try {
      const auto caller = caller_of(row);
      const auto asked = commands::understand(world_, caller, row.text);
      if (asked.request.verb == "approve" || asked.request.verb == "deny")
        commands::request_of_another(world_, caller, asked.request);
    } catch (const commands::NotAllowed& refusal) {
      why = refusal.what();
      commands::record(world_, row, "refused: " + why);
    } catch (const commands::Error&) {
      // An answer to a question is no command; and what else is wrong is answered.
    }
  });
  return why;
}

commands::Begin Bot::begin(const storage::InboxRow& row) {
  const auto line = commands::addressed(row.text, world_.settings.prefix, row.direct);
  if (!line) return "";
  const auto caller = caller_of(row);
  try {
    const auto asked = commands::understand(world_, caller, *line);
    auto begun = asked.command->begin(world_, caller, asked.request);
    if (asked.command->access.effect == commands::Effect::changes) commands::record(world_, row, begun);
    return begun;
  } catch (const commands::NotAllowed& refusal) {
    commands::record(world_, row, "refused: " + std::string(refusal.what()));
    return refusal.what();
  } catch (const commands::Error& error) {
    return error.what();
  } catch (const SQLite::Exception&) {
    throw;
  } catch (const std::exception& error) {
    // A message that we cannot handle must not come again at every start.
    spdlog::error("message {}: {}", row.key, error.what());
    return "Something unforeseen happened; nothing was done. The log says more.";
  }
}

void Bot::answer(const storage::InboxRow& row, const std::string& text) {
  commands::Message message;
  message.text = text;
  commands::post(world_, {row.chat, row.room, row.thread}, row.key + "/answer", "answer", message);
}

}  // namespace bot
