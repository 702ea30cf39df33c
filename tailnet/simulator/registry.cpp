#include "tailnet/simulator/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tailnet::simulator {
namespace {

constexpr std::int64_t second = 1000;
constexpr int hashed_keys = 28;     ///< headscale's first minor version with them
constexpr int numbered_names = 29;  ///< "alice-1"; before, eight random characters

/// The label of a machine that reports this host name.
std::string label_of(const std::string& hostname) {
  std::string label;
  for (const char c : hostname.substr(0, 63)) {
    if (is_alphanumeric(c))
      label += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    else
      label += '-';
  }
  return label;
}

template <class List>
auto find_by_id(List& list, const std::string& id) {
  return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.id == id; });
}

}  // namespace

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Registry::Registry(net::Clock& clock, Options options)
    : clock_(clock), options_(std::move(options)), contents_(load(options_.state_file)) {}

std::int64_t Registry::now() const { return clock_.now().time_since_epoch().count() + contents_.clock_ms; }

Token Registry::give_token(const std::string& client_id, const std::string& client_secret) {
  if (client_id != options_.oauth_id || client_secret != options_.oauth_secret || client_secret.empty())
    throw Refusal(401, "API token invalid");
  std::erase_if(contents_.tokens, [&](const Token& token) { return token.ends <= now(); });
  const Token token{"tskey-api-" + random_.hex(20), now() + 3600 * second};
  contents_.tokens.push_back(token);
  save();
  return token;
}

bool Registry::accepts(const std::string& token) const {
  if (token.empty()) return false;
  if (token == options_.api_key) return true;
  return std::any_of(contents_.tokens.begin(), contents_.tokens.end(),
                     [&](const Token& one) { return one.text == token && one.ends > now(); });
}

const Key& Registry::mint(Key wanted) {
  const int n = ++contents_.last_key;
  wanted.id = is_headscale() ? std::to_string(n) : fmt::format("k{}CNTRL", n);
  wanted.secret = new_secret(wanted.id);
  wanted.created = now();
  contents_.keys.push_back(std::move(wanted));
  save();
  return contents_.keys.back();
}

std::string Registry::new_secret(const std::string& id) {
  if (!is_headscale()) return fmt::format("tskey-auth-{}-{}", id, random_.hex(16));
  if (options_.headscale < hashed_keys) return random_.hex(24);
  return fmt::format("hskey-auth-{}-{}", random_.hex(6), random_.hex(32));
}

const Key* Registry::find_key(const std::string& id) const {
  const auto found = find_by_id(contents_.keys, id);
  return found == contents_.keys.end() ? nullptr : &*found;
}

bool Registry::is_valid(const Key& key) const {
  return !key.revoked && key.expires > now() && (key.reusable || !key.used);
}

void Registry::revoke(const std::string& id) {
  const auto found = find_by_id(contents_.keys, id);
  if (found == contents_.keys.end() || found->revoked) throw Refusal(404, "key not found");
  found->revoked = now();
  save();
}

const Device* Registry::find_device(const std::string& id) const {
  const auto found = std::find_if(contents_.devices.begin(), contents_.devices.end(),
                                  [&](const Device& one) { return one.node_id == id || one.id == id; });
  return found == contents_.devices.end() ? nullptr : &*found;
}

Device& Registry::device(const std::string& id) {
  const auto* found = find_device(id);
  if (!found) throw Refusal(404, is_headscale() ? "node not found" : "device not found");
  return contents_.devices[static_cast<std::size_t>(found - contents_.devices.data())];
}

void Registry::delete_device(const std::string& id) {
  const auto node_id = device(id).node_id;
  std::erase_if(contents_.devices, [&](const Device& one) { return one.node_id == node_id; });
  save();
}

const Device& Registry::join(const std::string& secret, const std::string& hostname) {
  const auto key = std::find_if(contents_.keys.begin(), contents_.keys.end(),
                                [&](const Key& one) { return one.secret == secret; });
  if (key == contents_.keys.end())
    throw Refusal(401, is_headscale() ? "authkey not found" : "invalid key: API key does not exist");
  admit(*key);
  if (hostname.empty()) throw Refusal(400, "hostname must not be empty");
  key->used = true;
  const int n = ++contents_.last_device;
  Device device;
  device.id = std::to_string(is_headscale() ? n : 1'000'000 + n);
  device.node_id = is_headscale() ? device.id : fmt::format("n{}CNTRL", n);
  device.name = free_name(hostname);
  device.hostname = hostname;
  device.addresses = {fmt::format("100.64.{}.{}", n / 250, n % 250 + 1),
                      fmt::format("fd7a:115c:a1e0::{:x}", n)};
  device.tags = key->tags;
  device.ephemeral = key->ephemeral;
  device.connected = true;
  device.created = device.last_seen = now();
  device.key = key->id;
  contents_.devices.push_back(std::move(device));
  save();
  return contents_.devices.back();
}

void Registry::admit(const Key& key) const {
  const std::string before = is_headscale() ? "" : "invalid key: ";
  if (key.revoked) throw Refusal(403, before + (is_headscale() ? "authkey expired" : "authkey revoked"));
  if (key.used && !key.reusable) throw Refusal(403, before + "authkey already used");
  if (key.expires <= now()) throw Refusal(403, before + "authkey expired");
}

std::string Registry::free_name(const std::string& hostname) {
  const auto label = label_of(hostname);
  const bool has_numbers = !is_headscale() || options_.headscale >= numbered_names;
  for (int n = 0;; ++n) {
    const auto suffix = n == 0 ? "" : has_numbers ? "-" + std::to_string(n) : "-" + random_.hex(4);
    const auto name = label + suffix + "." + options_.domain;
    if (!is_taken(name)) return name;
  }
}

bool Registry::is_taken(const std::string& name) const {
  return std::any_of(contents_.devices.begin(), contents_.devices.end(),
                     [&](const Device& one) { return one.name == name; });
}

void Registry::set_connected(const std::string& id, bool connected) {
  auto& one = device(id);
  one.connected = connected;
  one.last_seen = now();
  save();
}

void Registry::advance(net::Duration time) {
  contents_.clock_ms += time.count();
  save();
}

void Registry::save() const { simulator::save(options_.state_file, contents_); }

}  // namespace tailnet::simulator
