#include "commands/card.hpp"
#include "commands/deletion.hpp"
#include "commands/duration.hpp"
#include "commands/grammar.hpp"
#include "commands/idle.hpp"
#include "commands/keys.hpp"
#include "commands/ledger.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"
#include "commands/work.hpp"

namespace commands {
namespace {

constexpr std::size_t longest_error = 400;

/// What the workspace did when it was asked to stop. Silence is an answer too.
struct Flush {
  bool was_silent = false;
  bool ok = false;
  std::string error;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Flush, was_silent, ok, error)
};

std::string because(const Request& ask) {
  const auto found = ask.options.find("because");
  return found == ask.options.end() ? "" : " (" + found->second + ")";
}

/// Whether what was said just now makes the stop come later: somebody has come back since the last report.
std::string used_again(Services& world, const Leaving& leaving) {
  const auto row = world.storage.holds.standing(leaving.server.value);
  if (!row || world.clock.now() >= verdict_of(world, *row).stop) return "";
  const auto& human = watched(world, *row).activity.human;
  return human.at ? human.what : "somebody is there";
}

/// What would be cut off, of which a stop by the bot itself has asked but for what is running; "" when
/// nothing runs, nobody answers, or it does not matter.
net::awaitable<std::string> find_work(const Operation& op, Services& world, const Leaving& leaving,
                                      const Request& ask) {
  if (ask.flags.contains("force") || ask.flags.contains("cap")) co_return "";
  const auto work = co_await ask_work(op, world, leaving);
  if (!work) co_return "";
  const bool is_automatic = ask.flags.contains("automatic");
  const auto use = is_automatic ? used_again(world, leaving) : "";
  const auto text = text_of(is_automatic ? Work{work->jobs, ""} : *work);
  // What was named when this was confirmed is not asked about again.
  const bool is_agreed = option_or(ask, "agreed", "") == text;
  co_return !use.empty() ? use : is_agreed ? "" : text;
}

net::awaitable<Flush> flush(const Operation& op, Services& world, const Leaving& leaving) {
  const Reports::Source source{op.row().workspace, leaving.up};
  Flush result;
  // Neither what is off nor what has never spoken would answer.
  result.was_silent = !leaving.runs || !world.reports.last_seen(source);
  if (result.was_silent) co_return result;
  const Order order{"prepare_stop", op.id() + "/prepare_stop"};
  const auto limit = world.settings.limits.flush;
  const auto report = co_await world.reports.until_done(source, order, limit);
  result.was_silent = !report;
  if (!report) co_return result;
  const auto done = report->value("done", nlohmann::json::object());
  result.ok = done.value("ok", false);
  result.error = cut(printable(done.value("error", "")), longest_error);
  co_return result;
}

/// Whether it reached "off" by itself.
net::awaitable<bool> goes_off(Services& world, hetzner::ServerId server) {
  const auto limit = world.settings.limits.shutdown;
  auto off = world.cloud.until_off(server);
  const bool is_off = co_await net::ends_within(world.clock, limit, std::move(off));
  co_return is_off;
}

std::string farewell(Services& world, const storage::WorkspaceRow& workspace,
                     const storage::SessionRow& session, const std::string& lingers, bool comes_up) {
  const auto until = session.ended.value_or(world.clock.now());
  auto text = "✓ " + workspace.hostname + " is down. This session cost " +
              hetzner::with_currency(cost_of(session, until), session.currency, 2) + " (" +
              std::to_string(hetzner::started_hours(session.created, until)) + " started h of " +
              session.type + ").\n  Kept: " + std::to_string(workspace.volume_gb) + " GB volume, IPv4 " +
              workspace.ipv4 + ", " +
              hetzner::with_currency(held_monthly(world, workspace.id), session.currency, 2) + " a month.";
  if (!lingers.empty())
    text += "\n  Its device in the tailnet goes by itself, for it could not be deleted: " + lingers;
  if (comes_up) return text + "\n  Now it comes up again.";
  return text + "\n  " + line_for(world, workspace, "up") + " brings it back.";
}

constexpr net::Duration longest_wait = std::chrono::hours(7 * 24);

/// `down in 20m`: stored, and begun by itself when the time has come.
std::string down_later(Services& world, const Caller& caller, const Request& ask,
                       const storage::WorkspaceRow& workspace) {
  const auto& text = ask.options.at("in");
  const auto wait = parse_duration(text);
  if (!wait)
    throw Error("\"" + cut(printable(text), 40) + "\" is no length of time; it is written like " +
                line_for(world, workspace, "down", caller.person.id) +
                " in 20m, 1h30m or 2d. Nothing was done.");
  if (*wait > longest_wait)
    throw Error("`down in` takes at most 7 days: nobody would remember. Nothing was done.");
  const auto now = world.clock.now();
  storage::DeadlineRow deadline;
  deadline.workspace = workspace.id;
  deadline.kind = "down";
  deadline.at = now + *wait;
  deadline.by = ask.flags.contains("force") ? "down --force" : "down";
  deadline.person = caller.person.id;
  deadline.chat = caller.message.chat;
  deadline.room = caller.message.room;
  deadline.thread = caller.message.thread;
  world.storage.deadlines.set(deadline);
  world.changed.notify();
  return workspace.hostname + " goes down at " + clock_text(deadline.at, now, zone_of(world, caller.person)) +
         " (in " + span_text(*wait) + "). " + line_for(world, workspace, "cancel", caller.person.id) +
         " keeps it up.";
}

}  // namespace

net::awaitable<void> down(Operation& op, Services& world, const Request& ask) {
  if (op.row().workspace == 0) co_return co_await down_all(op, world, ask);
  const bool forced = ask.flags.contains("force");
  // By the keeper, which has asked before.
  const bool is_automatic = ask.flags.contains("automatic");
  const auto name = op.workspace().hostname;
  auto leaving = co_await op.look("find server", [&] { return find_leaving(op, world); });
  if (leaving.server.value == 0) {
    op.say("down", "✓ " + name + " is down: no server of it runs.");
    co_return;
  }
  op.say("plan", name + " goes down" + because(ask) +
                     ": files are written out, then the server is deleted; volume and address stay");

  auto work = co_await op.look("ask for work", [&] { return find_work(op, world, leaving, ask); });
  if (!work.empty() && is_automatic) {
    op.say("down", name + " stays up, for it is in use again (" + work + ").");
    co_return;
  }
  if (!work.empty()) {
    const auto question = name + " is at work (" + work + "). Stop it all the same?";
    const bool stop = co_await op.agrees("work", question);
    if (!stop) throw Cancelled("it is at work, and stays up");
  }
  auto flushed = co_await op.step("write files out", [&] { return flush(op, world, leaving); });
  if (!flushed.was_silent && !flushed.ok && is_automatic)
    throw Cancelled("the files of " + name + " could not all be written out: " + flushed.error +
                    "; it stays up, billed, until somebody looks after it");
  if (!flushed.was_silent && !flushed.ok && !forced) {
    const auto question = name + " could not write everything out: " + flushed.error +
                          ". Delete the server all the same? What is not on the disk is lost.";
    const bool stop = co_await op.agrees("flush", question);
    if (!stop) throw Cancelled("its files are not safe yet, and it stays up, billed");
  }
  co_await op.step("shut down", [&] { return world.cloud.shutdown(leaving.server); });
  auto is_off = co_await op.step("is off", [&] { return goes_off(world, leaving.server); });
  if (!is_off && !flushed.ok && is_automatic && !ask.flags.contains("cap"))
    throw Cancelled(name + " does not shut down, and stays as it is, billed, until somebody looks after it");
  if (!is_off && !flushed.ok && !forced) {
    const auto question = name +
                          (flushed.was_silent ? " neither answers nor shuts down" : " does not shut down") +
                          ". Cut its power? What is not on the disk is lost; until then it is billed.";
    const bool cut_power = co_await op.agrees("power", question);
    if (!cut_power) throw Cancelled("it does not shut down, and stays as it is, billed");
  }
  auto deletion = co_await op.step("delete server", [&] { return delete_server(world, leaving.server); });
  co_await op.step("deleted", [&] { return until_deleted(world, deletion, op.row().workspace); });
  auto lingers = co_await op.step("leave tailnet", [&] { return leave_tailnet(world, op.workspace()); });
  const auto session = world.storage.sessions.find(leaving.server.value);
  const bool comes_up = find_next_up(world, op.row().workspace).has_value();
  op.say("down", farewell(world, op.workspace(), session.value(), lingers, comes_up));
}

Begin begin_down(Services& world, const Caller& caller, const Request& ask) {
  if (ask.person.empty() && ask.words == std::vector<std::string>{"all"})
    return begin_down_all(world, caller, ask);
  const auto workspace = workspace_of(world, caller, ask);
  const auto before = world.storage.journal.unfinished_of(workspace.id);
  if (before.empty() && !world.storage.sessions.current(workspace.id))
    return workspace.hostname + " is down already. " + line_for(world, workspace, "up", caller.person.id) +
           " brings it back.";
  if (!before.empty() && before.back().verb == "down") return progress_of(world, before.back());
  // What somebody has confirmed is not for others to take back unsaid.
  for (const auto& one : before)
    if (one.verb == "delete" && one.actor != caller.person.id) return busy_text(world, one);
  if (ask.options.contains("in")) {
    if (!before.empty()) return busy_text(world, before.front());
    return down_later(world, caller, ask, workspace);
  }
  if (!before.empty() && !is_cancelled(world, before.back()))
    cancel_operation(world, before.back(), "`down` came after it");
  world.storage.deadlines.remove(workspace.id, "down");
  // An `up` that only waited behind a `down` leaves nothing to take down.
  if (before.size() > 1) return progress_of(world, before.front());
  return operation_of(world, caller, ask, workspace.id);
}

}  // namespace commands
