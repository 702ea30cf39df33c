#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tailnet/arrivals.hpp"
#include "tailnet/dialect.hpp"

namespace tailnet {

/// The tailnet by the API of whatever controls it (Options::kind): keys and devices. What may be repeated is,
/// on passing failures, 429 is obeyed; a mint is sent again only where nothing was sent. Throws Error.
/// Outlives the tasks that call it.
class Tailnet {
 public:
  Tailnet(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random,
          Options options);

  /// One use, ephemeral, tagged, pre-authorised. After an Error that is no refusal (status < 400 or ≥ 500) a
  /// key may exist: revoke it.
  net::awaitable<AuthKey> mint(KeyWish wish);
  net::awaitable<void> revoke(std::string key_id);  ///< already gone, used or invalid is done
  /// Ids of keys that are still active and were made for this description. Where the list names ids only
  /// (Tailscale's does), each key of the tailnet costs a GET; at headscale one of a million other keys of
  /// ours may be among them, for there the description is a mark in the key's expiry.
  net::awaitable<std::vector<std::string>> keys(std::string description);
  /// Of a key that was made for this description; one that is not known any more counts as revoked.
  net::awaitable<KeyState> key_state(std::string key_id, std::string description);
  /// Devices with our tag, or one that fits its pattern.
  net::awaitable<std::vector<Device>> devices();
  net::awaitable<void> delete_device(std::string id);  ///< already gone is done
  /// The device of ours that joined with this key, or where the API does not tell keys (Tailscale's) has this
  /// hostname and was created at or after the key (in whole seconds); once it is online, by one poller for
  /// all who wait. Without a deadline: whoever waits cancels.
  net::awaitable<Node> until_online(std::string hostname, GivenKey key);
  /// Looks at the device list now instead of at the next poll.
  void poke();

 private:
  Api api_;
  std::unique_ptr<Dialect> dialect_;
  Arrivals arrivals_;
};

}  // namespace tailnet
