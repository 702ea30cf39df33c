#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tailnet/api.hpp"

namespace tailnet {

/// Keys and devices as one kind of control server speaks of them. What each promises stands at Tailnet.
struct Dialect {
  Dialect() = default;
  virtual ~Dialect() = default;
  Dialect(const Dialect&) = delete;
  Dialect& operator=(const Dialect&) = delete;

  virtual net::awaitable<AuthKey> mint(KeyWish wish) = 0;
  virtual net::awaitable<void> revoke(std::string key_id) = 0;
  virtual net::awaitable<std::vector<std::string>> keys(std::string description) = 0;
  virtual net::awaitable<KeyState> key_state(std::string key_id, std::string description) = 0;
  virtual net::awaitable<std::vector<Device>> devices() = 0;
  virtual net::awaitable<void> delete_device(std::string id) = 0;
};

/// The Tailscale API v2 (https://tailscale.com/api).
std::unique_ptr<Dialect> tailscale(Api& api, net::Clock& clock, const Options& options);

/// The API v1 of headscale 0.26 and later (its proto/headscale/v1, and the answers of 0.26.1, 0.28.0 and
/// 0.29.2). What the versions differ in is told by what they answer, not by their number.
std::unique_ptr<Dialect> headscale(Api& api, net::Clock& clock, const Options& options);

/// An id as one segment of a path.
std::string escaped(const std::string& id);

}  // namespace tailnet
