#pragma once
#include <map>
#include <string>
#include <vector>

#include "net/clock.hpp"

namespace commands {

using net::Duration;

/// [limits] of the configuration.
struct Limits {
  Duration stage_boot = std::chrono::minutes(15);
  // Longer than what a workspace gives its own stages (TimeoutStartSec= in deploy/cloud-init), which say
  // more.
  Duration stage_join = std::chrono::minutes(10);
  Duration stage_editor = std::chrono::minutes(20);
  Duration flush = std::chrono::seconds(90);
  Duration shutdown = std::chrono::seconds(90);
  Duration request = std::chrono::seconds(30);
  Duration poll_actions = std::chrono::seconds(1);
  Duration poll_devices = std::chrono::seconds(3);
  Duration undo_watch = std::chrono::minutes(2);
  Duration reconcile = std::chrono::minutes(5);
  Duration retry = std::chrono::seconds(1);    ///< first back-off of a repeated request
  Duration answer = std::chrono::minutes(10);  ///< how long a question stays open
  bool operator==(const Limits&) const = default;
};

/// What may take the place of a server type that cannot be ordered: one of the same line (cpx → cpx), any, or
/// none.
enum class Substitutes { same, any, off };

/// [policy]: when a workspace that nobody uses is stopped.
struct IdlePolicy {
  Duration remind = std::chrono::minutes(30);  ///< idle for so long, its owner is told
  Duration stop = std::chrono::minutes(60);    ///< and stopped, at the end of the hour that is paid then
  Duration grace = std::chrono::minutes(10);  ///< what an open tab counts, and a question waits before a stop
  Duration hard_cap = std::chrono::hours(24);  ///< since the server was made; nothing keeps it up longer
  std::string quiet;                           ///< "22-7": no reminders then; "" = none
  bool operator==(const IdlePolicy&) const = default;
};

/// [policy] rooms: the most that is done in a room, whoever asks there.
enum class RoomLimit { read, member, operating };

/// [policy] approve: what somebody else has to allow before it is ordered.
struct Approval {
  std::vector<std::string> types;          ///< "ccx63", "ccx*"
  std::string hourly;                      ///< "0.10": what costs more an hour, as shown; "" = no limit
  Duration wait = std::chrono::hours(24);  ///< then a request counts as denied
  bool operator==(const Approval&) const = default;
};

/// [policy] trash: what becomes of a workspace that was deleted.
struct TrashPolicy {
  Duration time = std::chrono::hours(7 * 24);  ///< it can be brought back
  Duration notice = std::chrono::hours(24);    ///< so long before the end its owner is told
  bool operator==(const TrashPolicy&) const = default;
};

/// Who may do what: patterns "matrix:@a:hs", "matrix:@*:hs", "slack:T1/*", "console:NAME".
struct Policy {
  std::vector<std::string> admins;
  std::vector<std::string> operators;
  std::vector<std::string> members;
  std::map<std::string, RoomLimit> rooms;  ///< by the room's id, never by an alias of it
  Approval approve;
  std::vector<std::string> jobs = {"make",  "ninja",         "cargo",  "rustc", "pytest",
                                   "rsync", "docker-buildx", "apt-get"};  ///< processes that count as work
  int creates_per_hour = 10;      ///< servers that one person may make in an hour
  int all_creates_per_hour = 40;  ///< and everybody together
  IdlePolicy idle;
  TrashPolicy trash;
  bool operator==(const Policy&) const = default;
};

/// What the commands need to know of the configuration ([bot], [hetzner], [tailnet], [workspace]).
struct Settings {
  std::string name = "devbox";  ///< label devbox-bot, one per installation
  std::string prefix = "!devbox";
  std::string timezone = "UTC";
  bool gross = false;  ///< [bot] money
  std::string location = "fsn1";
  std::string image = "ubuntu-dev";  ///< flavour
  int image_weeks = 6;               ///< an image that is older is called old
  std::string type = "cpx32";
  Substitutes substitutes = Substitutes::same;
  int volume_gb = 20;
  std::string user = "dev";
  int editor_port = 8080;
  std::vector<std::string> keep_dirs = {"/var/lib/docker", "/var/lib/containerd"};
  std::vector<std::string> firewalls;  ///< names or ids at Hetzner
  std::vector<std::string> ssh_keys;   ///< names or ids at Hetzner
  std::string tag = "tag:devbox";
  std::string login_server;  ///< "" = Tailscale's
  std::string serve = "auto";
  bool ssh = false;        ///< Tailscale SSH on workspaces
  std::string public_url;  ///< where workspaces reach the reports endpoint
  std::string notice;      ///< shown with every plan: "simulated, time runs 10× …"
  Limits limits;
  Policy policy;
  bool operator==(const Settings&) const = default;
};

}  // namespace commands
