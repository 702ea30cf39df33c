#include "commands/approval.hpp"
#include "commands/card.hpp"
#include "commands/due.hpp"
#include "commands/grammar.hpp"
#include "commands/nearest.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/unasked.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

/// `rebuild` and `resize`: another server with the same home, address and name. What can be known is looked
/// at before anything is cut; then a `down` and an `up` follow as operations of their own, each as careful as
/// when a person says it.
namespace commands {
namespace {

/// Running now, with what is known of the server.
std::optional<storage::SessionRow> runs(const Operation& op, Services& world) {
  return world.storage.sessions.current(op.row().workspace);
}

/// Both or none. What was said of the end of the server that goes holds for the one that comes.
net::awaitable<void> take_turns(const Operation& op, Services& world, const Request& ask) {
  const auto session = runs(op, world);
  const auto goes_down = goes_down_at(world, op.row().workspace);
  world.storage.database.write(storage::Commit::full, [&] {
    Request down;
    down.verb = "down";
    down.options["turn"] = ask.verb;
    if (ask.flags.contains("force")) down.flags.insert("force");
    add_turn(world, op, op.workspace(), down);
    Request up;
    up.verb = "up";
    up.options = ask.options;
    up.options["name"] = op.workspace().name;
    up.options["turn"] = ask.verb;
    if (session) up.options["after"] = std::to_string(session->server_id);
    if (goes_down) up.options["until"] = std::to_string(storage::to_ms(*goes_down));
    up.flags.insert("again");
    add_turn(world, op, op.workspace(), up);
  });
  co_return;
}

/// With what it costs now, where that is another price.
std::string price_text(const Plan& plan, const std::optional<storage::SessionRow>& session) {
  const auto text = hourly_text(plan.hourly, plan.currency) + " for every started hour";
  if (!session || session->hourly == plan.hourly.raw()) return text;
  return text + " instead of " + hourly_text(hetzner::Money::from_raw(session->hourly), session->currency);
}

std::string what_comes(const Operation& op, Services& world, const Plan& plan) {
  auto text = plan.hostname + " gets a new server: " + hardware(plan, world.clock.now()) + ", " +
              price_text(plan, runs(op, world));
  if (!plan.replaced.empty()) text += "\n  " + plan.replaced;
  text += pin_text(world, plan);
  return text + "\n  /home" + kept_directories(world.settings) +
         " and the address stay; whatever else is on the old server goes. First it goes down, then it comes "
         "up.";
}

/// `resize cpx42 [name]`: the word that looks like a type is one.
Request with_type(const Request& ask) {
  auto request = ask;
  request.words.clear();
  for (const auto& word : ask.words) {
    if (!looks_like_type(word)) {
      request.words.push_back(word);
    } else if (!request.options.emplace("type", lower(word)).second) {
      throw Error("`resize` takes one type. Nothing was done.");
    }
  }
  if (!request.options.contains("type"))
    throw Error("`resize` wants the type, as in `resize cpx42`; `types` lists them. Nothing was done.");
  return request;
}

/// What runs was allowed, and so is the same again.
void allow(Services& world, const Caller& caller, const storage::WorkspaceRow& workspace, Request& ask) {
  auto& approved = ask.options["approved"];
  approved = consent_of(caller.role, caller.person.id, workspace.owner);
  const auto session = world.storage.sessions.current(workspace.id);
  if (approved.empty() && session) approved = session->type;
}

void remember_type(Services& world, std::int64_t workspace, const std::string& type) {
  auto policy = world.storage.workspaces.find(workspace).value().policy;
  policy["type"] = type;
  world.storage.workspaces.set_policy(workspace, policy);
}

/// Of a `resize` that waits for the next `up`.
std::string what_comes_next(const Operation& op, Services& world, const Plan& plan, const std::string& type) {
  const auto session = runs(op, world);
  auto text = "✓ " + plan.hostname + " is " + hardware(plan, world.clock.now()) + " from its next `up` on, " +
              price_text(plan, session) + ".";
  if (!plan.replaced.empty()) text += "\n  " + plan.replaced;
  if (!plan.consent.empty()) text += "\n  " + plan.consent + ": that `up` asks for it.";
  if (!session || session->type == plan.type) return text;
  return text + "\n  Until then it runs on as " + session->type + "; " +
         line_for(world, op.workspace(), "resize " + type) +
         " --now takes it down and brings it up again at once.";
}

}  // namespace

net::awaitable<void> rebuild(Operation& op, Services& world, const Request& ask) {
  auto plan = co_await op.look("preflight", [&] { return preflight(world, op.workspace(), ask); });
  if (!plan.consent.empty())
    throw Error(plan.consent + ": after `down`, " + line_for(world, op.workspace(), "up") +
                " asks for it. Nothing was done.");
  op.say("plan", what_comes(op, world, plan));
  co_await op.step("take turns", [&] { return take_turns(op, world, ask); });
}

net::awaitable<void> resize(Operation& op, Services& world, const Request& ask) {
  auto plan = co_await op.look("preflight", [&] { return preflight(world, op.workspace(), ask); });
  if (!ask.flags.contains("now")) {
    remember_type(world, op.row().workspace, ask.options.at("type"));
    op.say("resized", what_comes_next(op, world, plan, ask.options.at("type")));
    co_return;
  }
  if (!plan.replaced.empty())
    throw Error(plan.replaced + " " + line_for(world, op.workspace(), "resize " + plan.type) +
                " --now takes that. Nothing was done.");
  if (!plan.consent.empty())
    throw Error(plan.consent + ": without --now its next `up` asks for it. Nothing was done.");
  op.say("plan", what_comes(op, world, plan));
  co_await op.step("take turns", [&] { return take_turns(op, world, ask); });
}

Begin begin_rebuild(Services& world, const Caller& caller, const Request& asked) {
  auto ask = asked;
  const auto workspace = workspace_of(world, caller, ask);
  check_rest(world, workspace);
  if (!world.storage.sessions.current(workspace.id)) {
    const auto image = option_or(ask, "image", "");
    return workspace.hostname +
           " is down, so its next `up` is a new server anyway: " + line_for(world, workspace, "up") +
           (image.empty() ? "" : " image=" + printable(image)) + ".";
  }
  check_rate(world, caller);
  allow(world, caller, workspace, ask);
  return operation_of(world, caller, ask, workspace.id);
}

Begin begin_resize(Services& world, const Caller& caller, const Request& asked) {
  auto ask = with_type(asked);
  const auto workspace = workspace_of(world, caller, ask);
  check_rest(world, workspace);
  const auto session = world.storage.sessions.current(workspace.id);
  const bool is_now = ask.flags.contains("now");
  if (is_now && !session)
    throw Error(workspace.hostname +
                " is down: leave --now out, and it comes up as that type next. Nothing was "
                "done.");
  const auto& type = ask.options.at("type");
  const auto next = workspace.policy.value("type", session ? session->type : "");
  if (session && session->type == type && (is_now || next == type))
    throw Error(workspace.hostname + " is a " + type + " already. Nothing was done.");
  if (is_now) check_rate(world, caller);
  allow(world, caller, workspace, ask);
  return operation_of(world, caller, ask, workspace.id);
}

}  // namespace commands
