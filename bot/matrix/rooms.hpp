#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/matrix/event.hpp"
#include "bot/matrix/options.hpp"
#include "storage/rooms.hpp"

namespace bot::matrix {

constexpr const char* chat_name = "matrix";

/// The rooms we know, each with its row in the database, and which of them are ours: those of the
/// configuration, those that an inviter took us into, and what replaced one of them.
class Rooms {
 public:
  Rooms(storage::Rooms& rows, const Options& options);

  [[nodiscard]] const storage::RoomRow* find(const std::string& id) const;
  [[nodiscard]] const storage::RoomRow* find_alias(const std::string& alias) const;
  [[nodiscard]] std::vector<storage::RoomRow> in_state(const std::string& state) const;
  [[nodiscard]] bool is_ours(const storage::RoomRow& room) const;
  /// Us and one other.
  [[nodiscard]] static bool is_direct(const storage::RoomRow& room);
  /// Where to say what is for `id`: the room that replaced it, once we are in there.
  [[nodiscard]] std::string current(const std::string& id) const;
  /// It was replaced, and we are not in the other one yet.
  [[nodiscard]] bool is_moving(const std::string& id) const;
  /// The room of ours that `id` replaces; nullptr when it replaces none.
  [[nodiscard]] const storage::RoomRow* predecessor(const std::string& id) const;
  /// By a name of the configuration.
  [[nodiscard]] bool is_configured(const storage::RoomRow& room) const;

  /// A room we are in, and what was said in it about itself.
  void joined(const JoinedRoom& room, net::Time now);
  void invited(const Invitation& invitation, net::Time now);
  void left(const std::string& id);
  /// m.direct of the account: what is not known otherwise after a lost database.
  void told_direct(const std::map<std::string, std::string>& partners);
  /// A room of the configuration that we should be in.
  void wanted(const std::string& id, const std::string& alias, net::Time now);
  /// A room that never was ours, and is left.
  void forget(const std::string& id);
  void set_state(const std::string& id, const std::string& state);
  /// It is no successor after all.
  void disown(const std::string& id);

 private:
  [[nodiscard]] bool is_inviter(const std::string& user) const;
  storage::RoomRow row_of(const std::string& id, const std::string& state, net::Time now) const;
  void keep(const storage::RoomRow& row);
  void expect(const storage::RoomRow& room, net::Time now);

  storage::Rooms& rows_;
  const Options& options_;
  std::map<std::string, storage::RoomRow> known_;
};

}  // namespace bot::matrix
