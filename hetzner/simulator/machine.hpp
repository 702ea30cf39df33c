#pragma once
#include <memory>
#include <optional>
#include <string>

#include "hetzner/simulator/workspace.hpp"
#include "net/client.hpp"

namespace hetzner::simulator {

/// One life of a virtual workspace, from power-on (or from what it had reached) until it is cancelled or
/// its key is refused. Held by its own task; the server is looked up anew at each step.
class VirtualMachine {
 public:
  VirtualMachine(std::shared_ptr<World> world, std::string project, Id server, Instructions told);
  static net::awaitable<void> live(std::shared_ptr<VirtualMachine> self);

 private:
  [[nodiscard]] Server* find() const;
  [[nodiscard]] std::string behaviour() const;
  [[nodiscard]] bool is_mute() const;
  net::awaitable<void> pause(double seconds);
  net::awaitable<void> retry_pause(double seconds);

  net::awaitable<void> join();
  net::awaitable<void> ask_to_join();
  net::awaitable<void> say_online();
  net::awaitable<void> take_volume();
  net::awaitable<void> serve();
  net::awaitable<void> carry_out(nlohmann::json order);

  /// Until the bot has answered; what it wants done.
  net::awaitable<nlohmann::json> report(std::string stage, std::string state, int wait_s);
  [[nodiscard]] nlohmann::json signals(const Server& server) const;
  [[nodiscard]] nlohmann::json composed(const std::string& stage, const std::string& state) const;
  /// nullopt when there was no answer.
  net::awaitable<std::optional<net::HttpResponse>> post(net::Client& client, std::string target,
                                                        std::string body, net::Duration timeout);
  void reach(const std::string& phase);
  void told(const nlohmann::json& sent);

  std::shared_ptr<World> world_;
  std::string project_;
  Id server_;
  Instructions told_;
  net::Client tailnet_, bot_;
};

}  // namespace hetzner::simulator
