#include "hetzner/simulator/fingerprint.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

SshKey& key_of(Call& call) {
  const auto found = call.project.held.ssh_keys.find(call.ids.front());
  if (found == call.project.held.ssh_keys.end()) throw not_found("SSH key");
  return found->second;
}

}  // namespace

Reply list_ssh_keys(Call& call) {
  std::vector<json> all;
  for (const auto& [id, key] : call.project.held.ssh_keys) all.push_back(shown(key));
  return listed(call, "ssh_keys", std::move(all), {"fingerprint"});
}

Reply get_ssh_key(Call& call) { return {200, {{"ssh_key", shown(key_of(call))}}}; }

Reply create_ssh_key(Call& call) {
  call.only({"name", "public_key", "labels"});
  SshKey key;
  key.name = call.text("name");
  if (key.name.empty()) throw invalid("name", "must not be empty");
  key.public_key = call.text("public_key");
  key.labels = call.labels();
  const auto fingerprint = find_fingerprint(key.public_key);
  if (!fingerprint) throw invalid("public_key", "not a valid SSH key");
  key.fingerprint = *fingerprint;
  require_unique(call.project.held.ssh_keys, key.name);
  for (const auto& [id, other] : call.project.held.ssh_keys)
    if (other.fingerprint == key.fingerprint)
      throw not_unique("SSH key with the same fingerprint", "public_key");
  key.id = call.world.next_id();
  key.created = call.world.billing_time();
  call.project.held.ssh_keys[key.id] = key;
  return {201, {{"ssh_key", shown(key)}}};
}

Reply update_ssh_key(Call& call) {
  call.only({"name", "labels"});
  auto& key = key_of(call);
  const auto name = call.find_text("name");
  if (name) require_unique(call.project.held.ssh_keys, *name, key.id);
  if (call.field("labels")) key.labels = call.labels();
  if (name) key.name = *name;
  return get_ssh_key(call);
}

Reply delete_ssh_key(Call& call) {
  call.project.held.ssh_keys.erase(key_of(call).id);
  return {204, nullptr};
}

}  // namespace hetzner::simulator
