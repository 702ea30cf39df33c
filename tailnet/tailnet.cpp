#include "tailnet/tailnet.hpp"

namespace tailnet {
namespace {

std::unique_ptr<Dialect> dialect_of(Api& api, net::Clock& clock, const Options& options) {
  return options.kind == Kind::headscale ? headscale(api, clock, options) : tailscale(api, clock, options);
}

}  // namespace

Tailnet::Tailnet(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random,
                 Options options)
    : api_(executor, client, clock, random, options),
      dialect_(dialect_of(api_, clock, options)),
      arrivals_(executor, clock, random, options.poll, [this] { return devices(); }) {}

net::awaitable<AuthKey> Tailnet::mint(KeyWish wish) { return dialect_->mint(std::move(wish)); }

net::awaitable<void> Tailnet::revoke(std::string key_id) { return dialect_->revoke(std::move(key_id)); }

net::awaitable<std::vector<std::string>> Tailnet::keys(std::string description) {
  return dialect_->keys(std::move(description));
}

net::awaitable<KeyState> Tailnet::key_state(std::string key_id, std::string description) {
  return dialect_->key_state(std::move(key_id), std::move(description));
}

net::awaitable<std::vector<Device>> Tailnet::devices() { return dialect_->devices(); }

net::awaitable<void> Tailnet::delete_device(std::string id) { return dialect_->delete_device(std::move(id)); }

net::awaitable<Node> Tailnet::until_online(std::string hostname, GivenKey key) {
  return arrivals_.until_online(std::move(hostname), std::move(key));
}

void Tailnet::poke() { arrivals_.poke(); }

}  // namespace tailnet
