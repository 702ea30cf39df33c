#include "commands/findings.hpp"

#include "tests/catch.hpp"

using namespace commands;
using Kind = Finding::Kind;
using Kinds = std::vector<Kind>;

namespace {

const hetzner::Labels ours = {
    {"devbox-bot", "devbox"}, {"devbox-workspace", "alice"}, {"managed-by", "devbox"}};

/// alice is up: server 10, volume 20, address 30, all as they should be.
struct Scene {
  Scene() {
    known.bot = "devbox";
    storage::WorkspaceRow workspace;
    workspace.id = 1;
    workspace.hostname = "alice";
    workspace.location = "fsn1";
    workspace.volume_id = 20;
    workspace.ip_id = 30;
    workspace.ipv4 = "203.0.113.1";
    known.workspaces = {workspace};
    storage::SessionRow session;
    session.server_id = 10;
    session.workspace = 1;
    known.sessions = {session};
    hetzner::Server server;
    server.id.value = 10;
    server.name = "alice";
    server.status = "running";
    server.labels = ours;
    server.labels["devbox-operation"] = "up";
    inventory.servers = {server};
    hetzner::Volume volume;
    volume.id.value = 20;
    volume.server = server.id;
    volume.delete_protected = true;
    volume.labels = ours;
    inventory.volumes = {volume};
    hetzner::PrimaryIp ip;
    ip.id.value = 30;
    ip.ip = "203.0.113.1";
    ip.assignee = server.id;
    ip.delete_protected = true;
    ip.labels = ours;
    inventory.ips = {ip};
  }
  [[nodiscard]] Kinds kinds() const {
    Kinds kinds;
    for (const auto& finding : compare(inventory, known)) kinds.push_back(finding.kind);
    return kinds;
  }
  [[nodiscard]] std::string text() const { return compare(inventory, known).at(0).text; }
  hetzner::Server& server() { return inventory.servers.front(); }
  hetzner::Volume& volume() { return inventory.volumes.front(); }
  hetzner::PrimaryIp& ip() { return inventory.ips.front(); }

  Inventory inventory;
  Known known;
};

}  // namespace

TEST_CASE("where all is as it should be, nothing is found") {
  Scene scene;
  CHECK(scene.kinds().empty());
  scene.known.sessions.clear();
  scene.inventory.servers.clear();
  scene.volume().server.reset();
  scene.ip().assignee.reset();
  CHECK(scene.kinds().empty());
}

TEST_CASE("a server that was deleted, switched off or renamed outside is found") {
  Scene scene;
  SECTION("deleted") {
    scene.inventory.servers.clear();
    scene.volume().server.reset();
    scene.ip().assignee.reset();
    CHECK(scene.kinds().front() == Kind::server_gone);
    CHECK(scene.text() == "alice's server was deleted outside of this bot.");
  }
  SECTION("off") {
    scene.server().status = "off";
    CHECK(scene.kinds() == Kinds{Kind::server_off});
    CHECK(scene.text() ==
          "alice's server is powered off, and billed as if it ran: `down` deletes it, Hetzner's "
          "console starts it.");
  }
  SECTION("renamed") {
    scene.server().name = "bob";
    CHECK(scene.kinds() == Kinds{Kind::server_renamed});
    CHECK(scene.text() == "alice's server was renamed to \"bob\" outside of this bot.");
  }
}

TEST_CASE("a volume or an address that is gone or somewhere else is found") {
  Scene scene;
  SECTION("volume gone") {
    scene.inventory.volumes.clear();
    CHECK(scene.kinds() == Kinds{Kind::volume_gone});
  }
  SECTION("volume detached") {
    scene.volume().server.reset();
    CHECK(scene.kinds() == Kinds{Kind::volume_elsewhere});
    CHECK(scene.text() == "alice's volume is at no server, not at its own: /home is not there.");
  }
  SECTION("volume at a server of others while alice is down") {
    scene.known.sessions.clear();
    scene.inventory.servers.clear();
    scene.ip().assignee.reset();
    CHECK(scene.kinds() == Kinds{Kind::volume_elsewhere});
    CHECK(scene.text() == "alice's volume is at server 10, which this bot did not make.");
  }
  SECTION("address gone") {
    scene.inventory.ips.clear();
    CHECK(scene.kinds() == Kinds{Kind::address_gone});
  }
  SECTION("address moved") {
    scene.ip().assignee = hetzner::ServerId{11};
    CHECK(scene.kinds() == Kinds{Kind::address_elsewhere});
    CHECK(scene.text() == "alice's address 203.0.113.1 is at server 11, not at its own.");
  }
}

TEST_CASE("edited labels are found, and things without any of ours are left in peace") {
  Scene scene;
  scene.volume().labels["devbox-workspace"] = "bob";
  CHECK(scene.kinds() == Kinds{Kind::labels_edited});
  scene.volume().labels.clear();  // adopted
  scene.volume().delete_protected = false;
  CHECK(scene.kinds().empty());
}

TEST_CASE("what we made and nobody protects is found; an address that goes with its server cannot be") {
  Scene scene;
  scene.volume().delete_protected = scene.ip().delete_protected = false;
  CHECK(scene.kinds() == Kinds{Kind::unprotected_volume, Kind::unprotected_address});
  CHECK(scene.text().empty());
  scene.ip().auto_delete = true;
  CHECK(scene.kinds() == Kinds{Kind::unprotected_volume});
}

TEST_CASE("where an operation is at work, nothing is found") {
  Scene scene;
  scene.inventory = {};
  scene.known.busy = {1};
  CHECK(scene.kinds().empty());
}

TEST_CASE("a server of ours that no session knows is lost, unless its operation still runs") {
  Scene scene;
  auto lost = scene.server();
  lost.id.value = 11;
  lost.labels["devbox-operation"] = "lost";
  scene.inventory.servers.push_back(lost);
  CHECK(scene.kinds() == Kinds{Kind::lost_server});
  scene.known.unfinished = {"lost"};
  CHECK(scene.kinds().empty());
  scene.known.unfinished.clear();
  scene.inventory.servers.back().labels["devbox-bot"] = "another";
  CHECK(scene.kinds().empty());
}

TEST_CASE("a token of another project is told from a server that was deleted") {
  Scene scene;
  CHECK_FALSE(is_another_project(scene.inventory, scene.known));
  scene.inventory.servers.clear();
  CHECK_FALSE(is_another_project(scene.inventory, scene.known));
  scene.inventory = {};
  CHECK_FALSE(is_another_project(scene.inventory, scene.known));  // one person's whole workspace may be gone
  scene.known.workspaces.push_back(scene.known.workspaces.front());
  scene.known.workspaces.back().id = 2;
  CHECK(is_another_project(scene.inventory, scene.known));
  scene.known = {};
  CHECK_FALSE(is_another_project(scene.inventory, scene.known));
}
