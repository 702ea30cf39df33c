#include "tailnet/simulator/roster.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tailnet::simulator {
namespace {

std::string numbered(const std::string& letter, std::int64_t number) {
  const auto digits = std::to_string(number);
  return letter + std::string(8 - std::min<std::size_t>(digits.size(), 8), '0') + digits + "CNTRL";
}

}  // namespace

Roster::Roster(std::string file) : file_(std::move(file)) {
  if (file_.empty() || !std::filesystem::exists(file_)) return;
  std::ifstream in(file_);
  const auto kept = nlohmann::json::parse(in, nullptr, false);
  try {
    kept.at("made").get_to(made_);
    kept.at("keys").get_to(keys_);
    kept.at("machines").get_to(machines_);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error("cannot read the state of the tailnet in " + file_);
  }
}

void Roster::save() const {
  if (file_.empty()) return;
  const auto part = file_ + ".part";
  std::ofstream out(part);
  out << nlohmann::json{{"made", made_}, {"keys", keys_}, {"machines", machines_}};
  out.close();
  if (!out) throw std::runtime_error("cannot write " + part);
  std::filesystem::rename(part, file_);
}

AuthKey& Roster::add_key(AuthKey key, net::Random& random) {
  key.id = numbered("k", ++made_);
  key.secret = "tskey-auth-" + key.id + "-" + random.hex(16);
  return keys_[key.id] = std::move(key);
}

Machine& Roster::join(const std::string& secret, const std::string& hostname, std::int64_t now) {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) { return one.second.secret == secret; });
  if (found == keys_.end()) throw NotLetIn{401, "invalid key: unknown"};
  auto& key = found->second;
  if (key.revoked) throw NotLetIn{401, "invalid key: revoked"};
  if (key.expires <= now) throw NotLetIn{401, "invalid key: expired"};
  if (key.used && !key.reusable) throw NotLetIn{401, "invalid key: used already"};
  key.used = true;
  Machine machine;
  machine.id = numbered("n", ++made_);
  machine.hostname = hostname;
  machine.label = free_label(hostname);
  machine.tags = key.tags;
  machine.address = "100.64." + std::to_string(made_ / 250 % 250) + "." + std::to_string(1 + made_ % 250);
  machine.ephemeral = key.ephemeral;
  machine.authorized = key.preauthorized;
  machine.online = true;
  machine.created = now;
  machine.last_seen = now;
  return machines_[machine.id] = std::move(machine);
}

std::string Roster::free_label(const std::string& hostname) const {
  const auto is_taken = [&](const std::string& label) {
    return std::any_of(machines_.begin(), machines_.end(),
                       [&](const auto& one) { return one.second.label == label; });
  };
  auto label = hostname;
  for (int suffix = 1; is_taken(label); ++suffix) label = hostname + "-" + std::to_string(suffix);
  return label;
}

AuthKey* Roster::find_key(const std::string& id) {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

Machine* Roster::find_machine(const std::string& id) {
  const auto found = machines_.find(id);
  return found == machines_.end() ? nullptr : &found->second;
}

}  // namespace tailnet::simulator
