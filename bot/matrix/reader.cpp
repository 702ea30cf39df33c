#include "bot/matrix/reader.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "bot/choices.hpp"
#include "bot/matrix/content.hpp"
#include "commands/people.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"

namespace bot::matrix {
namespace {

constexpr std::size_t longest_quote = 60;
constexpr std::size_t most_quotes = 5;

In said_in(const storage::RoomRow& room, const Event& event, const std::string& thread) {
  In message;
  message.key = event.id;
  message.room = room.id;
  message.thread = thread;
  message.sender = std::string(chat_name) + ":" + event.sender;
  return message;
}

}  // namespace

Reader::Reader(storage::Storage& storage, Rooms& rooms, const Options& options)
    : storage_(storage), rooms_(rooms), options_(options) {
  self_.user = options.user;
  self_.prefix = options.prefix;
}

Batch Reader::read(const Sync& sync, std::optional<net::Time> started, net::Time now) {
  Batch batch;
  for (const auto& sentence : sync.skipped) spdlog::warn("matrix: skipped: {}", sentence);
  for (const auto& room : sync.joined) rooms_.joined(room, started.value_or(now));
  if (sync.direct) rooms_.told_direct(*sync.direct);
  // A room's end comes before the invitation to what replaces it.
  for (const auto& room : sync.joined) read_room(batch, room, started.has_value(), now);
  for (const auto& invitation : sync.invitations) rooms_.invited(invitation, now);
  for (const auto& room : sync.left) rooms_.left(room);
  batch.cursor = sync.next_batch;
  return batch;
}

void Reader::read_room(Batch& batch, const JoinedRoom& room, bool is_first, net::Time now) {
  const auto row = *rooms_.find(room.id);
  if (!rooms_.is_ours(row)) return;
  if (row.encrypted) tell_encrypted(batch, row);
  const auto since = is_first ? row.since : invited_at(room, row.since);
  std::vector<In> missed;
  for (const auto& event : room.timeline) {
    if (event.sent < since) continue;
    auto message = message_of(row, event);
    if (!message) continue;
    const bool is_late = now - event.sent > options_.oldest;
    if (!is_late)
      batch.messages.push_back(std::move(*message));
    else if (message->answer_to.empty() && !storage_.inbox.knows(std::string(chat_name) + "/" + message->key))
      missed.push_back(std::move(*message));
  }
  if (!missed.empty()) tell_missed(batch, row, missed);
  std::move(missed.begin(), missed.end(), std::back_inserter(batch.missed));
}

/// An invitation comes without a time, and with it at once the first command: when it was sent is known when
/// we are in the room.
net::Time Reader::invited_at(const JoinedRoom& room, net::Time otherwise) const {
  auto since = otherwise;
  for (const auto& event : room.timeline) {
    const auto* member = std::get_if<Membership>(&event.what);
    const bool is_invitation = member && member->user == options_.user && member->membership == "invite";
    if (is_invitation) since = std::min(event.sent, otherwise);
  }
  return since;
}

bool Reader::has_early_press(const Sync& sync) const {
  const auto is_unknown = [&](const Event& event) {
    const auto* press = std::get_if<Reaction>(&event.what);
    return press && !storage_.outbox.find_remote(chat_name, press->target);
  };
  const auto waits_for_question = [&](const JoinedRoom& room) {
    const auto unsent = storage_.outbox.next(chat_name, net::Time::max());
    return std::any_of(unsent.begin(), unsent.end(), [&](const auto& row) {
      return row.kind == "question" && rooms_.current(row.room) == room.id;
    });
  };
  return std::any_of(sync.joined.begin(), sync.joined.end(), [&](const JoinedRoom& room) {
    return std::any_of(room.timeline.begin(), room.timeline.end(), is_unknown) && waits_for_question(room);
  });
}

void Reader::tell_encrypted(Batch& batch, const storage::RoomRow& room) const {
  Out notice;
  notice.key = "encrypted/" + room.id;
  notice.room = room.id;
  notice.text =
      "✗ This room is encrypted, and I cannot read encrypted rooms: I see that something is said, not what. "
      "Please make a room with encryption switched off (encryption cannot be switched off later), invite " +
      options_.user + " there and talk to me in it.";
  batch.notices.push_back(std::move(notice));
}

void Reader::tell_missed(Batch& batch, const storage::RoomRow& room, const std::vector<In>& missed) const {
  Out notice;
  notice.key = "missed/" + missed.back().key;
  notice.room = room.id;
  notice.text = "I missed this while I was offline, and it is too old to be run now:";
  for (std::size_t at = 0; at < missed.size() && at < most_quotes; ++at)
    notice.text += "\n" + missed[at].sender.substr(missed[at].sender.find(':') + 1) + ": " +
                   commands::cut(commands::printable(missed[at].text), longest_quote);
  if (missed.size() > most_quotes)
    notice.text += "\nand " + std::to_string(missed.size() - most_quotes) + " more";
  notice.text += "\nNothing of it was done. Say it again if it is still wanted.";
  batch.notices.push_back(std::move(notice));
}

std::optional<In> Reader::message_of(const storage::RoomRow& room, const Event& event) {
  const auto is_ignored = [&](const auto& pattern) { return commands::matches(pattern, event.sender); };
  if (std::any_of(options_.ignore.begin(), options_.ignore.end(), is_ignored)) return std::nullopt;
  if (const auto* text = std::get_if<Text>(&event.what)) return command_of(room, event, *text);
  if (const auto* press = std::get_if<Reaction>(&event.what)) return press_of(room, event, *press);
  return std::nullopt;
}

std::optional<In> Reader::command_of(const storage::RoomRow& room, const Event& event,
                                     const Text& text) const {
  auto said = heard(text, self_, Rooms::is_direct(room));
  if (!said) return std::nullopt;
  auto message = said_in(room, event, text.thread);
  message.text = std::move(said->text);
  message.direct = said->direct;
  return message;
}

/// A reaction under a question of ours is the word it stands for.
std::optional<In> Reader::press_of(const storage::RoomRow& room, const Event& event, const Reaction& press) {
  const auto question = storage_.outbox.find_remote(chat_name, press.target);
  if (!question || rooms_.current(question->room) != room.id) return std::nullopt;
  const auto choices = choices_of(commands::message_in(*question).buttons);
  const auto choice = choice_of(choices, press.key);
  if (!choice) return std::nullopt;
  auto message = said_in(room, event, question->thread);
  message.text = choice->word;
  message.direct = true;
  message.answer_to = question->key;
  return message;
}

}  // namespace bot::matrix
