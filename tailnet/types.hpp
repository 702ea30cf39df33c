#pragma once
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"

/// The objects of a tailnet, as far as the bot reads them (https://tailscale.com/api).
namespace tailnet {

using Time = net::Time;

/// The API said no, or nothing; `what()` carries its own words, never a secret.
struct Error : std::runtime_error {
  Error(int code, const std::string& message) : std::runtime_error(message), status(code) {}
  int status;  ///< HTTP status, 0 = no answer
};

/// What a key is made for.
struct KeyWish {
  std::string owner;        ///< takes the place of {owner} in the tag
  std::string description;  ///< by which it is found again when its id is not known
  net::Duration life{};     ///< cut to 1 h
};

struct AuthKey {
  std::string id;
  std::string secret;  ///< only in the answer to the mint; never stored, never logged
  Time created;
};

/// What can become of a key.
enum class KeyState { usable, used, expired, revoked };

struct Device {
  std::string id;        ///< nodeId; a number for headscale
  std::string name;      ///< as the API gives it: "alice.tail1234.ts.net" (bare label + domain for headscale)
  std::string hostname;  ///< as the machine reported it, without a suffix
  std::string key_id;    ///< of the key it joined with; "" where the API does not say (Tailscale's)
  std::vector<std::string> tags;
  std::vector<std::string> addresses;
  bool online = false;  ///< headscale's may lag by minutes for a machine that was cut off
  Time created;
};

/// The key that a machine was given: the device that joins with it is that machine.
struct GivenKey {
  std::string id;
  Time created;
  std::string tag = {};  ///< that it carries; "" = any of ours
};

/// What an operation remembers of a device that joined.
struct Node {
  std::string id;
  std::string name;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Node, id, name)
};

/// "alice" → "alice.example": a name that has no dot gets the domain, unless that is "".
std::string full_name(const std::string& name, const std::string& domain);
/// RFC 3339, "2026-11-25T05:24:14Z" or with a fraction and an offset. Throws std::invalid_argument.
Time parse_time(const std::string& text);

}  // namespace tailnet
