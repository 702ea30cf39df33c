#include "bot/matrix/listener.hpp"

#include <spdlog/spdlog.h>

#include "bot/matrix/filter.hpp"
#include "net/error.hpp"

namespace bot::matrix {
namespace {

/// On top of what the homeserver may hold a sync: slow ones build large answers.
constexpr net::Duration patience = std::chrono::seconds(15);
/// Of tokens that nothing of interest came with.
constexpr net::Duration between_stores = std::chrono::seconds(10);
/// A question that is under way, perhaps against a limit of the homeserver, is known after so long.
constexpr net::Duration longest_question = std::chrono::seconds(30);
constexpr net::Duration look_again = std::chrono::milliseconds(50);

}  // namespace

Listener::Listener(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
                   Homeserver& homeserver, Session& session, Api& api, Rooms& rooms, const Options& options)
    : clock_(clock),
      random_(random),
      storage_(storage),
      homeserver_(homeserver),
      session_(session),
      api_(api),
      rooms_(rooms),
      options_(options),
      reader_(storage, rooms, options),
      entry_(executor, clock, random, api, rooms, options),
      trouble_(clock, random, options.retry),
      started_(clock.now()),
      last_turn_(started_),
      since_(storage.inbox.cursor(chat_name).value_or("")),
      opened_(executor) {}

net::awaitable<void> Listener::run(Receive receive) {
  for (;;) {
    last_turn_ = clock_.now();
    net::Duration pause{};
    try {
      co_await turn(receive);
      if (trouble_.over()) on_recovery();
    } catch (const Refusal& error) {
      if (!recovers_from(error)) pause = trouble_.pause(error.what(), error.wait);
    } catch (const net::Error& error) {
      pause = trouble_.pause(error.what());
    } catch (const Homeserver::Unsupported& error) {
      pause = trouble_.pause(error.what());
    }
    // A homeserver may ask for an hour of peace: waiting for that is no reason to be started again.
    last_turn_ = clock_.now() + pause;
    if (pause > net::Duration::zero()) co_await clock_.sleep_for(pause);
  }
}

net::awaitable<void> Listener::turn(Receive receive) {
  if (!is_open_) co_await open();
  last_turn_ = clock_.now();
  if (filter_.empty()) filter_ = co_await make_filter();
  const auto body = co_await sync();
  auto news = parse_sync(body, options_.user, clock_.now());
  co_await fill_gaps(news);
  co_await until_questions_are_known(news);
  take(news, receive);
}

/// A question is in the room before we know it under the homeserver's name, and may be answered at once.
net::awaitable<void> Listener::until_questions_are_known(const Sync& sync) {
  const auto until = clock_.now() + longest_question;
  while (clock_.now() < until && reader_.has_early_press(sync)) co_await clock_.sleep_for(look_again);
  last_turn_ = clock_.now();
}

net::awaitable<void> Listener::open() {
  co_await homeserver_.ensure_found(options_.request);
  co_await session_.open();
  co_await learn_display_name();
  is_open_ = true;
  opened_.notify();
}

net::awaitable<void> Listener::until_open() {
  while (!is_open_) co_await opened_.wait();
}

net::awaitable<void> Listener::learn_display_name() {
  const auto target = "/_matrix/client/v3/profile/" + escaped(options_.user) + "/displayname";
  try {
    const auto body = co_await api_.get(target);
    reader_.set_display_name(text_of(object_of(body), "displayname"));
  } catch (const Refusal& error) {
    // An account without a profile has none.
    if (error.is_trouble() || error.is_limit()) throw;
  }
}

net::awaitable<std::string> Listener::make_filter() {
  const auto target = "/_matrix/client/v3/user/" + escaped(options_.user) + "/filter";
  const auto wanted = sync_filter(options_.user).dump();
  const auto body = co_await api_.post(target, wanted);
  co_return text_of(object_of(body), "filter_id");
}

std::string Listener::sync_target() {
  net::Query query = {{"filter", filter_}, {"set_presence", "offline"}};
  // Without a token the answer comes at once whatever the time-out; a homeserver may take it from a cache by
  // all of the query, and an old answer would bring what was handled already as new.
  // After trouble it shall answer at once, too: whether there is news or not, it is there again.
  const bool may_hold = has_caught_up_ && !trouble_.is_on();
  if (since_.empty())
    query.emplace_back("timeout", std::to_string(random_.below(1'000'000'000)));
  else
    query.emplace_back("timeout", std::to_string(may_hold ? options_.long_poll.count() : 0));
  if (!since_.empty()) query.emplace_back("since", since_);
  return "/_matrix/client/v3/sync?" + net::encode_query(query);
}

net::awaitable<std::string> Listener::sync() {
  const Call call{"GET", sync_target()};
  const auto timeout = options_.long_poll + patience;
  co_return co_await api_.request(call, timeout);
}

/// What the homeserver has forgotten is made anew: the filter, then the token.
bool Listener::recovers_from(const Refusal& refusal) {
  const bool is_about_us = is_open_ && (refusal.is(400) || refusal.is(404));
  if (!is_about_us || (filter_.empty() && since_.empty())) return false;
  if (refusal.error.find("token") != std::string::npos && !since_.empty()) {
    spdlog::warn("matrix: {}; reading the rooms anew", refusal.what());
    since_.clear();
    return true;
  }
  if (filter_.empty()) return false;
  spdlog::info("matrix: {}; making the filter anew", refusal.what());
  filter_.clear();
  return true;
}

void Listener::take(const Sync& sync, const Receive& receive) {
  const auto now = clock_.now();
  const auto started = since_.empty() ? std::optional(started_) : std::nullopt;
  const auto batch = reader_.read(sync, started, now);
  // A token of a while ago brings again what is known; writing each one down costs more than all the rest.
  const bool is_news = !batch.messages.empty() || !batch.missed.empty() || !batch.notices.empty() ||
                       !sync.invitations.empty() || !sync.left.empty();
  if (started || is_news || now >= store_next_) {
    receive(batch);
    store_next_ = now + between_stores;
  }
  since_ = sync.next_batch;
  last_sync_ = now;
  if (!has_caught_up_) {
    spdlog::info("matrix: in step with {} as {}", options_.homeserver, options_.user);
    entry_.begin();
  }
  has_caught_up_ = true;
  entry_.look();
}

Health Listener::health() const {
  const auto now = clock_.now();
  const auto limit = 2 * options_.long_poll;
  Health health;
  health.last_contact = last_sync_;
  health.is_alive = now - last_turn_ < limit + 2 * patience;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - last_sync_.value_or(started_));
  if (age > limit)
    health.trouble = last_sync_ ? "the last sync is " + std::to_string(age.count()) + " s old"
                                : "no sync since the start, " + std::to_string(age.count()) + " s ago";
  return health;
}

}  // namespace bot::matrix
