#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "net/clock.hpp"

namespace bot::slack {

/// Slack takes a message a second and channel, a few of them at once, and says when it wants none.
class Limits {
 public:
  Limits(net::Clock& clock, net::Duration between) : clock_(clock), between_(between) {}

  /// nullopt: now, and it is counted.
  std::optional<net::Time> find_wait(const std::string& channel) {
    const auto now = clock_.now();
    auto& room = rooms_[channel];
    if (now < room.not_before) return room.not_before;
    room.full = std::max(room.full, now);
    const auto earliest = room.full - burst * between_;
    if (now < earliest) return earliest;
    room.full += between_;
    return std::nullopt;
  }
  /// Slack wants nothing there before; what is already there may be changed for all that.
  [[nodiscard]] std::optional<net::Time> find_rest(const std::string& channel) const {
    const auto room = rooms_.find(channel);
    if (room == rooms_.end() || clock_.now() >= room->second.not_before) return std::nullopt;
    return room->second.not_before;
  }
  void rest(const std::string& channel, net::Time until) { rooms_[channel].not_before = until; }

 private:
  static constexpr int burst = 4;
  struct Room {
    net::Time full{};        ///< when all that was sent has been worked off
    net::Time not_before{};  ///< Slack said so
  };
  net::Clock& clock_;
  net::Duration between_;
  std::map<std::string, Room> rooms_;
};

}  // namespace bot::slack
