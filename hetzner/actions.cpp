#include "hetzner/actions.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <span>

#include "hetzner/reading.hpp"
#include "net/signal.hpp"
#include "net/spawn.hpp"

namespace hetzner {

net::Duration PollPace::next() {
  const auto now = next_;
  next_ = std::min(now + now / 2, 5 * first_);
  return now;
}

/// Coroutines hold the state: when the io_context is destroyed they may go after the Actions.
struct Actions::State {
  State(net::Executor executor_, Api& api_, net::Clock& clock_, PollOptions options_)
      : executor(executor_),
        api(api_),
        clock(clock_),
        options(options_),
        pace(options_.first),
        changed(executor_),
        hurried(executor_) {}

  struct Watched {
    int waiters = 0;
    bool done = false;
    std::exception_ptr failure;
  };
  class Watch;

  static net::awaitable<void> wait(std::shared_ptr<State> state, std::vector<ActionId> ids);
  static net::awaitable<void> poll(std::shared_ptr<State> state);
  net::awaitable<void> until_due();
  net::awaitable<void> ask(std::vector<ActionId> ids);
  void hurry();
  [[nodiscard]] bool all_done(const std::vector<ActionId>& ids) const;
  [[nodiscard]] std::vector<ActionId> running() const;
  void note(const std::vector<Action>& answered, std::span<const ActionId> asked);
  void note(const Action& action);
  void fail(ActionId id, std::exception_ptr why);

  net::Executor executor;
  Api& api;
  net::Clock& clock;
  PollOptions options;
  PollPace pace;
  net::Time due{};
  net::Signal changed;  ///< to waiters: something has ended
  net::Signal hurried;  ///< to the poll: it is due earlier
  std::map<ActionId, Watched> watched;
  bool polling = false;
};

/// One waiter's share in the watched ids, given back however its waiting ends.
class Actions::State::Watch {
 public:
  Watch(State& state, const std::vector<ActionId>& ids) : state_(state), ids_(ids) {
    for (const auto id : ids_) {
      auto& one = state_.watched[id];
      ++one.waiters;
      one.failure = nullptr;  // of an earlier poll: who asks again wants a new answer
    }
  }
  ~Watch() {
    for (const auto id : ids_) {
      const auto one = state_.watched.find(id);
      if (--one->second.waiters == 0) state_.watched.erase(one);
    }
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  State& state_;
  const std::vector<ActionId>& ids_;
};

net::awaitable<void> Actions::State::wait(std::shared_ptr<State> state, std::vector<ActionId> ids) {
  const Watch watch(*state, ids);
  if (!state->all_done(ids)) state->hurry();
  if (!state->polling && !state->all_done(ids)) {
    state->polling = true;
    net::spawn(state->executor, "hetzner actions", poll(state));
  }
  while (!state->all_done(ids)) co_await state->changed.wait();
}

bool Actions::State::all_done(const std::vector<ActionId>& ids) const {
  bool done = true;
  for (const auto id : ids) {
    const auto& one = watched.at(id);
    if (one.failure) std::rethrow_exception(one.failure);
    done = done && one.done;
  }
  return done;
}

void Actions::State::hurry() {
  pace.reset();
  const auto soon = clock.now() + pace.next();
  due = polling ? std::min(due, soon) : soon;
  hurried.notify();
}

std::vector<ActionId> Actions::State::running() const {
  std::vector<ActionId> ids;
  for (const auto& [id, one] : watched)
    if (!one.done && !one.failure) ids.push_back(id);
  return ids;
}

net::awaitable<void> Actions::State::until_due() {
  while (clock.now() < due) {
    const auto until = due;
    co_await hurried.wait_until(clock, until);
  }
}

net::awaitable<void> Actions::State::poll(std::shared_ptr<State> state) {
  for (;;) {
    co_await state->until_due();
    const auto ids = state->running();
    if (ids.empty()) break;
    std::exception_ptr failure;
    try {
      co_await state->ask(ids);
    } catch (const std::exception&) {
      failure = std::current_exception();
    }
    if (failure)
      for (const auto id : ids) state->fail(id, failure);
    state->changed.notify();
    state->due = state->clock.now() + state->pace.next();
  }
  state->polling = false;
}

net::awaitable<void> Actions::State::ask(std::vector<ActionId> ids) {
  const auto batch = static_cast<std::size_t>(options.ids_per_call);
  for (std::size_t from = 0; from < ids.size(); from += batch) {
    const auto asked = std::span<const ActionId>(ids).subspan(from, std::min(batch, ids.size() - from));
    net::Query query;
    for (const auto id : asked) query.emplace_back("id", std::to_string(id.value));
    const auto answer = co_await api.get("/actions", query);
    note(reading::list<Action>(answer, "actions"), asked);
  }
}

void Actions::State::note(const std::vector<Action>& answered, std::span<const ActionId> asked) {
  for (const auto& action : answered) note(action);
  for (const auto id : asked) {
    const bool known =
        std::any_of(answered.begin(), answered.end(), [&](const Action& one) { return one.id == id; });
    if (known) continue;
    const ActionFailed unknown(std::to_string(id.value), "unknown_action", "the API does not know it");
    fail(id, std::make_exception_ptr(unknown));
  }
}

void Actions::State::note(const Action& action) {
  if (action.is_running()) return;
  if (action.status != "success") {
    fail(action.id,
         std::make_exception_ptr(ActionFailed(action.command, action.error_code, action.error_message)));
    return;
  }
  const auto one = watched.find(action.id);
  if (one != watched.end()) one->second.done = true;
}

/// The first reason stays; an id that nobody waits for any more is not watched.
void Actions::State::fail(ActionId id, std::exception_ptr why) {
  const auto one = watched.find(id);
  if (one == watched.end() || one->second.done || one->second.failure) return;
  one->second.failure = std::move(why);
}

Actions::Actions(net::Executor executor, Api& api, net::Clock& clock, PollOptions options)
    : state_(std::make_shared<State>(executor, api, clock, options)) {}
Actions::~Actions() = default;
net::awaitable<void> Actions::until_done(std::vector<ActionId> ids) {
  return State::wait(state_, std::move(ids));
}
const PollOptions& Actions::options() const { return state_->options; }

}  // namespace hetzner
