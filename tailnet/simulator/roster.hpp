#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "net/clock.hpp"
#include "net/random.hpp"

namespace tailnet::simulator {

struct AuthKey {
  std::string id;
  std::string secret;
  std::string description;
  std::vector<std::string> tags;
  bool reusable = false;
  bool ephemeral = false;
  bool preauthorized = false;
  std::int64_t created = 0;  ///< unix ms, as all times here
  std::int64_t expires = 0;
  bool revoked = false;
  bool used = false;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(AuthKey, id, secret, description, tags, reusable, ephemeral, preauthorized,
                                 created, expires, revoked, used)
};

struct Machine {
  std::string id;
  std::string hostname;  ///< as it said
  std::string label;     ///< its name in the tailnet, with a suffix where the hostname was taken
  std::vector<std::string> tags;
  std::string address;
  bool ephemeral = false;
  bool authorized = false;
  bool online = false;
  std::int64_t created = 0;
  std::int64_t last_seen = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Machine, id, hostname, label, tags, address, ephemeral, authorized, online,
                                 created, last_seen)
};

/// Why a machine was not let in; the status and sentence of the answer.
struct NotLetIn {
  int status;
  std::string why;
};

/// What a tailnet knows: its keys and devices, kept in a file when one is named, written before any answer.
class Roster {
 public:
  /// Throws std::runtime_error when the file cannot be read.
  explicit Roster(std::string file);

  AuthKey& add_key(AuthKey key, net::Random& random);
  /// Throws NotLetIn. The name gets "-1", "-2", … where another device has it.
  Machine& join(const std::string& secret, const std::string& hostname, std::int64_t now);
  AuthKey* find_key(const std::string& id);
  Machine* find_machine(const std::string& id);
  void remove_machine(const std::string& id) { machines_.erase(id); }
  void save() const;

  [[nodiscard]] const std::map<std::string, AuthKey>& keys() const { return keys_; }
  [[nodiscard]] const std::map<std::string, Machine>& machines() const { return machines_; }

 private:
  [[nodiscard]] std::string free_label(const std::string& hostname) const;

  std::string file_;
  std::int64_t made_ = 0;
  std::map<std::string, AuthKey> keys_;
  std::map<std::string, Machine> machines_;
};

}  // namespace tailnet::simulator
