#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "net/client.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"

namespace tailnet {

using Time = net::Time;

/// The API said no, or nothing; `what()` carries its own words.
struct Error : std::runtime_error {
  Error(int status, const std::string& message) : std::runtime_error(message), status(status) {}
  int status;  ///< HTTP status, 0 = no answer
};

struct AuthKey {
  std::string id;
  std::string secret;  ///< only in the answer to the mint; never stored, never logged
  Time created;
};

struct Key {
  std::string id;
  std::string description;
  bool invalid = false;
};

struct Device {
  std::string id;        ///< nodeId
  std::string name;      ///< as the API gives it: "alice.tail1234.ts.net" (bare label + domain for headscale)
  std::string hostname;  ///< as the machine reported it, without a suffix
  std::vector<std::string> tags;
  std::vector<std::string> addresses;
  bool online = false;
  Time created;
};

/// What an operation remembers of a device that joined.
struct Node {
  std::string id;
  std::string name;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Node, id, name)
};

struct Options {
  std::string tag = "tag:devbox";
  std::string domain;  ///< appended to a bare name (headscale)
  std::string oauth_client_id;
  std::string oauth_client_secret;
  net::Duration timeout = std::chrono::seconds(30);
  net::Duration poll = std::chrono::seconds(3);
  net::Duration retry = std::chrono::seconds(1);
  int tries = 6;
};

/// The tailnet by the Tailscale API v2 (https://tailscale.com/api): keys and devices. The OAuth token
/// is renewed five minutes before its end and after a 401. GETs and DELETEs are repeated on passing
/// failures, 429 is obeyed; a mint is sent again only where nothing was sent. Throws Error.
class Tailnet {
 public:
  Tailnet(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random, Options options);

  /// One use, ephemeral, tagged, pre-authorised; `life` ≤ 1 h. The description is cut to 50 characters
  /// of [A-Za-z0-9 -].
  net::awaitable<AuthKey> mint(std::string description, net::Duration life);
  net::awaitable<void> revoke(std::string key_id);  ///< already gone is done
  net::awaitable<std::vector<Key>> keys();
  /// Devices with our tag.
  net::awaitable<std::vector<Device>> devices();
  net::awaitable<void> delete_device(std::string id);  ///< already gone is done
  /// Our tag, this hostname, created after `since`, online: by one poller for all who wait.
  net::awaitable<Node> until_online(std::string hostname, Time since);
  /// Looks at the device list now instead of at the next poll.
  void poke();

 private:
  net::awaitable<std::string> token();
  net::awaitable<nlohmann::json> request(std::string method, std::string target, std::string body, bool repeat);
  net::awaitable<void> poll();

  net::Executor executor_;
  net::Client& client_;
  net::Clock& clock_;
  net::Random& random_;
  Options options_;
  std::string token_;
  Time token_ends_{};
  net::Signal changed_;
  net::Signal poked_;
  std::vector<Device> last_;
  int waiters_ = 0;
  bool polling_ = false;
};

}  // namespace tailnet
