#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "tests/slack/simulator/workspace.hpp"

namespace slack::simulator {

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string certificate_file;  ///< PEM chain; with private_key_file: https and wss
  std::string private_key_file;
};

/// One workspace of Slack over real HTTP and WebSockets: what an app in Socket Mode uses of it, as recorded
/// and documented. The Team outlives it. Under /_sim/, beside the requests and faults of net::Faults (paths
/// /api/…, /hooks/…, /link/): POST say {user,channel,text,more}, POST command {user,channel,text}, POST press
/// {user,channel,ts,button}, POST deliver {type,payload,event_id}, POST redeliver {event_id}, POST links
/// {do: warning|refresh_requested|link_disabled|too_many_websockets|close|reset|silence|raw}, POST set
/// {socket_state,retry_after,ghosts,scopes,channel:{id,with_bot}}, GET team.
class Simulator {
 public:
  Simulator(net::Executor executor, net::Clock& clock, Team& team, Options options = {});
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:1234"
  [[nodiscard]] std::string api_url() const { return url() + "/api"; }
  Workspace& workspace();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace slack::simulator
