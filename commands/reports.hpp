#pragma once
#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "commands/activity.hpp"
#include "net/clock.hpp"
#include "net/signal.hpp"
#include "storage/storage.hpp"

namespace commands {

/// What the bot wants of a workspace: nothing | ask_work | prepare_stop | grow.
struct Order {
  std::string verb = "nothing";
  std::string id;  ///< "<operation>/<step>", echoed in the report's `done`
};

/// What workspaces tell the bot, and what it asks of them (DESIGN, Report). In memory but for the last
/// report of each and the stages of its boot; orders are given again by the step that is resumed. What is
/// remembered of a workspace is bounded, and forgotten after its session.
class Reports {
 public:
  /// A report's origin: the workspace and the `up` whose user-data carried the token.
  struct Source {
    std::int64_t workspace = 0;
    std::string operation;
    auto operator<=>(const Source&) const = default;
  };

  Reports(net::Executor executor, net::Clock& clock, storage::Storage& storage, std::string key);

  /// HMAC-SHA256(key, workspace "/" operation) in hex: never stored, the same on replay.
  [[nodiscard]] std::string token(const Source& source) const;
  /// The source of a token that belongs to a running session or a running `up`.
  std::optional<Source> authenticate(const std::string& token);

  void accept(const Source& source, nlohmann::json report);
  /// The order that waits for this source, else after at most `wait` "nothing"; at once "nothing" when
  /// more than two reports of it are held: the newest are.
  net::awaitable<Order> until_order(Source source, net::Duration wait);

  /// Until a report of this source has `ready`: what a browser reaches the editor by, "https" or "http".
  /// Throws Error when a report says that a stage failed.
  net::awaitable<std::string> until_ready(Source source);
  /// Never ends by itself; throws Error when the workspace says that it cannot join the tailnet, which it
  /// can where the bot is reached without it.
  net::awaitable<void> until_join_fails(Source source);
  /// Gives an order and waits for its `done`; returns the report that carried it.
  net::awaitable<nlohmann::json> until_done(Source source, Order order);
  /// The same for so long at most; nullopt when the workspace does not answer in time.
  net::awaitable<std::optional<nlohmann::json>> until_done(Source source, Order order, net::Duration limit);
  std::optional<net::Time> last_seen(const Source& source);
  /// What this source's reports have come to; nullptr before its first.
  const Activity* activity(const Source& source);
  /// Sources that something is remembered of.
  [[nodiscard]] std::size_t remembered() const { return states_->size(); }
  /// Called with every accepted report that says ready (the tailnet poller looks at once).
  std::function<void()> on_ready;

 private:
  struct State {
    std::optional<nlohmann::json> last;
    std::optional<net::Time> at;
    std::optional<net::Time> stored;
    Activity activity;                          ///< of no meaning before the first report
    std::map<std::string, std::string> failed;  ///< detail by stage, as long as it is not mended
    std::optional<Order> order;
    int waiting = 0;  ///< for a `done`
    std::map<std::string, nlohmann::json> done;
    std::uint64_t held = 0;  ///< reports that were ever held: the number of the newest
  };
  using States = std::map<Source, State>;
  struct GivenOrder;

  State& state(const Source& source);
  void forget_ended();
  void keep(const Source& source, State& state, const nlohmann::json& report);
  [[nodiscard]] bool is_current(const Source& source);
  void learn_tokens();

  net::Clock& clock_;
  storage::Storage& storage_;
  std::string key_;
  std::size_t forget_at_ =
      2;  ///< that many states, so that many workspaces cost a look each, not as many each
  std::shared_ptr<States> states_;  ///< shared with the orders given, which may outlive us by a cancellation
  std::map<std::string, Source> tokens_;  ///< by SHA-256: how long looking takes tells nothing of a token
  net::Time learned_;
  net::Signal changed_;
};

}  // namespace commands
