#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hetzner/actions.hpp"
#include "hetzner/api.hpp"
#include "hetzner/error.hpp"
#include "hetzner/types.hpp"

namespace hetzner {

/// Whether an effect is tried for the first time or may have happened already (the operation was
/// resumed after a crash): then look before creating.
enum class Attempt { first, resumed };

struct VolumeSpec {
  std::string name;
  std::string location;
  int size_gb = 10;
  Labels labels;
  Labels ours;  ///< the labels an existing one must carry to be adopted
};

struct PrimaryIpSpec {
  std::string name;
  std::string location;
  Labels labels;
  Labels ours;
};

struct ServerSpec {
  std::string name;
  std::vector<std::string> server_types;  ///< in the order in which they are tried
  std::string location;
  ImageId image;
  VolumeId volume;
  PrimaryIpId ipv4;
  std::vector<SshKeyId> ssh_keys;
  std::vector<FirewallId> firewalls;
  Labels labels;
  Labels ours;
};

/// What an operation has to remember of a server it made; in the journal `created` is unix ms.
struct CreatedServer {
  ServerId id;
  std::string name;
  std::string server_type;  ///< the one that there was room for
  std::string ipv4;
  Time created;
  std::vector<ActionId> actions;  ///< of the create request; empty when the server was adopted running
  bool volume_attached = false;   ///< an attach_volume action is among them, or the server has the volume
};
void to_json(nlohmann::json& json, const CreatedServer& server);
void from_json(const nlohmann::json& json, CreatedServer& server);

/// The cloud in its own words. `find_` looks (absence is nullopt), `ensure_` makes true and may be
/// repeated, `until_` waits. All throw what Api throws.
class Cloud {
 public:
  Cloud(Api& api, Actions& actions, net::Clock& clock) : api_(api), actions_(actions), clock_(clock) {}

  net::awaitable<std::vector<ServerType>> server_types();
  net::awaitable<std::vector<Location>> locations();
  net::awaitable<Pricing> pricing();
  /// Available snapshots labelled os-flavor=`flavour`, newest (`created`) first.
  net::awaitable<std::vector<Image>> snapshots(std::string flavour);
  /// Those of every flavour: whatever has the label os-flavor.
  net::awaitable<std::vector<Image>> snapshots();
  net::awaitable<std::optional<Image>> find_image(ImageId id);
  net::awaitable<std::vector<SshKey>> ssh_keys();
  net::awaitable<std::vector<Firewall>> firewalls();
  /// Everything that carries all of `labels`; the whole project's without any.
  net::awaitable<std::vector<Server>> servers(Labels labels);
  net::awaitable<std::vector<Volume>> volumes(Labels labels);
  net::awaitable<std::vector<PrimaryIp>> primary_ips(Labels labels);

  net::awaitable<std::optional<Server>> find_server(std::string name);
  net::awaitable<std::optional<Server>> find_server(ServerId id);
  net::awaitable<std::optional<Volume>> find_volume(std::string name);
  net::awaitable<std::optional<PrimaryIp>> find_primary_ip(std::string name);
  net::awaitable<std::optional<Volume>> find_volume(VolumeId id);
  net::awaitable<std::optional<PrimaryIp>> find_primary_ip(PrimaryIpId id);

  /// The average of what Hetzner measured from `from` on until `to`, a sample a minute, fewer for more than
  /// three hours (https://docs.hetzner.cloud/reference/cloud#servers-get-metrics-for-a-server; the last 30
  /// days are kept). nullopt: the server is gone, or there is no sample of its CPU, as when it was only just
  /// made.
  net::awaitable<std::optional<Load>> load(ServerId id, Time from, Time to);

  /// A key with this public key: created, or the one the project already has (same type and bytes).
  net::awaitable<SshKeyId> ensure_ssh_key(std::string name, std::string public_key, Labels labels);
  /// Creates, or adopts the one of that name that carries `ours`; a foreign one of that name throws
  /// ApiError uniqueness_error. A new volume is waited for; an adopted one may still be `creating`, then
  /// whatever needs it is answered 423 and repeated by Api.
  net::awaitable<Volume> ensure_volume(VolumeSpec spec, Attempt attempt);
  net::awaitable<PrimaryIp> ensure_primary_ip(PrimaryIpSpec spec, Attempt attempt);
  /// As above, whatever it is called by now; `user_data` (≤ 32 KiB) is asked for just before the POSTs, never
  /// when one is adopted. Where there is no room for a type, the next one is tried; ApiError
  /// resource_unavailable after the last.
  using UserData = std::function<net::awaitable<std::string>()>;
  net::awaitable<CreatedServer> ensure_server(ServerSpec spec, Attempt attempt, UserData user_data);

  /// Until every action of the create request is done, the server runs and has `volume`. The server itself
  /// is read only when it was adopted running or no attach_volume action came back.
  net::awaitable<void> until_running(CreatedServer server, VolumeId volume);
  net::awaitable<void> until_off(ServerId id);  ///< status "off", or the server is gone
  net::awaitable<void> until_done(std::vector<ActionId> actions);

  /// To `size_gb`, while it is attached or not; no error when it has as much already. What is on it must be
  /// grown by whoever has it mounted.
  net::awaitable<void> grow_volume(VolumeId id, int size_gb);
  /// No error when that server has it already; waits while the volume is promised and at no server yet.
  net::awaitable<void> attach_volume(VolumeId volume, ServerId server);
  /// ACPI signal; its success says nothing about the status. No error when the server is gone or off.
  net::awaitable<void> shutdown(ServerId id);
  /// Cuts the power and waits for it. No error when the server is gone or off.
  net::awaitable<void> poweroff(ServerId id);
  /// The delete action, or nullopt when the server is already gone. Await the action: 404 comes first, and
  /// volume and IP are free only after it. Also nullopt when the answer of the DELETE that did it was lost.
  net::awaitable<std::optional<ActionId>> delete_server(ServerId id);
  /// Already gone is done.
  net::awaitable<void> delete_volume(VolumeId id);
  net::awaitable<void> delete_primary_ip(PrimaryIpId id);
  net::awaitable<void> delete_ssh_key(SshKeyId id);
  net::awaitable<void> delete_image(ImageId id);
  /// Nobody deletes it by a slip; a DELETE is refused with 423 until it is taken off again. Repeating is
  /// safe.
  net::awaitable<void> set_delete_protection(VolumeId id, bool on);
  net::awaitable<void> set_delete_protection(PrimaryIpId id, bool on);
  /// An address that would go with its server stays.
  net::awaitable<void> keep_after_server(PrimaryIpId id);

  [[nodiscard]] Budget budget() const { return api_.budget(); }
  [[nodiscard]] std::optional<net::Time> silent_since() const { return api_.silent_since(); }
  [[nodiscard]] long sent() const { return api_.sent(); }

 private:
  net::awaitable<std::optional<Server>> find_ours(const ServerSpec& spec);
  net::awaitable<std::optional<ActionId>> power_down(ServerId id, std::string verb);
  net::awaitable<void> remove_if_there(std::string path);
  net::awaitable<void> protect(std::string path, bool on);
  Api& api_;
  Actions& actions_;
  net::Clock& clock_;
};

}  // namespace hetzner
