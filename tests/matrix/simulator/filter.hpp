#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/matrix/simulator/contents.hpp"

namespace matrix::simulator {

/// One part of a filter: which events of a room, an account or a page are wanted.
/// https://spec.matrix.org/latest/client-server-api/#filtering
struct EventFilter {
  std::size_t limit = 10;
  std::optional<std::vector<std::string>> types;
  std::vector<std::string> not_types;
  std::optional<std::vector<std::string>> senders;
  std::vector<std::string> not_senders;
  std::optional<std::vector<std::string>> rooms;
  std::vector<std::string> not_rooms;
  bool lazy_load_members = false;

  [[nodiscard]] bool wants(const Event& event) const;
  [[nodiscard]] bool wants(const std::string& type, const std::string& sender = "") const;
  [[nodiscard]] bool wants_room(const std::string& room) const;
};
EventFilter event_filter(const nlohmann::json& filter);

struct SyncFilter {
  EventFilter account_data;
  EventFilter room;  ///< its rooms and not_rooms
  EventFilter timeline;
  EventFilter state;
  EventFilter ephemeral;
  bool include_leave = false;
};
SyncFilter sync_filter(const nlohmann::json& filter);

}  // namespace matrix::simulator
