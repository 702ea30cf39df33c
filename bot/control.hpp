#pragma once
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "bot/chat.hpp"

namespace bot {

/// The control socket (DESIGN, Files): a unix socket of mode 0600 that speaks JSON lines, and a chat whose
/// peers may speak as anyone. Every message goes to every peer that takes its room, and again to whoever
/// connects, and every two seconds, until one peer acknowledged it; a peer shows a key once.
class Control final : public Chat {
 public:
  /// Answers {"do":"check|backup|status", …}; what it throws is answered as {"error"}.
  using Answer = std::function<net::awaitable<nlohmann::json>(nlohmann::json request)>;

  /// Listens at once; throws net::Error when the path is too long or a living process holds it.
  Control(net::Executor executor, net::Clock& clock, const std::string& path, Answer answer = {});
  ~Control() override;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  [[nodiscard]] std::string name() const override { return "control"; }
  net::awaitable<void> listen(Receive receive) override;
  net::awaitable<void> seen(In message) override;
  /// Waits until a peer acknowledged.
  net::awaitable<SendResult> send(Out message) override;

 private:
  struct Peer;
  struct Pending;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bot
