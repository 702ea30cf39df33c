#include "bot/matrix/signs.hpp"

#include <spdlog/spdlog.h>

#include "net/error.hpp"
#include "net/spawn.hpp"

namespace bot::matrix {
namespace {

/// Then it ends by itself: whatever takes longer has a progress message.
constexpr net::Duration typing_lasts = std::chrono::seconds(20);

}  // namespace

Signs::Signs(net::Executor executor, net::Clock& clock, Api& api, const Options& options)
    : executor_(executor), clock_(clock), api_(api), options_(options) {}

void Signs::seen(const std::string& room, const std::string& event) {
  const auto [waiting, is_new] = waiting_.try_emplace(room);
  waiting->second.event = event;
  if (!is_new) return;
  waiting->second.number = ++numbers_;
  net::spawn(executor_, "sign in " + room, show(room, numbers_));
}

void Signs::answered(const std::string& room) {
  const auto waiting = waiting_.find(room);
  if (waiting == waiting_.end()) return;
  if (waiting->second.is_typing) {
    net::spawn(executor_, "typing in " + room, type(room, false));
    waiting_.erase(waiting);
  } else {
    waiting->second.event.clear();
  }
}

Signs::Waiting* Signs::find(const std::string& room, std::uint64_t number) {
  const auto waiting = waiting_.find(room);
  return waiting == waiting_.end() || waiting->second.number != number ? nullptr : &waiting->second;
}

net::awaitable<void> Signs::show(std::string room, std::uint64_t number) {
  co_await clock_.sleep_for(options_.sign);
  auto* waiting = find(room, number);
  if (!waiting) co_return;
  const auto event = waiting->event;
  if (event.empty()) {
    waiting_.erase(room);
    co_return;
  }
  waiting->is_typing = true;
  const Call receipt{"POST", room_target(room, "receipt/m.read/" + escaped(event)), "{}"};
  co_await ask(receipt);
  if (!find(room, number)) co_return;
  co_await type(room, true);
  if (!find(room, number)) {
    // Answered meanwhile, and the end of typing may have been there first.
    co_await type(room, false);
    co_return;
  }
  co_await clock_.sleep_for(typing_lasts);
  if (find(room, number)) waiting_.erase(room);
}

net::awaitable<void> Signs::type(std::string room, bool typing) {
  nlohmann::json body = {{"typing", typing}};
  if (typing) body["timeout"] = typing_lasts.count();
  const Call call{"PUT", room_target(room, "typing/" + escaped(options_.user)), body.dump()};
  co_await ask(call);
}

/// A sign is not worth a second attempt.
net::awaitable<void> Signs::ask(Call call) {
  try {
    co_await api_.request(call, options_.request);
  } catch (const Refusal& error) {
    spdlog::debug("matrix: {}", error.what());
  } catch (const net::Error& error) {
    spdlog::debug("matrix: {}", error.what());
  }
}

}  // namespace bot::matrix
