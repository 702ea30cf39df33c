#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// All that the simulator remembers, in the form of its state file. Times are unix ms, 0 = not yet.
namespace tailnet::simulator {

struct Key {
  std::string id;
  std::string secret;
  std::string description;
  std::int64_t created = 0;
  std::int64_t expires = 0;
  std::int64_t revoked = 0;
  bool used = false;
  bool reusable = false;
  bool ephemeral = false;
  bool preauthorized = false;
  std::vector<std::string> tags;
  int expiry_micros = 0;  ///< of its last second, which headscale keeps
  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(Key, id, secret, description, created, expires, revoked, used,
                                              reusable, ephemeral, preauthorized, tags, expiry_micros)
};

struct Device {
  std::string id;       ///< the legacy number
  std::string node_id;  ///< "n1CNTRL"; for headscale the number again
  std::string name;     ///< FQDN; headscale's API shows its first label only
  std::string hostname;
  std::vector<std::string> addresses;
  std::vector<std::string> tags;
  bool ephemeral = false;
  bool connected = false;
  std::int64_t created = 0;
  std::int64_t last_seen = 0;
  std::string key;  ///< id of the one that admitted it
  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(Device, id, node_id, name, hostname, addresses, tags, ephemeral,
                                              connected, created, last_seen, key)
};

struct Token {
  std::string text;
  std::int64_t ends = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Token, text, ends)
};

struct Contents {
  std::int64_t clock_ms = 0;  ///< how far its clock is ahead
  int last_key = 0;
  int last_device = 0;
  std::vector<Key> keys;
  std::vector<Device> devices;
  std::vector<Token> tokens;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Contents, clock_ms, last_key, last_device, keys, devices, tokens)
};

/// "" names no file: nothing is read or written. A missing file is empty contents; an unreadable one
/// throws std::runtime_error. `save` returns when a SIGKILL can no longer lose what was saved.
Contents load(const std::string& file);
void save(const std::string& file, const Contents& contents);

}  // namespace tailnet::simulator
