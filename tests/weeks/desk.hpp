#pragma once
#include <map>
#include <optional>
#include <string>

#include "commands/reports.hpp"
#include "net/client.hpp"
#include "storage/storage.hpp"
#include "tests/weeks/script.hpp"
#include "tests/weeks/story_clock.hpp"

namespace weeks {

/// The agents of the workspaces: what their owners do by the script becomes a report a minute, and what the
/// bot wants is done. Reports are handed over in the process, checked as those that come by HTTP. A server
/// keeps what its agent knows, however often the bot dies.
class Desks {
 public:
  /// In [from, to) reports come by HTTP instead, and are held there.
  struct Wired {
    net::Time from;
    net::Time to;
  };
  Desks(const Script& script, StoryClock& clock, Wired wired)
      : script_(script), clock_(clock), wired_(wired) {}

  /// A process has begun: whoever reported to the last one does so to it.
  void open(net::Executor executor, commands::Reports& reports, storage::Storage& storage,
            std::uint16_t port);
  /// It ends; to be called before.
  void close();
  /// How many came by HTTP.
  [[nodiscard]] int posted() const { return posted_; }
  /// Servers may have come and gone since.
  void look();

 private:
  struct Desk {
    std::string owner;
    commands::Reports::Source source;
    net::Time booted;
    std::optional<nlohmann::json> done;  ///< carried out, not yet told
    bool is_over = false;
  };

  net::awaitable<void> live(Desk& desk);
  [[nodiscard]] nlohmann::json report(const Desk& desk) const;
  net::awaitable<commands::Order> tell(Desk& desk);
  net::awaitable<commands::Order> post(const Desk& desk, std::string body, net::Time now);
  net::awaitable<void> obey(Desk& desk, const commands::Order& order);

  const Script& script_;
  StoryClock& clock_;
  Wired wired_;
  int posted_ = 0;
  std::map<std::int64_t, Desk> desks_;   ///< by server
  std::map<std::int64_t, bool> seated_;  ///< those that live in this process
  std::optional<net::Executor> executor_;
  commands::Reports* reports_ = nullptr;
  storage::Storage* storage_ = nullptr;
  std::unique_ptr<net::Client> client_;
};

}  // namespace weeks
