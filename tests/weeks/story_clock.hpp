#pragma once
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>

#include "net/clock.hpp"

namespace weeks {

/// Time that stands still until somebody lets it jump. Whoever sleeps on it wakes when it has jumped to where
/// they wanted to sleep until, those of the same instant in the order in which they went to sleep.
class StoryClock final : public net::Clock {
 public:
  explicit StoryClock(net::Time begin) : now_(begin) {}
  [[nodiscard]] net::Time now() const override { return now_; }
  net::awaitable<void> sleep_until(net::Time when) override;

  /// When the first of those who sleep is to wake.
  [[nodiscard]] std::optional<net::Time> next() const;
  /// Never back.
  void jump(net::Time to);

 private:
  using Sleepers = std::multimap<net::Time, boost::asio::steady_timer*>;

  net::Time now_;
  Sleepers sleepers_;
};

}  // namespace weeks
