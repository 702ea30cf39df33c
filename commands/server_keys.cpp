#include "commands/server_keys.hpp"

#include <algorithm>
#include <sstream>

#include "commands/names.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

/// Type and key; a comment is somebody's free text.
std::string key_material(const std::string& line) {
  std::istringstream words(line);
  std::string type, base64;
  words >> type >> base64;
  return type + " " + base64;
}

}  // namespace

std::vector<hetzner::SshKeyId> own_keys(Services& world, std::int64_t person) {
  std::vector<hetzner::SshKeyId> ids;
  for (const auto& key : world.storage.ssh_keys.of(person))
    if (key.remote_id != 0) ids.push_back(hetzner::SshKeyId{key.remote_id});
  return ids;
}

std::vector<std::string> authorized_keys(Services& world, std::int64_t person,
                                         const std::vector<hetzner::SshKeyId>& ids) {
  std::vector<std::string> keys;
  const auto add = [&](const std::string& line) {
    const auto key = key_material(line);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  };
  for (const auto& key : world.storage.ssh_keys.of(person)) add(key.public_key);
  if (!world.project.last()) return keys;
  for (const auto& key : world.project.last()->ssh_keys)
    if (std::find(ids.begin(), ids.end(), key.id) != ids.end()) add(key.public_key);
  return keys;
}

std::string number_of(const storage::SshKeyRow& key) { return key.name.substr(key.name.rfind('-') + 1); }

hetzner::Labels labels_of_key(const Services& world, const storage::PersonRow& person) {
  return {{"managed-by", "devbox"},
          {"devbox-bot", world.settings.name},
          {"devbox-owner", dns_label(short_name(person))}};
}

bool misses_ssh_key(const hetzner::ApiError& refusal) {
  if (refusal.code != "invalid_input" && refusal.code != "not_found") return false;
  const auto said = lower(refusal.what());
  return said.find("ssh_key") != std::string::npos || said.find("ssh key") != std::string::npos;
}

net::awaitable<std::vector<hetzner::SshKeyId>> keys_made_anew(Services& world, std::int64_t person) {
  const auto offer = co_await world.project.offer_now();
  const auto labels = labels_of_key(world, world.storage.people.find(person).value());
  for (const auto& key : world.storage.ssh_keys.of(person)) {
    const bool is_there =
        std::any_of(offer.ssh_keys.begin(), offer.ssh_keys.end(),
                    [&](const hetzner::SshKey& one) { return one.id.value == key.remote_id; });
    if (is_there || key.remote_id == 0) continue;
    const auto id = co_await world.cloud.ensure_ssh_key(key.name, key.public_key, labels);
    world.storage.ssh_keys.set_remote(key.id, id.value);
  }
  co_return offer.keys_named(world.settings.ssh_keys, own_keys(world, person));
}

}  // namespace commands
