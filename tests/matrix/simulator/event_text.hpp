#pragma once
#include <string>

#include "tests/matrix/simulator/contents.hpp"

namespace matrix::simulator {

constexpr std::size_t largest_event = 65'536;
/// What hashes, signatures and auth events add to what clients see, about.
constexpr std::size_t signed_size = 400;

/// A JSON string, quoted; what is no UTF-8 is replaced.
std::string json_text(const std::string& text);
std::string dumped(const nlohmann::json& value);

/// {"content":…,…,"type":… without the closing brace: what does not change from one reader to the next.
std::string text_of(const Event& event);
/// The event it relates to, "" = none.
std::string related_event(const nlohmann::json& content);
/// "m.replace", …; "" = none.
std::string relation_of(const nlohmann::json& content);

/// For whom and when an event is written down.
struct Reader {
  std::int64_t now = 0;
  std::string device;          ///< "user/device": its own transaction ids are told
  std::string user;            ///< whose membership at that time is told; "" = nobody's
  bool with_room = false;      ///< outside /sync: the room's id, and what Synapse repeats beside unsigned
  const Room* room = nullptr;  ///< where to look up the two
  bool with_edits = true;      ///< the latest edit goes with each event
};
/// Appends the event's JSON.
void write(std::string& out, const Event& event, const Reader& reader);
/// The event as invites and rooms not yet joined show it: no id, no time.
void write_stripped(std::string& out, const Event& event);

}  // namespace matrix::simulator
