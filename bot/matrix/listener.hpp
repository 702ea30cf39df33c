#pragma once
#include <map>
#include <optional>
#include <string>

#include "bot/chat.hpp"
#include "bot/matrix/api.hpp"
#include "bot/matrix/entry.hpp"
#include "bot/matrix/reader.hpp"
#include "bot/matrix/trouble.hpp"

namespace bot::matrix {

/// The sync loop: opens the session, then asks what is new for ever. A token is stored together with what it
/// covers, gaps are filled, and a homeserver that does not answer is asked again until it does.
class Listener {
 public:
  Listener(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
           Homeserver& homeserver, Session& session, Api& api, Rooms& rooms, const Options& options);

  /// Throws CredentialsRefused.
  net::awaitable<void> run(Receive receive);
  net::awaitable<void> until_open();
  [[nodiscard]] Health health() const;
  std::function<void()> on_recovery = [] {};  ///< the homeserver answers again

 private:
  net::awaitable<void> turn(Receive receive);
  net::awaitable<void> open();
  net::awaitable<std::string> make_filter();
  net::awaitable<void> learn_display_name();
  net::awaitable<std::string> sync();
  [[nodiscard]] std::string sync_target();
  net::awaitable<void> until_questions_are_known(const Sync& sync);
  void take(const Sync& sync, const Receive& receive);
  bool recovers_from(const Refusal& refusal);
  net::awaitable<void> fill_gaps(Sync& sync);
  net::awaitable<void> fill(JoinedRoom& room);
  net::awaitable<std::vector<Event>> missing_in(std::string room, std::string to);
  net::awaitable<std::vector<Event>> forward(std::string room, std::string to, bool& is_whole);
  net::awaitable<std::vector<Event>> recent(std::string room, std::string from);
  net::awaitable<Page> page(std::string room, std::string direction, std::string from, std::string to);

  net::Clock& clock_;
  net::Random& random_;
  storage::Storage& storage_;
  Homeserver& homeserver_;
  Session& session_;
  Api& api_;
  Rooms& rooms_;
  const Options& options_;
  Reader reader_;
  Entry entry_;
  Trouble trouble_;
  net::Time started_;
  net::Time last_turn_;  ///< when the loop last got on, or will when its pause is over
  std::optional<net::Time> last_sync_;
  net::Time store_next_{};
  std::map<std::string, int> failed_gaps_;  ///< by room: attempts in a row
  std::string filter_;                      ///< "" = to be made
  std::string since_;                       ///< "" = the first sync of all
  bool is_open_ = false;
  bool has_caught_up_ = false;
  net::Signal opened_;
};

}  // namespace bot::matrix
