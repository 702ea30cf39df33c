#pragma once
#include <string>

#include "bot/chat.hpp"

namespace bot::test {

/// A chat that says of itself what the test wants, and answers a message with `result`.
class UnwellChat final : public Chat {
 public:
  explicit UnwellChat(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  net::awaitable<void> listen(Receive) override { co_return; }
  net::awaitable<void> seen(In) override { co_return; }
  net::awaitable<SendResult> send(Out) override { co_return result; }
  [[nodiscard]] Health health() const override { return said; }

  Health said;
  SendResult result = Sent{"1"};

 private:
  std::string name_;
};

}  // namespace bot::test
