#pragma once
#include <optional>
#include <stdexcept>
#include <string>

#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/url.hpp"
#include "tailnet/simulator/contents.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace tailnet::simulator {

/// What the API answers instead: a status and {"message"}.
struct Refusal : std::runtime_error {
  Refusal(int code, const std::string& message) : std::runtime_error(message), status(code) {}
  int status;
};

/// The rules of the tailnet: who may have a token, what a key admits, which name a machine gets. Every
/// change is in the state file when its method returns. Ids are counted; secrets are random.
class Registry {
 public:
  Registry(net::Clock& clock, Options options);

  nlohmann::json give_token(const std::string& client_id, const std::string& client_secret);
  [[nodiscard]] bool accepts(const std::string& token) const;

  nlohmann::json mint(const nlohmann::json& body);
  [[nodiscard]] nlohmann::json list_keys() const;  ///< ids of those still valid
  [[nodiscard]] nlohmann::json show_key(const std::string& id) const;
  void revoke(const std::string& id);

  /// `query`: fields of a device and their values.
  [[nodiscard]] nlohmann::json list_devices(const net::Query& query) const;
  [[nodiscard]] nlohmann::json show_device(const std::string& id) const;
  void delete_device(const std::string& id);

  nlohmann::json join(const std::string& secret, const std::string& hostname);
  void set_connected(const std::string& id, bool connected);
  void advance(net::Duration time);
  [[nodiscard]] nlohmann::json all_keys() const;  ///< with `used`, `revoked`, `expired`; without secrets
  [[nodiscard]] nlohmann::json all_devices() const;

 private:
  [[nodiscard]] std::int64_t now() const;
  [[nodiscard]] const Key& key(const std::string& id) const;
  [[nodiscard]] const Device& device(const std::string& id) const;
  [[nodiscard]] bool is_valid(const Key& key) const;
  [[nodiscard]] std::string free_name(const std::string& hostname) const;
  void check_tags(const nlohmann::json& tags) const;
  void admit(const Key& key) const;
  void save() const;

  net::Clock& clock_;
  net::Random random_;
  Options options_;
  Contents contents_;
};

}  // namespace tailnet::simulator
