#pragma once
#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

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
/// report of each; orders are given again by the step that is resumed.
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
  /// The order that waits for this source, else after at most `wait` "nothing".
  net::awaitable<Order> until_order(Source source, net::Duration wait);

  /// Until a report of this source has `ready`; throws Error when one says that a stage failed.
  net::awaitable<void> until_ready(Source source);
  /// Gives an order and waits for its `done`; returns the report that carried it.
  net::awaitable<nlohmann::json> until_done(Source source, Order order);
  std::optional<net::Time> last_seen(const Source& source);
  /// Called with every accepted report that says ready (the tailnet poller looks at once).
  std::function<void()> on_ready;

 private:
  struct State {
    std::optional<nlohmann::json> last;
    std::optional<net::Time> at;
    std::optional<net::Time> stored;
    std::optional<Order> order;
    std::map<std::string, nlohmann::json> done;
  };
  using States = std::map<Source, State>;
  struct GivenOrder;

  State& state(const Source& source);
  void keep(const Source& source, State& state, const nlohmann::json& report);
  [[nodiscard]] bool is_current(const Source& source);
  void learn_tokens();

  net::Clock& clock_;
  storage::Storage& storage_;
  std::string key_;
  std::shared_ptr<States> states_;  ///< shared with the orders given, which may outlive us by a cancellation
  std::map<std::string, Source> tokens_;  ///< by SHA-256 of the token: comparing takes no secret's time
  net::Time learned_;
  net::Signal changed_;
};

}  // namespace commands
