#pragma once
#include <optional>
#include <string>

#include "tests/bench/footprint.hpp"
#include "tests/bench/front.hpp"
#include "tests/bench/terminal.hpp"
#include "tests/faults/service.hpp"

namespace bench {

constexpr auto prompt = "devbox> ";

/// What was asked, besides polls and what is read once a day.
struct Requests {
  int hetzner = 0;
  int looks = 0;  ///< at one server; `down` polls it until it is off
  int tailnet = 0;
};

/// Where a simulator that was just started listens.
std::string url_shown_by(Terminal& simulator);

/// The bot as it is used in earnest, `devboxd --config` on a terminal, between both simulators as processes
/// of their own, with TLS between them. Machines take milliseconds to boot.
class Scene {
 public:
  explicit Scene(std::string bot);

  /// Starts it (again); returns how long it took to show its prompt.
  std::chrono::duration<double, std::milli> start();
  /// Types a line of the terminal chat and waits for what is said then.
  void say(const std::string& line, const std::string& answer);
  [[nodiscard]] std::map<std::string, Footprint> memory() const {
    return mappings_of(bot_->pid(), {hetzner_process_.pid(), tailnet_process_.pid()});
  }
  [[nodiscard]] std::string control_socket() const { return directory_.file("control"); }
  /// So far.
  Requests requests();

 private:
  void write_config(const std::string& hetzner, const std::string& tailnet, const std::string& login) const;

  TempDir directory_;
  Terminal hetzner_process_;
  Terminal tailnet_process_;
  std::optional<faults::Service> hetzner_;
  std::optional<faults::Service> tailnet_;
  Front front_;
  std::string bot_program_;
  std::optional<Terminal> bot_;
};

}  // namespace bench
