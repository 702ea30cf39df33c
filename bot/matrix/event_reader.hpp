#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/matrix/event.hpp"

namespace bot::matrix {

/// Reads the events of one answer, one by one. Texts are moved out of what it is given.
class EventReader {
 public:
  EventReader(const std::string& self, net::Time now) : self_(self), now_(now) {}

  /// nullopt: of no interest, or malformed, which is then a sentence in `skipped`. `room` = "": the event
  /// names it.
  std::optional<Event> read(nlohmann::json& source, std::string_view room);
  /// All of `list` that matter, in its order; nullptr is an empty list.
  std::vector<Event> read_all(nlohmann::json* list, std::string_view room);
  void skip(std::string_view what, std::string_view room, std::string_view why);

  std::vector<std::string> skipped;

 private:
  const std::string& self_;
  net::Time now_;
};

}  // namespace bot::matrix
