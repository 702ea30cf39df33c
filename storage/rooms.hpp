#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

struct RoomRow {
  std::string chat;
  std::string id;
  std::string alias;             ///< the configured name that stood for it when it was first seen; "" = none
  std::string state = "joined";  ///< invited | awaited (its invitation is) | unwelcome | joined | left
  bool admitted = false;  ///< by an inviter, or because it follows a room of ours; not by configuration
  std::string partner;    ///< the one other person of a direct room; "" = not direct
  int members = 0;        ///< joined and invited; 0 = not known
  bool encrypted = false;
  std::string successor;  ///< the room that replaced it; "" = none
  Time since;             ///< when we first knew of it: what was said before is not for us
  bool operator==(const RoomRow&) const = default;
};

/// The rooms of a chat whose server does not tell everything again at each start.
class Rooms {
 public:
  explicit Rooms(Database& database) : database_(database) {}
  std::optional<RoomRow> find(const std::string& chat, const std::string& id);
  std::vector<RoomRow> all(const std::string& chat);
  void put(const RoomRow& row);
  void remove(const std::string& chat, const std::string& id);

  /// Where the picture of the message `key` is in its chat; "" = not there yet.
  std::string upload(const std::string& key);
  void uploaded(const std::string& key, const std::string& uri);

 private:
  Database& database_;
};

}  // namespace storage
