#include "commands/reports.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "commands/printable.hpp"
#include "commands/request.hpp"

namespace commands {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr std::size_t token_length = 2 * SHA256_DIGEST_LENGTH;
constexpr std::size_t shown_detail = 200;
constexpr std::size_t remembered_orders = 32;
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

nlohmann::json without_uptime(nlohmann::json report) {
  report.erase("uptime");
  return report;
}

std::string failure_sentence(const nlohmann::json& report) {
  const auto stage = cut(printable(report.value("stage", "boot")), shown_detail);
  const auto detail = cut(printable(report.value("detail", "")), shown_detail);
  return "the workspace says that \"" + stage + "\" failed" + (detail.empty() ? "" : ": " + detail);
}

}  // namespace

/// An order stands while somebody waits for its `done`.
struct Reports::GivenOrder {
  GivenOrder(std::shared_ptr<States> states_, Source source_, Order order)
      : states(std::move(states_)), source(std::move(source_)), id(order.id) {
    (*states)[source].order = std::move(order);
  }
  ~GivenOrder() {
    auto& standing = (*states)[source].order;
    if (standing && standing->id == id) standing.reset();
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
  const auto [at, is_new] = states_->try_emplace(source);
  if (!is_new) return at->second;
  const auto row = storage_.reports.find(source.workspace);
  if (row && row->operation == source.operation) {
    at->second.last = row->report;
    at->second.at = at->second.stored = row->at;
  }
  return at->second;
}

void Reports::accept(const Source& source, nlohmann::json report) {
  auto& state = this->state(source);
  keep(source, state, report);
  if (report.contains("done")) {
    const auto id = report["done"].value("id", "");
    const bool is_ours = state.order && state.order->id == id;
    if (state.done.size() >= remembered_orders) state.done.clear();
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
  const bool is_news = !state.last || without_uptime(*state.last) != without_uptime(report);
  if (!is_news && state.stored && now < *state.stored + store_again) return;
  storage_.reports.set(source.workspace, source.operation, report, now);
  state.stored = now;
}

net::awaitable<Order> Reports::until_order(Source source, net::Duration wait) {
  const auto until = clock_.now() + wait;
  while (!state(source).order && clock_.now() < until) co_await changed_.wait_until(clock_, until);
  co_return state(source).order.value_or(Order{});
}

net::awaitable<void> Reports::until_ready(Source source) {
  for (;;) {
    const auto& last = state(source).last;
    if (last && is_ready(*last)) co_return;
    if (last && last->value("state", "") == "failed") throw Error(failure_sentence(*last));
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

std::optional<net::Time> Reports::last_seen(const Source& source) { return state(source).at; }

}  // namespace commands
