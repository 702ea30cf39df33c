#pragma once
#include <functional>
#include <string>

#include "bot/chat.hpp"
#include "bot/matrix/api.hpp"
#include "bot/matrix/listener.hpp"
#include "bot/matrix/rooms.hpp"
#include "bot/matrix/signs.hpp"

namespace bot::matrix {

/// The Matrix backend: one account in the rooms it was given. The key of a message is its transaction id, so
/// that the homeserver itself makes a repeated one exactly one (24 h, by device).
class Matrix final : public Chat {
 public:
  Matrix(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
         Options options);

  [[nodiscard]] std::string name() const override { return chat_name; }
  net::awaitable<void> listen(Receive receive) override;
  net::awaitable<void> seen(In message) override;
  net::awaitable<SendResult> send(Out message) override;
  [[nodiscard]] Health health() const override { return listener_.health(); }
  /// Of all requests to the homeserver.
  [[nodiscard]] const net::Tally& tally() const { return homeserver_.tally(); }
  /// Called when the homeserver answers again: what waits to be sent need not wait longer.
  void on_recovery(std::function<void()> then) { listener_.on_recovery = std::move(then); }

 private:
  /// An edit takes the place of the whole message: what it said stays, and the news stands below.
  void be_edit(Out& news) const;
  net::awaitable<SendResult> attempt(const Out& message);
  net::awaitable<std::string> deliver(const Out& message);
  net::awaitable<std::string> picture(const Out& message);
  net::awaitable<void> seed(std::string room, std::string event, const Out& message);

  net::Clock& clock_;
  storage::Storage& storage_;
  const Options options_;
  Homeserver homeserver_;
  Session session_;
  Api api_;
  Rooms rooms_;
  Signs signs_;
  Listener listener_;
  /// The homeserver counts all that one user sends: until then it takes nothing from us in any room.
  net::Time limited_until_{};
};

}  // namespace bot::matrix
