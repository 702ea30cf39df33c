#include "commands/reconciler.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/gone.hpp"
#include "commands/keys.hpp"
#include "commands/ledger.hpp"
#include "commands/post.hpp"
#include "commands/record.hpp"
#include "commands/sentence.hpp"
#include "hetzner/retired.hpp"

namespace commands {
namespace {

using FindingKind = Finding::Kind;

constexpr double own_share = 0.05;  ///< of the project's requests
constexpr int first_after = 30;     ///< the first pass comes a 30th of the interval after the start
constexpr int most_protected = 6;   ///< things protected in one pass
constexpr int page = 50;

bool is_gone(FindingKind kind) {
  return kind == FindingKind::server_gone || kind == FindingKind::volume_gone ||
         kind == FindingKind::address_gone;
}

net::awaitable<void> nothing() { co_return; }

/// What the lists show while somebody deletes a server: told only when the next pass sees it, too.
bool may_pass(FindingKind kind) {
  return kind == FindingKind::volume_elsewhere || kind == FindingKind::address_elsewhere;
}

/// Requests that the lists of the project took.
int requests_of(const Inventory& inventory) {
  const auto pages = [](std::size_t count) {
    return std::max(1, static_cast<int>((count + page - 1) / page));
  };
  return pages(inventory.servers.size()) + pages(inventory.volumes.size()) + pages(inventory.ips.size());
}

/// What was so before and after the lists were read; anything else counts as being worked on.
Known steady(const Known& before, Known after) {
  after.busy.insert(before.busy.begin(), before.busy.end());
  after.unfinished.insert(before.unfinished.begin(), before.unfinished.end());
  for (const auto& workspace : after.workspaces) {
    const auto* was = before.session_of(workspace.id);
    const auto* is = after.session_of(workspace.id);
    if ((was ? was->server_id : 0) != (is ? is->server_id : 0)) after.busy.insert(workspace.id);
  }
  return after;
}

}  // namespace

Reconciler::Reconciler(Services& world)
    : world_(world),
      allowance_(own_share * static_cast<double>(world.cloud.budget().limit)),
      allowance_at_(world.clock.now()) {}

net::awaitable<void> Reconciler::run() {
  const auto interval = world_.settings.limits.reconcile;
  net::Duration pause = interval / first_after;
  for (;;) {
    co_await world_.clock.sleep_for(pause);
    pause = std::max(interval, until_affordable());
    if (world_.cloud.silent_since() || world_.cloud.budget().is_low()) continue;
    std::exception_ptr failure;
    try {
      co_await pass();
      co_await tell_watchers();
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure) continue;
    if (ends_the_process(failure)) std::rethrow_exception(failure);
    spdlog::warn("the project could not be compared with the database: {}", sentence(failure));
  }
}

net::Duration Reconciler::until_affordable() {
  const auto most = own_share * static_cast<double>(world_.cloud.budget().limit);
  const auto per_ms = most / std::chrono::milliseconds(std::chrono::hours(1)).count();
  const auto now = world_.clock.now();
  allowance_ = std::min(most, allowance_ + per_ms * static_cast<double>((now - allowance_at_).count()));
  allowance_at_ = now;
  const auto missing = last_pass_ - allowance_;
  return missing <= 0 ? net::Duration(0) : net::Duration(static_cast<std::int64_t>(missing / per_ms) + 1);
}

net::awaitable<void> Reconciler::pass() {
  const auto before = known_now(world_);
  allowance_ -= last_pass_;  // also of one that fails
  const auto inventory = co_await take_inventory(world_);
  const auto known = steady(before, known_now(world_));
  allowance_ += last_pass_ - requests_of(inventory);
  last_pass_ = requests_of(inventory);
  if (is_another_project(inventory, known)) {
    spdlog::error("nothing that this bot knows is in the Hetzner project: is the token of another project?");
    co_return;
  }
  const auto findings = compare(inventory, known);
  tell(findings, known.busy);
  int protections = 0;
  for (const auto& finding : findings) {
    const bool protects =
        finding.kind == FindingKind::unprotected_volume || finding.kind == FindingKind::unprotected_address;
    if (protects && ++protections > most_protected) continue;
    co_await try_to_apply(finding);
  }
}

/// One thing that Hetzner refuses keeps no other waiting.
net::awaitable<void> Reconciler::try_to_apply(const Finding& finding) {
  std::exception_ptr failure;
  try {
    co_await apply(finding);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  if (ends_the_process(failure)) std::rethrow_exception(failure);
  spdlog::warn("{}: {}", key_of(finding), sentence(failure));
}

bool Reconciler::is_still(std::int64_t workspace) {
  return world_.storage.journal.unfinished_of(workspace).empty();
}

void Reconciler::say(std::int64_t workspace, const std::string& key, const std::string& text) {
  spdlog::info("{}", text);
  const auto row = world_.storage.workspaces.find(workspace);
  auto last = world_.storage.journal.last_of(workspace);
  // One that was adopted and never up: where its owner spoke last.
  if (!last && row) last = world_.storage.journal.last_by(row->owner);
  if (!last || !row) return;
  Message message;
  message.text = "! " + text;
  message.mentions = {sender_of(world_.storage, row->owner)};
  post(world_, place_for(world_, *last, row->owner), key, "line", message);
}

/// What lasts is told when it begins; what is over is forgotten, so that it is told when it begins again. Of
/// workspaces where an operation is at work nothing is known.
void Reconciler::tell(const std::vector<Finding>& findings, const std::set<std::int64_t>& busy) {
  const auto now = world_.clock.now();
  const auto seen_before = std::exchange(seen_, {});
  world_.storage.database.write(storage::Commit::normal, [&] {
    std::set<std::string> keys;
    for (const auto& finding : findings) {
      if (finding.text.empty() || is_gone(finding.kind)) continue;
      const auto key = key_of(finding);
      seen_.insert(key);
      if (may_pass(finding.kind) && !seen_before.contains(key)) continue;
      keys.insert(key);
      const bool is_new = world_.storage.findings.add({key, finding.text, now});
      if (is_new)
        say(finding.workspace, "finding/" + key + "/" + std::to_string(storage::to_ms(now)), finding.text);
    }
    for (const auto workspace : busy)
      for (const auto& row : world_.storage.findings.of(workspace)) keys.insert(row.key);
    world_.storage.findings.keep(keys);
  });
}

net::awaitable<void> Reconciler::apply(const Finding& finding) {
  switch (finding.kind) {
    case FindingKind::server_gone:
      return apply_server_gone(finding);
    case FindingKind::volume_gone:
      return apply_volume_gone(finding);
    case FindingKind::address_gone:
      return apply_address_gone(finding);
    case FindingKind::unprotected_volume:
      return world_.cloud.set_delete_protection(hetzner::VolumeId{finding.id}, true);
    case FindingKind::unprotected_address:
      return world_.cloud.set_delete_protection(hetzner::PrimaryIpId{finding.id}, true);
    case FindingKind::lost_server:
      return delete_lost(hetzner::ServerId{finding.id});
    default:
      return nothing();
  }
}

// A list may lag behind: what is missing there is asked for by its id before anything is believed.

net::awaitable<void> Reconciler::apply_server_gone(const Finding& finding) {
  const hetzner::ServerId id{finding.id};
  const auto found = co_await world_.cloud.find_server(id);
  const auto session = world_.storage.sessions.find(finding.id);
  if (found || !session || session->ended || !is_still(finding.workspace)) co_return;
  const auto now = world_.clock.now();
  const auto workspace = world_.storage.workspaces.find(finding.workspace).value();
  const auto cost = hetzner::with_currency(cost_of(*session, now), session->currency, 2);
  world_.storage.database.write(storage::Commit::full, [&] {
    world_.storage.sessions.end(finding.id, now);
    say(finding.workspace, "finding/" + key_of(finding),
        finding.text + " The session cost about " + cost + ". " + line_for(world_, workspace, "up") +
            " brings it back.");
  });
  co_await leave_tailnet(world_, workspace);
}

net::awaitable<void> Reconciler::apply_volume_gone(const Finding& finding) {
  const hetzner::VolumeId id{finding.id};
  const auto found = co_await world_.cloud.find_volume(id);
  const auto workspace = world_.storage.workspaces.find(finding.workspace);
  if (found || !workspace || workspace->volume_id != finding.id || !is_still(finding.workspace)) co_return;
  world_.storage.database.write(storage::Commit::full, [&] {
    forget_volume(world_, *workspace);
    say(finding.workspace, "finding/" + key_of(finding), finding.text);
  });
}

net::awaitable<void> Reconciler::apply_address_gone(const Finding& finding) {
  const hetzner::PrimaryIpId id{finding.id};
  const auto found = co_await world_.cloud.find_primary_ip(id);
  const auto workspace = world_.storage.workspaces.find(finding.workspace);
  if (found || !workspace || workspace->ip_id != finding.id || !is_still(finding.workspace)) co_return;
  world_.storage.database.write(storage::Commit::full, [&] {
    forget_address(world_, *workspace);
    say(finding.workspace, "finding/" + key_of(finding), finding.text);
  });
}

/// It was billed like any other.
void Reconciler::add_lost_session(const storage::OperationRow& operation, const hetzner::Server& server) {
  const auto steps = world_.storage.journal.steps(operation.id);
  const auto plan = steps.find("preflight");
  if (plan == steps.end() || operation.workspace == 0) return;
  auto session =
      session_of(operation, plan->second.get<Plan>(), server.id, server.server_type, server.created);
  session.ended = world_.clock.now();
  world_.storage.sessions.add(session);
}

net::awaitable<void> Reconciler::delete_lost(hetzner::ServerId id) {
  const auto server = co_await world_.cloud.find_server(id);
  if (!server) co_return;
  const auto label = server->labels.find("devbox-operation");
  if (label == server->labels.end()) co_return;
  const auto operation = world_.storage.journal.find(label->second);
  if (!operation || !operation->finished) co_return;
  // Made while it was at work, or by a request of it that was answered late; nothing else is provably its
  // own.
  const auto& limits = world_.settings.limits;
  const auto latest = *operation->finished + limits.undo_watch + limits.request;
  if (server->created < operation->created - std::chrono::minutes(1) || server->created > latest) co_return;
  const auto session = world_.storage.sessions.find(id.value);
  // One that succeeded has a session of every server that it knew of.
  const bool is_lost = operation->state == "done" ? !session : !session || session->ended;
  if (!is_lost) co_return;
  co_await delete_server(world_, id);
  add_lost_session(*operation, *server);
  spdlog::warn("deleted server {}, which operation {} had made and lost", id.value, operation->id);
  record_own(
      world_, "reconcile",
      "deleted server " + std::to_string(id.value) + ", which `" + operation->verb + "` had made and lost");
  if (operation->workspace != 0)
    say(operation->workspace, "lost/" + std::to_string(id.value),
        "server " + std::to_string(id.value) + ", which an earlier `" + operation->verb +
            "` had made and lost, was deleted.");
}

net::awaitable<void> Reconciler::tell_watchers() {
  if (world_.storage.watches.open().empty()) co_return;
  const auto types = co_await world_.project.types_now();
  --allowance_;
  for (const auto& watch : world_.storage.watches.open()) {
    const auto* type = hetzner::find_type(types, watch.type);
    if (!type || !type->is_orderable(watch.location, world_.clock.now())) continue;
    Message message;
    const bool is_usual = watch.location == world_.settings.location;
    message.text = watch.type + " can be ordered in " + watch.location + " again: " + world_.settings.prefix +
                   " up " + watch.type + (is_usual ? "" : " location=" + watch.location);
    message.mentions = {sender_of(world_.storage, watch.person)};
    world_.storage.database.write(storage::Commit::normal, [&] {
      post(world_, {watch.chat, watch.room, watch.thread}, "watch/" + std::to_string(watch.id), "line",
           message);
      world_.storage.watches.told(watch.id, world_.clock.now());
    });
  }
}

}  // namespace commands
