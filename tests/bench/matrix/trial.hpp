#pragma once
#include <string>
#include <vector>

#include "tests/bench/matrix/bots.hpp"
#include "tests/bench/matrix/tap.hpp"

namespace bench {

/// One run of one bot.
struct Figures {
  double first_sync = 0;    ///< s from the start to having handled its first sync
  double first_answer = 0;  ///< s from the start to its answer to a command that waited
  double idle_pss = 0, idle_rss = 0, late_pss = 0;  ///< MB; late: after all commands
  double cpu = 0;                                   ///< s for 100 commands
  std::vector<double> turnarounds;                  ///< ms
  int commands = 0;
  int answers = 0;
  std::string text;  ///< of the first answer
};

struct Course {
  int commands = 300;
  Seconds idle{10};
  Seconds between{0.02};  ///< from an answer to the next command
};

/// Starts the bot in an empty room, kills it, says a command, starts it again and measures from there.
Figures trial(const Bot& bot, const std::string& homeserver, const Account& person, const Account& account,
              const Course& course);

}  // namespace bench
