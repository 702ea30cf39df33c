#include <spdlog/spdlog.h>

#include <algorithm>

#include "commands/approval.hpp"
#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/duration.hpp"
#include "commands/gone.hpp"
#include "commands/idle.hpp"
#include "commands/inventory.hpp"
#include "commands/keys.hpp"
#include "commands/late.hpp"
#include "commands/ledger.hpp"
#include "commands/names.hpp"
#include "commands/plan.hpp"
#include "commands/server_keys.hpp"
#include "commands/starts.hpp"
#include "commands/user_data.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

using hetzner::CreatedServer;
using hetzner::PrimaryIpId;
using hetzner::VolumeId;

Reports::Source source_of(const Operation& op) { return {op.row().workspace, op.id()}; }

hetzner::Labels all_labels(const Operation& op, const Services& world, const Plan& plan) {
  auto labels = workspace_labels(world.settings.name, plan.hostname);
  const auto owner = world.storage.people.find(op.workspace().owner);
  labels["managed-by"] = "devbox";
  labels["devbox-owner"] = dns_label(short_name(owner.value()));
  labels["devbox-operation"] = op.id();
  return labels;
}

net::awaitable<VolumeId> ensure_home(const Operation& op, Services& world, const Plan& plan) {
  const auto workspace = op.workspace();
  if (workspace.volume_id != 0) co_return VolumeId{workspace.volume_id};
  hetzner::VolumeSpec spec;
  spec.name = plan.hostname;
  spec.location = plan.location;
  spec.size_gb = plan.volume_gb;
  spec.labels = all_labels(op, world, plan);
  spec.ours = workspace_labels(world.settings.name, plan.hostname);
  const auto attempt = op.attempt();
  const auto volume = co_await world.cloud.ensure_volume(spec, attempt);
  const auto offer = co_await world.project.offer();
  keep_volume(world, offer, workspace.id, volume);
  co_return volume.id;
}

net::awaitable<PrimaryIpId> ensure_address(const Operation& op, Services& world, const Plan& plan) {
  const auto workspace = op.workspace();
  if (workspace.ip_id != 0) co_return PrimaryIpId{workspace.ip_id};
  hetzner::PrimaryIpSpec spec;
  spec.name = plan.hostname;
  spec.location = plan.location;
  spec.labels = all_labels(op, world, plan);
  spec.ours = workspace_labels(world.settings.name, plan.hostname);
  const auto attempt = op.attempt();
  const auto ip = co_await world.cloud.ensure_primary_ip(spec, attempt);
  const auto offer = co_await world.project.offer();
  keep_address(world, offer, workspace.id, ip);
  co_return ip.id;
}

hetzner::ServerSpec server_spec(const Operation& op, const Services& world, const Plan& plan) {
  hetzner::ServerSpec spec;
  spec.name = plan.hostname;
  spec.server_types = plan.types();
  spec.location = plan.location;
  spec.image = plan.image;
  spec.labels = all_labels(op, world, plan);
  spec.ours = workspace_labels(world.settings.name, plan.hostname);
  spec.ours["devbox-operation"] = op.id();
  return spec;
}

/// User-data with a key of its own, minted just before the server is asked for: a server that is found made
/// has its key already.
net::awaitable<std::string> keyed_user_data(Operation& op, Services& world, const Plan& plan,
                                            const hetzner::ServerSpec& spec) {
  // Something may still come of the request before this one, also when the next is never sent.
  if (!op.notes("minting").empty()) op.note("asks again", "yes");
  const auto workspace = op.workspace();
  co_await forget_devices(world, workspace);
  co_await revoke_keys(op, world);
  UserData about;
  about.auth_key = co_await mint_noted(op, world);
  about.hostname = plan.hostname;
  about.login_server = world.settings.login_server;
  about.public_url = world.settings.public_url;
  about.token = world.reports.token(source_of(op));
  about.volume = spec.volume.value;
  about.user = world.settings.user;
  about.editor_port = world.settings.editor_port;
  about.keep_dirs = world.settings.keep_dirs;
  about.serve = world.settings.serve;
  about.jobs = world.settings.policy.jobs;
  about.ssh = world.settings.ssh;
  about.authorized_keys = authorized_keys(world, op.workspace().owner, spec.ssh_keys);
  co_return user_data(about);
}

/// One of the same operation that somebody deleted before a restart looked for it has ended, too.
void begin_session(const Operation& op, Services& world, const Plan& plan, const CreatedServer& server) {
  auto& sessions = world.storage.sessions;
  const auto before = sessions.current(op.row().workspace);
  if (before && before->server_id != server.id.value) sessions.end(before->server_id, world.clock.now());
  sessions.add(session_of(op.row(), plan, server.id, server.server_type, server.created));
}

/// What was said of the end of the server whose place it takes; of two fixed ends the sooner one stays.
void take_over_end(Services& world, std::int64_t before, std::int64_t server, std::optional<net::Time> end) {
  for (auto hold : world.storage.holds.of(before)) {
    const bool is_later = hold.kind == "until" && end && *end <= hold.until;
    if (hold.kind == "moved" || hold.until <= world.clock.now() || is_later) continue;
    hold.session = server;
    world.storage.holds.set(hold);
  }
  world.changed.notify();
}

/// When it is to go down by itself, as was asked.
void keep_end(const Operation& op, Services& world, const Request& ask, std::int64_t server) {
  std::optional<net::Time> end;
  const auto set = [&](net::Time time, const std::string& said) {
    end = time;
    set_hold(world, server, "until", time, said, op.row().actor);
  };
  if (const auto length = ask.options.find("for"); length != ask.options.end())
    set(world.clock.now() + parse_duration(length->second).value(), "up for " + length->second);
  else if (const auto until = ask.options.find("until"); until != ask.options.end())
    set(storage::from_ms(std::stoll(until->second)), "up until its end");
  if (const auto before = ask.options.find("after"); before != ask.options.end())
    take_over_end(world, std::stoll(before->second), server, end);
}

net::awaitable<CreatedServer> create_with_its_key(Operation& op, Services& world, const Plan& plan,
                                                  VolumeId volume, PrimaryIpId ip) {
  const auto offer = co_await world.project.offer();
  const auto owner = op.workspace().owner;
  auto spec = server_spec(op, world, plan);
  spec.volume = volume;
  spec.ipv4 = ip;
  spec.ssh_keys = offer.keys_named(world.settings.ssh_keys, own_keys(world, owner));
  spec.firewalls = offer.firewalls_named(world.settings.firewalls);
  const auto attempt = op.attempt();
  const hetzner::Cloud::UserData with_key = [&] { return keyed_user_data(op, world, plan, spec); };
  std::optional<CreatedServer> server;
  std::optional<hetzner::ApiError> refused;
  try {
    server = co_await world.cloud.ensure_server(spec, attempt, with_key);
  } catch (const hetzner::ApiError& error) {
    if (error.code != "invalid_input" && error.code != "not_found") throw;
    refused = error;
  }
  if (refused) {
    const auto gone = co_await forget_gone(world, op.row().workspace);
    if (!gone.empty()) throw Error(gone);
    if (!misses_ssh_key(*refused)) throw hetzner::ApiError(*refused);
    spec.ssh_keys = co_await keys_made_anew(world, owner);
    server = co_await world.cloud.ensure_server(spec, attempt, with_key);
  }
  begin_session(op, world, plan, *server);
  co_return *server;
}

net::awaitable<tailnet::Node> join(Operation& op, Services& world, const Plan& plan,
                                   const CreatedServer& server) {
  const auto since = key_created(op, world);
  std::optional<tailnet::Node> node;
  const auto find = [&]() -> net::awaitable<void> {
    auto found = co_await world.tailnet.until_online(plan.hostname, since);
    node.emplace(std::move(found));
  };
  auto online = find();
  auto failed = world.reports.until_join_fails(source_of(op));
  co_await net::ends_before(std::move(online), std::move(failed));
  world.storage.sessions.set_node(server.id.value, node->id, node->name);
  co_return *node;
}

/// The server of an `up` before this one, if it is still there: somebody may have deleted it by hand, or
/// switched it off. 0 = none.
net::awaitable<std::int64_t> find_running(const Operation& op, Services& world) {
  const auto workspace = op.workspace();
  const auto session = world.storage.sessions.current(workspace.id);
  if (!session) co_return 0;
  const hetzner::ServerId id{session->server_id};
  const auto server = co_await world.cloud.find_server(id);
  if (!server) {
    const auto lingers = co_await leave_tailnet(world, workspace);
    if (!lingers.empty())
      spdlog::warn("{}: its device could not be deleted: {}", workspace.hostname, lingers);
    co_await until_free(world, workspace.id);
    world.storage.sessions.end(session->server_id, world.clock.now());
    co_return 0;
  }
  const bool is_off = server->status == "off";
  if (is_off || session->node_name.empty())
    throw Error(workspace.hostname + " has a server (" + session->type + ") that " +
                (is_off ? "is off" : "never joined the tailnet") + ", and it is billed. " +
                line_for(world, workspace, "down") + " deletes it; volume and address stay.");
  co_return session->server_id;
}

/// The next `up` without a type or image takes the same.
void remember_choice(const Operation& op, Services& world, const Request& ask) {
  auto policy = op.workspace().policy;
  for (const auto* key : {"type", "image"})
    if (const auto found = ask.options.find(key); found != ask.options.end()) policy[key] = found->second;
  if (policy != op.workspace().policy) world.storage.workspaces.set_policy(op.row().workspace, policy);
}

std::string card_of(const Operation& op, Services& world, std::int64_t server) {
  return card(world, op.workspace(), world.storage.sessions.find(server).value());
}

/// It runs already: what else was wished for takes a new server.
std::string what_was_ignored(const Operation& op, Services& world, const Request& ask, std::int64_t server) {
  const auto session = world.storage.sessions.find(server).value();
  const auto type = ask.options.find("type");
  const bool is_other = (type != ask.options.end() && type->second != session.type) ||
                        ask.options.contains("image") || ask.options.contains("location");
  if (!is_other) return "";
  return "\n  It runs already, so nothing of that was changed: " + line_for(world, op.workspace(), "down") +
         " first.";
}

}  // namespace

net::awaitable<void> up(Operation& op, Services& world, const Request& ask) {
  const auto& limits = world.settings.limits;
  op.on_late = [&](const std::string& step) { return what_is_late(op, world, step); };
  auto running = co_await op.look("what runs", [&] { return find_running(op, world); });
  // What was to be taken down before is still there, and why has been said.
  if (running != 0 && ask.flags.contains("again")) co_return;
  if (running != 0) keep_end(op, world, ask, running);
  if (running != 0)
    co_return op.say("ready", card_of(op, world, running) + what_was_ignored(op, world, ask, running));
  auto plan = co_await op.look("preflight", [&] { return preflight(world, op.workspace(), ask); });
  if (!plan.consent.empty()) {
    auto asked = co_await op.step("ask for consent", [&] { return ask_for_consent(op, world, plan); });
    co_return op.say("requested", asked);
  }
  op.say("plan", announcement(world, plan) + why_it_starts(world, op.row()));
  auto volume = co_await op.step("home volume", [&] { return ensure_home(op, world, plan); });
  auto ip = co_await op.step("address", [&] { return ensure_address(op, world, plan); });
  auto server =
      co_await op.step("create server", [&] { return create_with_its_key(op, world, plan, volume, ip); });
  co_await op.step("boot", limits.stage_boot, [&] { return world.cloud.until_running(server, volume); });
  co_await op.step("join tailnet", limits.stage_join, [&] { return join(op, world, plan, server); });
  co_await op.step("revoke key", [&] { return revoke_used_key(op, world); });
  co_await op.step("editor", limits.stage_editor, [&] { return world.reports.until_ready(source_of(op)); });
  remember_choice(op, world, ask);
  keep_end(op, world, ask, server.id.value);
  op.say("ready", card_of(op, world, server.id.value));
}

}  // namespace commands
