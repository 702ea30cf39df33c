#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string certificate_file;  ///< PEM chain; with private_key_file: HTTPS
  std::string private_key_file;
};

/// A Matrix homeserver over real HTTP or HTTPS, which behaves as Synapse does where a bot could tell. The
/// contents outlive it: another Simulator over the same ones is a homeserver that was started again.
/// Under /_sim/, beside the requests and faults of net::Faults: POST users
/// {name,password,display_name,admin}, POST clock {advance_s}, POST expire_tokens {user} (softly), POST
/// logout {user} (for good), POST forget_filters, POST duplicate {on} (every event comes in two syncs), POST
/// inject {room, event | text} (as it is, however wrong), PUT limits
/// {message_rate,message_burst,login_rate,login_burst,token_lifetime_s}, POST down {for_s} (connections are
/// cut and refused for so long).
class Simulator {
 public:
  Simulator(net::Executor executor, net::Clock& clock, Contents& contents, Options options = {});
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:8008"
  Homeserver& home();

  /// Connections are cut and refused until `start`, which listens on the same port; what a homeserver keeps
  /// in memory only is gone then.
  void stop();
  void start();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace matrix::simulator
