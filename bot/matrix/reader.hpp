#pragma once
#include <optional>
#include <string>

#include "bot/chat.hpp"
#include "bot/matrix/hearing.hpp"
#include "bot/matrix/options.hpp"
#include "bot/matrix/rooms.hpp"
#include "storage/storage.hpp"

namespace bot::matrix {

/// Turns what a sync brought into a batch: commands and presses from rooms of ours, those that came too late,
/// and what has to be said about a room.
class Reader {
 public:
  Reader(storage::Storage& storage, Rooms& rooms, const Options& options);

  void set_display_name(std::string name) { self_.display_name = std::move(name); }
  /// `started`: when this process was, with the first sync of all only; what was said before may have been
  /// handled already.
  Batch read(const Sync& sync, std::optional<net::Time> started, net::Time now);
  /// Somebody pressed what may be a question of ours of which we have not heard yet that it arrived.
  [[nodiscard]] bool has_early_press(const Sync& sync) const;

 private:
  void read_room(Batch& batch, const JoinedRoom& room, bool is_first, net::Time now);
  [[nodiscard]] net::Time invited_at(const JoinedRoom& room, net::Time otherwise) const;
  void tell_encrypted(Batch& batch, const storage::RoomRow& room) const;
  void tell_missed(Batch& batch, const storage::RoomRow& room, const std::vector<In>& missed) const;
  std::optional<In> message_of(const storage::RoomRow& room, const Event& event);
  std::optional<In> command_of(const storage::RoomRow& room, const Event& event, const Text& text) const;
  std::optional<In> press_of(const storage::RoomRow& room, const Event& event, const Reaction& press);

  storage::Storage& storage_;
  Rooms& rooms_;
  const Options& options_;
  Self self_;
};

}  // namespace bot::matrix
