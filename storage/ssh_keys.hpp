#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// A person's public key, and where the Hetzner project has it.
struct SshKeyRow {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::string name;         ///< in the Hetzner project: "devbox-alice-1"
  std::string public_key;   ///< one line: type, base64, comment
  std::string fingerprint;  ///< MD5, as Hetzner writes it: "aa:bb:…"
  Time added;
  std::int64_t remote_id = 0;  ///< 0 = not there yet
};

class SshKeys {
 public:
  explicit SshKeys(Database& database) : database_(database) {}
  /// False when this person has a key with this fingerprint.
  bool add(const SshKeyRow& row);
  void set_remote(std::int64_t id, std::int64_t remote_id);
  void set_name(std::int64_t id, const std::string& name);
  void remove(std::int64_t id);
  std::vector<SshKeyRow> of(std::int64_t person);  ///< in the order in which they were added
  std::vector<SshKeyRow> all();                    ///< the same, everybody's
  std::optional<SshKeyRow> find(std::int64_t person, const std::string& fingerprint);

 private:
  Database& database_;
};

}  // namespace storage
