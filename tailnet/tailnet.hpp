#pragma once
#include <string>
#include <vector>

#include "tailnet/api.hpp"
#include "tailnet/arrivals.hpp"
#include "tailnet/types.hpp"

namespace tailnet {

/// The tailnet by the Tailscale API v2 (https://tailscale.com/api): keys and devices. GETs and DELETEs
/// are repeated on passing failures, 429 is obeyed; a mint is sent again only where nothing was sent.
/// Throws Error. Outlives the tasks that call it.
class Tailnet {
 public:
  Tailnet(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random,
          Options options);

  /// One use, ephemeral, tagged, pre-authorised; `life` is cut to 1 h, the description to 50 characters of
  /// [A-Za-z0-9 -]. After an Error that is no refusal (status < 400 or ≥ 500) a key may exist: revoke it.
  net::awaitable<AuthKey> mint(std::string description, net::Duration life);
  net::awaitable<void> revoke(std::string key_id);  ///< already gone or invalid is done
  /// The keys of the tailnet that are still active. Where the list names ids only (Tailscale's does), each
  /// costs a GET.
  net::awaitable<std::vector<Key>> keys();
  /// Devices with our tag.
  net::awaitable<std::vector<Device>> devices();
  net::awaitable<void> delete_device(std::string id);  ///< already gone is done
  /// Our tag, this hostname, created at or after `since` (the key's own `created`, in whole seconds), online:
  /// by one poller for all who wait. Without a deadline: whoever waits cancels.
  net::awaitable<Node> until_online(std::string hostname, Time since);
  /// Looks at the device list now instead of at the next poll.
  void poke();

 private:
  net::awaitable<std::optional<Key>> find_key(std::string id);

  Options options_;
  Api api_;
  Arrivals arrivals_;
};

}  // namespace tailnet
