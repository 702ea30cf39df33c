#pragma once
#include <string>

#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

/// Somebody in a room, who talks and reads there without a client of their own. The account is made if need
/// be, and joins if it may.
class Person {
 public:
  Person(Homeserver& home, const std::string& name, std::string room);

  std::string say(const std::string& text) { return home_.say(id_, room_, text); }
  std::string react(const std::string& event, const std::string& key) {
    return home_.react(id_, room_, event, key);
  }
  std::string edit(const std::string& event, const std::string& text) {
    return home_.edit(id_, room_, event, text);
  }
  std::string redact(const std::string& event) { return home_.redact(id_, room_, event); }

  /// What others wrote, a line each: "text", and "… text" for an edit. What was taken back is gone.
  [[nodiscard]] std::string screen() const;
  /// The newest message of another, and the keys of others' reactions to an event.
  [[nodiscard]] EventPtr find_newest() const;
  [[nodiscard]] std::vector<std::string> reactions_to(const std::string& event) const;
  /// How many of the person's messages `reader`'s clients have acknowledged: their /sync came back with a
  /// token that stands behind them.
  [[nodiscard]] std::size_t acknowledged_by(const std::string& reader) const;

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& room() const { return room_; }

 private:
  Homeserver& home_;
  std::string id_;
  std::string room_;
};

}  // namespace matrix::simulator
