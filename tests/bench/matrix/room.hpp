#pragma once
#include <string>

#include "tests/faults/service.hpp"

namespace bench {

/// A session on the homeserver, by password.
struct Account {
  std::string user;  ///< "@alice:devbox.test"
  std::string device;
  std::string token;
};
Account log_in(const std::string& homeserver, const std::string& name, const std::string& password);

/// A new room of a person's with a bot in it; the person's side of it.
class Room {
 public:
  Room(const std::string& homeserver, const Account& person, const Account& bot);

  [[nodiscard]] const std::string& id() const { return id_; }
  void say(const std::string& text);
  struct Answers {
    int count = 0;
    std::string first;
  };
  /// All that the bot has said here.
  Answers answers();

 private:
  faults::Service service_;
  const std::string bot_;
  std::string id_;
  int said_ = 0;
};

}  // namespace bench
