#pragma once
#include <set>
#include <string>
#include <vector>

#include "bot/matrix/api.hpp"
#include "bot/matrix/rooms.hpp"
#include "net/random.hpp"

namespace bot::matrix {

/// Gets us into the rooms we should be in and out of those we should not, in the background: an invitation
/// that arrives before its room does (federation) is tried again, a room we may not enter yet waits for one.
class Entry {
 public:
  Entry(net::Executor executor, net::Clock& clock, net::Random& random, Api& api, Rooms& rooms,
        const Options& options);

  /// Once, when the session is open: finds the rooms of the configuration.
  void begin();
  /// Takes up every room that is in a state to be changed; cheap when there is none.
  void look();

 private:
  net::awaitable<void> find(std::string alias);
  net::awaitable<void> enter(std::string id);
  net::awaitable<void> leave(std::string id);
  net::awaitable<bool> join(std::string id);
  net::awaitable<bool> replaces(std::string id, std::string predecessor);
  net::awaitable<void> remember_direct(storage::RoomRow room);
  /// Makes the request until the homeserver says yes or no: the body, or nullopt.
  net::awaitable<std::optional<std::string>> insist(Call call);

  net::Executor executor_;
  net::Clock& clock_;
  net::Random& random_;
  Api& api_;
  Rooms& rooms_;
  const Options& options_;
  std::set<std::string> busy_;
};

}  // namespace bot::matrix
