#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/awaitable.hpp"
#include "net/random.hpp"
#include "tailnet/types.hpp"

namespace tailnet {

/// Who waits for which machine, and the one poller for all of them: it looks at once when the first comes
/// and stops when nobody waits. A look that fails ends the waiting of all with its exception. Waiting may
/// be cancelled; that of the others goes on.
class Arrivals {
 public:
  using Look = std::function<net::awaitable<std::vector<Device>>()>;
  /// Looks are `poll` to 5/3 × `poll` apart.
  Arrivals(net::Executor executor, net::Clock& clock, net::Random& random, net::Duration poll, Look look);

  net::awaitable<Node> until_online(std::string hostname, GivenKey key);
  /// Looks now; without anybody waiting it does nothing.
  void poke();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tailnet
