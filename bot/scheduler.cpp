#include "bot/scheduler.hpp"

#include "commands/due.hpp"
#include "commands/unasked.hpp"

namespace bot {

net::awaitable<void> Scheduler::run() {
  for (;;) {
    begin_due();
    const auto next = world_.storage.deadlines.next();
    if (next) {
      co_await world_.changed.wait_until(world_.clock, *next);
    } else {
      co_await world_.changed.wait();
    }
  }
}

void Scheduler::begin_due() {
  for (const auto& deadline : world_.storage.deadlines.due(world_.clock.now())) begin(deadline);
}

void Scheduler::begin(const storage::DeadlineRow& deadline) {
  std::string begun;
  world_.storage.database.write(storage::Commit::full, [&] {
    begun.clear();
    const auto operation = commands::begin_due(world_, deadline);
    world_.storage.deadlines.remove(deadline.workspace, deadline.kind);
    if (operation && commands::add_unasked(world_, *operation, deadline.by, "begun by its deadline"))
      begun = operation->id;
  });
  if (!begun.empty()) runner_.start(begun);
}

}  // namespace bot
