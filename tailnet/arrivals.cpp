#include "tailnet/arrivals.hpp"

#include <algorithm>
#include <exception>
#include <list>
#include <optional>

#include "net/signal.hpp"
#include "net/spawn.hpp"

namespace tailnet {
namespace {

struct Waiter {
  std::string hostname;
  GivenKey key;
  std::optional<Node> found;
  std::exception_ptr failure;

  [[nodiscard]] bool is_settled() const { return found || failure; }
  [[nodiscard]] bool is_it(const Device& device) const;
  void look_for_it(const std::vector<Device>& devices);
};

/// By the key where the API tells it; else by the name, and no older than the key.
bool Waiter::is_it(const Device& device) const {
  if (!device.key_id.empty() && !key.id.empty()) return device.key_id == key.id;
  const auto& tags = device.tags;
  if (!key.tag.empty() && std::find(tags.begin(), tags.end(), key.tag) == tags.end()) return false;
  return device.hostname == hostname && device.created >= key.created;
}

void Waiter::look_for_it(const std::vector<Device>& devices) {
  const Device* newest = nullptr;
  for (const auto& device : devices) {
    if (!device.online || !is_it(device)) continue;
    if (!newest || device.created > newest->created) newest = &device;
  }
  if (newest) found = Node{newest->id, newest->name};
}

}  // namespace

/// Shared with the coroutines: when the program ends they may be destroyed after the Tailnet.
struct Arrivals::State {
  State(net::Executor executor_, net::Clock& clock_, net::Random& random_, net::Duration poll_, Look look_)
      : executor(executor_),
        clock(clock_),
        random(random_),
        interval(poll_),
        look(std::move(look_)),
        changed(executor_),
        woken(executor_) {}

  [[nodiscard]] bool is_awaited() const {
    return std::any_of(waiters.begin(), waiters.end(), [](const Waiter* one) { return !one->is_settled(); });
  }
  static net::awaitable<Node> wait(std::shared_ptr<State> state, std::string hostname, GivenKey key);
  static net::awaitable<void> poll(std::shared_ptr<State> state);
  net::awaitable<void> look_once();
  void start_polling(const std::shared_ptr<State>& self);
  [[nodiscard]] net::Duration pause();

  struct Waiting;
  struct Polling;
  net::Executor executor;
  net::Clock& clock;
  net::Random& random;
  net::Duration interval;
  Look look;
  net::Signal changed;  ///< a look has ended
  net::Signal woken;    ///< poked, or the last waiter has gone
  std::list<Waiter*> waiters;
  bool is_polling = false;
  bool is_poked = false;
};

struct Arrivals::State::Waiting {
  std::shared_ptr<State> state;
  Waiter& waiter;
  Waiting(std::shared_ptr<State> where, Waiter& who) : state(std::move(where)), waiter(who) {
    state->waiters.push_back(&waiter);
  }
  ~Waiting() {
    state->waiters.remove(&waiter);
    if (!state->is_awaited()) state->woken.notify();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
};

struct Arrivals::State::Polling {
  State& state;
  explicit Polling(State& which) : state(which) {}
  ~Polling() { state.is_polling = false; }
  Polling(const Polling&) = delete;
  Polling& operator=(const Polling&) = delete;
};

net::awaitable<Node> Arrivals::State::wait(std::shared_ptr<State> state, std::string hostname, GivenKey key) {
  Waiter waiter;
  // The API's times may be whole seconds on one side only.
  key.created = std::chrono::floor<std::chrono::seconds>(key.created);
  waiter.hostname = std::move(hostname);
  waiter.key = std::move(key);
  const Waiting waiting(state, waiter);
  state->start_polling(state);
  while (!waiter.is_settled()) co_await state->changed.wait();
  if (waiter.failure) std::rethrow_exception(waiter.failure);
  co_return *waiter.found;
}

void Arrivals::State::start_polling(const std::shared_ptr<State>& self) {
  if (is_polling) return;
  is_polling = true;
  net::spawn(executor, "tailnet poller", poll(self));
}

net::awaitable<void> Arrivals::State::poll(std::shared_ptr<State> state) {
  const Polling polling(*state);
  while (state->is_awaited()) {
    state->is_poked = false;
    co_await state->look_once();
    if (state->is_poked || !state->is_awaited()) continue;
    const auto until = state->clock.now() + state->pause();
    co_await state->woken.wait_until(state->clock, until);
  }
}

/// A failure goes to those who wait now: the poller itself must not end the process.
net::awaitable<void> Arrivals::State::look_once() {
  std::exception_ptr failure;
  std::vector<Device> devices;
  try {
    auto seen = co_await look();
    devices = std::move(seen);
  } catch (const std::exception&) {
    failure = std::current_exception();
  }
  for (auto* waiter : waiters) {
    waiter->failure = failure;
    waiter->look_for_it(devices);
  }
  changed.notify();
}

net::Duration Arrivals::State::pause() {
  return interval + net::Duration(random.below(static_cast<std::uint64_t>(interval.count()) * 2 / 3 + 1));
}

Arrivals::Arrivals(net::Executor executor, net::Clock& clock, net::Random& random, net::Duration poll,
                   Look look)
    : state_(std::make_shared<State>(std::move(executor), clock, random, poll, std::move(look))) {}

net::awaitable<Node> Arrivals::until_online(std::string hostname, GivenKey key) {
  return State::wait(state_, std::move(hostname), std::move(key));
}

void Arrivals::poke() {
  state_->is_poked = true;
  state_->woken.notify();
}

}  // namespace tailnet
