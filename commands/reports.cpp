#include "commands/reports.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <vector>

#include "commands/request.hpp"
#include "commands/stages.hpp"
#include "net/race.hpp"

namespace commands {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr std::size_t token_length = 2 * SHA256_DIGEST_LENGTH;
constexpr std::size_t remembered_orders = 4;
constexpr std::size_t remembered_failures = 8;
/// A workspace that is cut off from a held report sends the next one before the first has ended here.
constexpr std::uint64_t held_at_once = 2;
/// Looking for a token that is not known reads the database; a flood of wrong ones must not.
constexpr net::Duration learn_again = std::chrono::seconds(1);
constexpr net::Duration store_again = std::chrono::minutes(1);

std::string hex(const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string fingerprint(const std::string& token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return hex(digest);
}

bool is_ready(const nlohmann::json& report) { return report.value("ready", false); }

bool is_unfinished(const storage::OperationRow& row) {
  return row.state != "done" && row.state != "failed" && row.state != "cancelled";
}

/// What is written at once; signals, which change with every report, are once a minute.
nlohmann::json news_in(const nlohmann::json& report) {
  auto news = nlohmann::json::object();
  for (const auto* key : {"stage", "state", "detail", "ready", "boot_id", "done"})
    if (const auto found = report.find(key); found != report.end()) news[key] = *found;
  return news;
}

void take_failure(std::map<std::string, std::string>& failed, const nlohmann::json& report) {
  const auto stage = report.value("stage", ""), state = report.value("state", "");
  if (state == "ok")
    failed.erase(stage);
  else if (state == "failed" && failed.size() < remembered_failures)
    failed[stage] = report.value("detail", "");
}

/// The one that came first in the boot has most likely led to the others.
std::string first_failure(const std::map<std::string, std::string>& failed) {
  std::vector<Stage> stages;
  for (const auto& [name, detail] : failed) {
    auto& stage = stages.emplace_back();
    stage.name = name;
    stage.failed = true;
    stage.detail = detail;
  }
  const auto first = failed_of(stages).value_or(stages.front());
  return failure_sentence(first.name, first.detail);
}

}  // namespace

/// An order stands while somebody waits for its `done`.
struct Reports::GivenOrder {
  GivenOrder(std::shared_ptr<States> states_, Source source_, Order order)
      : states(std::move(states_)), source(std::move(source_)), id(order.id) {
    auto& state = (*states)[source];
    state.order = std::move(order);
    ++state.waiting;
  }
  ~GivenOrder() {
    auto& state = (*states)[source];
    if (state.order && state.order->id == id) state.order.reset();
    --state.waiting;
  }
  GivenOrder(const GivenOrder&) = delete;
  GivenOrder& operator=(const GivenOrder&) = delete;

  std::shared_ptr<States> states;
  Source source;
  std::string id;
};

Reports::Reports(net::Executor executor, net::Clock& clock, storage::Storage& storage, std::string key)
    : clock_(clock),
      storage_(storage),
      key_(std::move(key)),
      states_(std::make_shared<States>()),
      changed_(executor) {}

std::string Reports::token(const Source& source) const {
  const auto text = std::to_string(source.workspace) + "/" + source.operation;
  Digest digest;
  unsigned int length = digest.size();
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  return hex(digest);
}

std::optional<Reports::Source> Reports::authenticate(const std::string& token) {
  if (token.size() != token_length) return std::nullopt;
  const auto wanted = fingerprint(token);
  if (!tokens_.contains(wanted) && clock_.now() >= learned_ + learn_again) learn_tokens();
  const auto found = tokens_.find(wanted);
  if (found == tokens_.end() || !is_current(found->second)) return std::nullopt;
  return found->second;
}

void Reports::learn_tokens() {
  tokens_.clear();
  learned_ = clock_.now();
  const auto learn = [&](const Source& source) { tokens_[fingerprint(token(source))] = source; };
  for (const auto& session : storage_.sessions.running()) learn({session.workspace, session.operation});
  for (const auto& operation : storage_.journal.unfinished())
    if (operation.verb == "up" && operation.workspace != 0) learn({operation.workspace, operation.id});
}

bool Reports::is_current(const Source& source) {
  const auto session = storage_.sessions.current(source.workspace);
  if (session && session->operation == source.operation) return true;
  const auto operation = storage_.journal.find(source.operation);
  return operation && operation->workspace == source.workspace && is_unfinished(*operation);
}

Reports::State& Reports::state(const Source& source) {
  if (const auto known = states_->find(source); known != states_->end()) return known->second;
  if (states_->size() >= forget_at_) {
    forget_ended();
    forget_at_ = 2 * states_->size() + 2;
  }
  auto& state = (*states_)[source];
  for (const auto& stage : stages_of(storage_.journal, source.operation))
    if (stage.failed)
      state.failed[stage.name] = stage.detail;
    else
      state.failed.erase(stage.name);
  const auto row = storage_.reports.find(source.workspace);
  if (row && row->operation == source.operation) {
    state.last = row->report;
    state.at = state.stored = row->at;
    state.activity = row->activity.is_object() ? row->activity.get<Activity>() : unheard(row->at);
    take_failure(state.failed, row->report);
  }
  return state;
}

void Reports::forget_ended() {
  std::erase_if(*states_, [&](const auto& one) { return one.second.waiting == 0 && !is_current(one.first); });
}

void Reports::accept(const Source& source, nlohmann::json report) {
  auto& state = this->state(source);
  const auto now = clock_.now();
  state.activity = with_report(state.at ? std::move(state.activity) : unheard(now), report, now);
  keep(source, state, report);
  take_failure(state.failed, report);
  if (report.contains("done")) {
    const auto id = report["done"].value("id", "");
    const bool is_ours = state.order && state.order->id == id;
    if (!is_ours && state.done.size() >= remembered_orders) state.done.clear();
    state.done[id] = report;
    if (is_ours) state.order.reset();
  }
  const bool ready = is_ready(report);
  state.at = clock_.now();
  state.last = std::move(report);
  changed_.notify();
  if (ready && on_ready) on_ready();
}

void Reports::keep(const Source& source, State& state, const nlohmann::json& report) {
  const auto now = clock_.now();
  const bool is_news = !state.last || news_in(*state.last) != news_in(report);
  if (!is_news && state.stored && now < *state.stored + store_again) return;
  const auto stage = stage_in(report, now);
  storage_.database.write(storage::Commit::normal, [&] {
    storage_.reports.set(source.workspace, {source.operation, report, state.activity, now});
    if (stage && is_news) keep_stage(storage_.journal, source.operation, *stage);
  });
  state.stored = now;
}

net::awaitable<Order> Reports::until_order(Source source, net::Duration wait) {
  if (wait <= net::Duration::zero()) co_return state(source).order.value_or(Order{});
  const auto until = clock_.now() + wait;
  const auto number = ++state(source).held;
  const auto is_held = [&] {
    const auto& now = state(source);
    return !now.order && now.held < number + held_at_once && clock_.now() < until;
  };
  if (number > held_at_once) changed_.notify();
  while (is_held()) co_await changed_.wait_until(clock_, until);
  co_return state(source).order.value_or(Order{});
}

net::awaitable<std::string> Reports::until_ready(Source source) {
  for (;;) {
    const auto& now = state(source);
    if (now.last && is_ready(*now.last)) co_return scheme_in(now.last->value("detail", ""));
    if (!now.failed.empty()) throw Error(first_failure(now.failed));
    co_await changed_.wait();
  }
}

net::awaitable<void> Reports::until_join_fails(Source source) {
  for (;;) {
    const auto& failed = state(source).failed;
    for (const auto* stage : {"install", "join"})
      if (const auto found = failed.find(stage); found != failed.end())
        throw Error(failure_sentence(stage, found->second));
    co_await changed_.wait();
  }
}

net::awaitable<nlohmann::json> Reports::until_done(Source source, Order order) {
  const auto id = order.id;
  state(source);
  const GivenOrder given(states_, source, std::move(order));
  changed_.notify();
  const auto& done = (*states_)[source].done;
  while (!done.contains(id)) co_await changed_.wait();
  co_return done.at(id);
}

net::awaitable<std::optional<nlohmann::json>> Reports::until_done(Source source, Order order,
                                                                  net::Duration limit) {
  std::optional<nlohmann::json> report;
  const auto take = [&]() -> net::awaitable<void> { report = co_await until_done(source, order); };
  auto task = take();
  co_await net::ends_within(clock_, limit, std::move(task));
  co_return report;
}

std::optional<net::Time> Reports::last_seen(const Source& source) { return state(source).at; }

const Activity* Reports::activity(const Source& source) {
  const auto& known = state(source);
  return known.at ? &known.activity : nullptr;
}

}  // namespace commands
