#pragma once
#include "tests/hetzner/scripted.hpp"

/// One workspace's things, as its operation asks for them and as the API shows them.
namespace objects {

inline const hetzner::Labels ours{{"devbox-bot", "devbox"}, {"devbox-operation", "0123456789abcdef"}};

inline hetzner::VolumeSpec volume_spec() { return {"devbox-alice", "fsn1", 20, ours, ours}; }
inline hetzner::PrimaryIpSpec ip_spec() { return {"devbox-alice", "fsn1", ours, ours}; }
inline hetzner::ServerSpec server_spec() {
  return {"devbox-alice", {"cpx32"}, "fsn1", {99}, {4711}, {5}, {{7}}, {{38}}, ours, ours};
}

inline nlohmann::json a_server(const std::string& status, std::vector<int> volumes = {4711}) {
  return {{"id", 42},
          {"name", "devbox-alice"},
          {"status", status},
          {"created", "2026-11-23T09:00:00Z"},
          {"public_net", {{"ipv4", {{"id", 5}, {"ip", "203.0.113.10"}}}}},
          {"volumes", volumes},
          {"labels", ours}};
}
/// `server` null: not attached.
inline nlohmann::json a_volume(const nlohmann::json& server = nullptr) {
  return {{"id", 4711}, {"name", "devbox-alice"}, {"size", 20}, {"server", server}, {"labels", ours}};
}
inline nlohmann::json an_ip() {
  return {{"id", 5}, {"name", "devbox-alice"}, {"ip", "203.0.113.10"}, {"labels", ours}};
}
inline nlohmann::json action(int id, const std::string& command, const std::string& status) {
  nlohmann::json error;
  if (status == "error") error = {{"code", "action_failed"}, {"message", "no luck"}};
  return {{"id", id}, {"command", command}, {"status", status}, {"error", error}};
}
/// The answer to a POST /servers; without `attaching` no attach_volume action comes back.
inline net::HttpResponse created(bool attaching = true) {
  auto next = nlohmann::json::array({action(12, "start_server", "running")});
  if (attaching) next.push_back(action(13, "attach_volume", "running"));
  return answer(201, {{"server", a_server("initializing", {})},
                      {"action", action(11, "create_server", "running")},
                      {"next_actions", next},
                      {"root_password", nullptr}});
}

}  // namespace objects
