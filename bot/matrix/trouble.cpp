#include "bot/matrix/trouble.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace bot::matrix {
namespace {

constexpr std::chrono::minutes early(1);
constexpr std::chrono::seconds longest_early(2);
constexpr std::chrono::seconds longest_late(30);

}  // namespace

Trouble::Trouble(net::Clock& clock, net::Random& random, net::Duration first)
    : clock_(clock), early_(random, first, longest_early), late_(random, longest_early, longest_late) {}

net::Duration Trouble::pause(const std::string& why, std::optional<net::Duration> asked) {
  const auto now = clock_.now();
  if (!since_) {
    spdlog::warn("matrix: {}; trying again until it goes well", why);
    since_ = now;
  }
  const auto pause = now - *since_ < early ? early_.next() : late_.next();
  return std::max(pause, asked.value_or(net::Duration::zero()));
}

bool Trouble::over() {
  if (!since_) return false;
  const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - *since_);
  spdlog::warn("matrix: it goes well again, after {} s", lasted.count());
  since_.reset();
  early_.reset();
  late_.reset();
  return true;
}

}  // namespace bot::matrix
