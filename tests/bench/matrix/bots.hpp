#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/matrix/room.hpp"
#include "tests/faults/child.hpp"

namespace bench {

/// Where a bot works.
struct Place {
  std::string homeserver;
  Account account;
  std::string room;
  std::string directory;  ///< its own, to keep what it will
};

/// A program that answers `!devbox status`.
struct Bot {
  std::string name;
  std::function<faults::Child::Start(const Place&)> start;
};

/// The simulators that devboxd's configuration names; nothing is asked of them but what a start asks.
struct Cloud {
  std::string hetzner;
  std::string tailnet;
};
Bot devboxd(const std::string& name, const std::string& program, const Cloud& cloud);

/// The floor and, where `installed` has them, the libraries' bots (./run installs them); they answer `text`.
std::vector<Bot> others(const std::string& installed, const std::string& text);

}  // namespace bench
