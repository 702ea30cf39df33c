#pragma once
#include <optional>
#include <stdexcept>
#include <string>

#include "net/clock.hpp"
#include "net/random.hpp"
#include "tailnet/simulator/contents.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace tailnet::simulator {

/// Of ASCII.
bool is_alphanumeric(char c);

/// What the API answers instead: a status and its words.
struct Refusal : std::runtime_error {
  Refusal(int code, const std::string& message) : std::runtime_error(message), status(code) {}
  int status;
};

/// The rules of the tailnet: who may have a token, what a key admits, which name a machine gets. Every
/// change is in the state file when its method returns. Ids are counted; secrets are random.
class Registry {
 public:
  Registry(net::Clock& clock, Options options);

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] bool is_headscale() const { return options_.headscale != 0; }
  [[nodiscard]] std::int64_t now() const;

  /// One that ends in an hour.
  Token give_token(const std::string& client_id, const std::string& client_secret);
  [[nodiscard]] bool accepts(const std::string& token) const;

  /// `wanted` gets its id, secret and `created` here.
  const Key& mint(Key wanted);
  [[nodiscard]] const std::vector<Key>& keys() const { return contents_.keys; }
  [[nodiscard]] const Key* find_key(const std::string& id) const;
  /// Not revoked, expired or used up.
  [[nodiscard]] bool is_valid(const Key& key) const;
  void revoke(const std::string& id);

  [[nodiscard]] const std::vector<Device>& devices() const { return contents_.devices; }
  [[nodiscard]] const Device* find_device(const std::string& id) const;  ///< either of its ids
  void delete_device(const std::string& id);

  const Device& join(const std::string& secret, const std::string& hostname);
  void set_connected(const std::string& id, bool connected);
  void advance(net::Duration time);

 private:
  [[nodiscard]] std::string new_secret(const std::string& id);
  [[nodiscard]] std::string free_name(const std::string& hostname);
  [[nodiscard]] bool is_taken(const std::string& name) const;
  Device& device(const std::string& id);
  void admit(const Key& key) const;
  void save() const;

  net::Clock& clock_;
  net::Random random_;
  Options options_;
  Contents contents_;
};

}  // namespace tailnet::simulator
