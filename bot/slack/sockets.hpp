#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "bot/chat.hpp"
#include "bot/slack/api.hpp"
#include "net/backoff.hpp"
#include "net/signal.hpp"
#include "net/web_socket.hpp"

namespace bot::slack {

/// Socket Mode's connections: one that is current, and while it is replaced the one before it, which is read
/// and acknowledged until it ends. A new one is dialled as soon as Slack announces that the current one will
/// close, or when it is gone. Each has a URL of its own, asked for before it is dialled.
class Sockets {
 public:
  /// Stores what an envelope brought; when it has ended, Slack may be told. What comes on the same socket
  /// waits.
  using Take = std::function<net::awaitable<void>(const std::string& type, const nlohmann::json& payload)>;
  Sockets(net::Executor executor, net::Clock& clock, net::Random& random, Api& api, const Options& options);

  /// For the life of the process. Throws CredentialsRefused.
  net::awaitable<void> run(Take take);
  /// Whoever found out that a token does not work any more.
  void refuse(const std::string& why);
  /// Says goodbye on every socket, in a second at most.
  net::awaitable<void> leave();

  [[nodiscard]] bool is_open() const { return current_ && !current_->is_over; }
  [[nodiscard]] std::optional<net::Time> lost_since() const { return lost_since_; }
  [[nodiscard]] int own() const;                          ///< sockets that are open
  [[nodiscard]] int counted() const { return counted_; }  ///< what Slack says it counts of ours
  [[nodiscard]] std::uint64_t dialled() const { return generation_; }
  std::function<void()> on_open = [] {};  ///< there is a connection again, after there was none

 private:
  struct Link {
    std::uint64_t generation = 0;
    std::shared_ptr<net::WebSocket> socket;
    net::Time since;
    bool has_said_hello = false;
    bool is_to_go = false;  ///< Slack has announced its end
    bool is_over = false;
  };
  using LinkPtr = std::shared_ptr<Link>;

  net::awaitable<void> replace();
  net::awaitable<void> dial();
  net::awaitable<void> until_hello(LinkPtr link);
  void promote(const LinkPtr& link);
  net::awaitable<void> serve(LinkPtr link);
  net::awaitable<void> retire(LinkPtr link);
  net::awaitable<void> take_frame(LinkPtr link, std::string text);
  void take_hello(Link& link, const nlohmann::json& frame);
  void take_goodbye(Link& link, const std::string& reason);
  net::awaitable<void> take_envelope(LinkPtr link, nlohmann::json frame);
  void rest(const std::string& why, net::Duration time);
  void lost(Link& link);

  net::Executor executor_;
  net::Clock& clock_;
  net::Random& random_;
  Api& api_;
  const Options& options_;
  Take take_;
  net::Backoff backoff_;
  net::Signal changed_;
  LinkPtr current_;
  LinkPtr retiring_;
  std::uint64_t generation_ = 0;
  int counted_ = 0;
  int failures_ = 0;        ///< in a row
  net::Time not_before_{};  ///< of the next dial
  std::optional<net::Time> lost_since_;
  std::string refused_;
  bool is_leaving_ = false;
};

}  // namespace bot::slack
