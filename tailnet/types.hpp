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

/// An element of GET …/devices. `domain` completes a bare name; where connectedToControl is missing, a
/// missing lastSeen says online. Throws nlohmann::json::exception or std::invalid_argument.
Device device_from(const nlohmann::json& json, const std::string& domain);
/// RFC 3339, "2026-11-25T05:24:14Z" or with a fraction and an offset. Throws std::invalid_argument.
Time parse_time(const std::string& text);

}  // namespace tailnet
