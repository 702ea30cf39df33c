#include "commands/findings.hpp"

#include <algorithm>

#include "commands/gone.hpp"

namespace commands {
namespace {

using FindingKind = Finding::Kind;

template <class T>
const T* find_id(const std::vector<T>& all, std::int64_t id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id.value == id; });
  return found == all.end() ? nullptr : &*found;
}

/// An adopted thing has none of our labels and needs none; one of ours has the workspace's.
bool has_edited_labels(const hetzner::Labels& labels, const Known& known, const std::string& hostname) {
  int ours = 0;
  const auto wanted = workspace_labels(known.bot, hostname);
  for (const auto& [key, value] : wanted) {
    const auto found = labels.find(key);
    ours += found != labels.end() && found->second == value;
  }
  const bool is_marked = std::any_of(labels.begin(), labels.end(),
                                     [](const auto& label) { return label.first.starts_with("devbox-"); });
  return is_marked && ours != static_cast<int>(wanted.size());
}

class Comparison {
 public:
  Comparison(const Inventory& inventory, const Known& known) : inventory_(inventory), known_(known) {}

  std::vector<Finding> all() {
    for (const auto& workspace : known_.workspaces) {
      if (known_.busy.contains(workspace.id) || workspace.state == "deleted") continue;
      look_at_server(workspace);
      look_at_volume(workspace);
      look_at_address(workspace);
    }
    look_for_lost();
    return std::move(found_);
  }

 private:
  void add(FindingKind kind, std::int64_t workspace, std::int64_t id, std::string text) {
    found_.push_back({kind, workspace, id, std::move(text)});
  }

  void look_at_server(const storage::WorkspaceRow& workspace) {
    const auto* session = known_.session_of(workspace.id);
    if (!session) return;
    const auto& name = workspace.hostname;
    const auto* server = find_id(inventory_.servers, session->server_id);
    if (!server)
      return add(FindingKind::server_gone, workspace.id, session->server_id,
                 name + "'s server was deleted outside of this bot.");
    if (server->status == "off")
      add(FindingKind::server_off, workspace.id, server->id.value,
          name +
              "'s server is powered off, and billed as if it ran: `down` deletes it, Hetzner's console "
              "starts it.");
    if (server->name != name)
      add(FindingKind::server_renamed, workspace.id, server->id.value,
          name + "'s server was renamed to \"" + server->name + "\" outside of this bot.");
    if (has_edited_labels(server->labels, known_, name))
      add(FindingKind::labels_edited, workspace.id, server->id.value,
          "the labels of " + name + "'s server were edited; this bot knows its own by them.");
  }

  void look_at_volume(const storage::WorkspaceRow& workspace) {
    if (workspace.volume_id == 0) return;
    const auto& name = workspace.hostname;
    const auto* session = known_.session_of(workspace.id);
    const auto* volume = find_id(inventory_.volumes, workspace.volume_id);
    if (!volume)
      return add(FindingKind::volume_gone, workspace.id, workspace.volume_id, volume_is_gone(workspace));
    const auto at = volume->server ? volume->server->value : 0;
    if (at != (session ? session->server_id : 0))
      add(FindingKind::volume_elsewhere, workspace.id, volume->id.value,
          name + "'s volume is at " + (at == 0 ? "no server" : "server " + std::to_string(at)) +
              (session ? ", not at its own: /home is not there." : ", which this bot did not make."));
    if (has_edited_labels(volume->labels, known_, name))
      add(FindingKind::labels_edited, workspace.id, volume->id.value,
          "the labels of " + name + "'s volume were edited; this bot knows its own by them.");
    if (!volume->delete_protected && is_ours(volume->labels, known_))
      add(FindingKind::unprotected_volume, workspace.id, volume->id.value, "");
  }

  void look_at_address(const storage::WorkspaceRow& workspace) {
    if (workspace.ip_id == 0) return;
    const auto& name = workspace.hostname;
    const auto* session = known_.session_of(workspace.id);
    const auto* ip = find_id(inventory_.ips, workspace.ip_id);
    if (!ip) return add(FindingKind::address_gone, workspace.id, workspace.ip_id, address_is_gone(workspace));
    const auto at = ip->assignee ? ip->assignee->value : 0;
    if (at != (session ? session->server_id : 0))
      add(FindingKind::address_elsewhere, workspace.id, ip->id.value,
          name + "'s address " + ip->ip + " is at " +
              (at == 0 ? "no server." : "server " + std::to_string(at) + ", not at its own."));
    if (has_edited_labels(ip->labels, known_, name))
      add(FindingKind::labels_edited, workspace.id, ip->id.value,
          "the labels of " + name + "'s address were edited; this bot knows its own by them.");
    if (!ip->delete_protected && !ip->auto_delete && is_ours(ip->labels, known_))
      add(FindingKind::unprotected_address, workspace.id, ip->id.value, "");
  }

  void look_for_lost() {
    for (const auto& server : inventory_.servers) {
      const auto operation = server.labels.find("devbox-operation");
      if (!is_ours(server.labels, known_) || operation == server.labels.end()) continue;
      const bool is_running = known_.unfinished.contains(operation->second);
      const bool is_known = std::any_of(known_.sessions.begin(), known_.sessions.end(),
                                        [&](const auto& one) { return one.server_id == server.id.value; });
      if (!is_running && !is_known) add(FindingKind::lost_server, 0, server.id.value, "");
    }
  }

  const Inventory& inventory_;
  const Known& known_;
  std::vector<Finding> found_;
};

const char* name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::server_gone:
      return "server_gone";
    case FindingKind::server_off:
      return "server_off";
    case FindingKind::server_renamed:
      return "server_renamed";
    case FindingKind::labels_edited:
      return "labels_edited";
    case FindingKind::volume_gone:
      return "volume_gone";
    case FindingKind::volume_elsewhere:
      return "volume_elsewhere";
    case FindingKind::address_gone:
      return "address_gone";
    case FindingKind::address_elsewhere:
      return "address_elsewhere";
    case FindingKind::unprotected_volume:
      return "unprotected_volume";
    case FindingKind::unprotected_address:
      return "unprotected_address";
    case FindingKind::lost_server:
      return "lost_server";
  }
  return "";
}

}  // namespace

std::vector<Finding> compare(const Inventory& inventory, const Known& known) {
  return Comparison(inventory, known).all();
}

bool is_another_project(const Inventory& inventory, const Known& known) {
  int expected = 0;
  for (const auto& session : known.sessions)
    if (find_id(inventory.servers, session.server_id)) return false;
  for (const auto& workspace : known.workspaces) {
    expected += workspace.volume_id != 0 || workspace.ip_id != 0;
    if (workspace.volume_id != 0 && find_id(inventory.volumes, workspace.volume_id)) return false;
    if (workspace.ip_id != 0 && find_id(inventory.ips, workspace.ip_id)) return false;
  }
  return expected > 1;
}

std::string key_of(const Finding& finding) {
  return std::to_string(finding.workspace) + "/" + name_of(finding.kind) + "/" + std::to_string(finding.id);
}

}  // namespace commands
