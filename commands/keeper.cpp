#include "commands/keeper.hpp"

#include <algorithm>

#include "commands/expiry.hpp"
#include "commands/grammar.hpp"
#include "commands/measured.hpp"
#include "commands/post.hpp"
#include "commands/quiet.hpp"
#include "commands/reminder.hpp"
#include "commands/trash.hpp"
#include "commands/unasked.hpp"
#include "net/spawn.hpp"

namespace commands {
namespace {

using namespace std::chrono_literals;
using storage::StandingRow;

constexpr net::Duration look_again = 1min;
/// Changes come in bursts; each is looked at within this.
constexpr net::Duration shortest = 1s;

std::string stage_of(const char* stage, net::Time instant) {
  return std::to_string(storage::to_ms(instant)) + "/" + stage;
}

}  // namespace

net::awaitable<void> Keeper::run() {
  for (;;) {
    const auto next = look();
    co_await world_.changed.wait_until(world_.clock, next);
    // What changes meanwhile is looked at, too.
    const auto again = looked_ + shortest;
    co_await world_.clock.sleep_until(again);
  }
}

net::Time Keeper::look() {
  const auto now = world_.clock.now();
  if (now > looked_ + 3 * look_again || now < looked_) awake_since_ = now;
  looked_ = now;
  const auto rows = world_.storage.holds.standing();
  std::erase_if(said_, [&](const auto& one) {
    const auto row = std::lower_bound(rows.begin(), rows.end(), one.first,
                                      [](const auto& each, auto session) { return each.session < session; });
    return row == rows.end() || row->session != one.first;
  });
  auto next = now + look_again;
  for (const auto& row : rows) next = std::min(next, look_at(row, now));
  next = std::min(next, starts_.begin_due().value_or(next));
  next = std::min(next, end_due(world_).value_or(next));
  next = std::min(next, end_trash(world_, runner_).value_or(next));
  return std::max(next, now + shortest);
}

net::Time Keeper::look_at(const StandingRow& row, net::Time now) {
  const auto verdict = verdict_of(world_, row);
  if (now >= verdict.stop) {
    stop(row, verdict);
    return now + look_again;
  }
  auto next = std::min(verdict.stop, verdict.silent + 1ms);
  if (verdict.use == Use::unknown) next = std::min(verdict.stop, tell_silence(row, verdict, now));
  return std::min(next, remind(row, verdict, now));
}

net::Time Keeper::tell_silence(const StandingRow& row, const Verdict& verdict, net::Time now) {
  const auto heard = verdict.silent - silence;
  const auto due = std::max(heard, awake_since_) + silence;
  if (now < due) return due;
  const auto stage = stage_of("silence", heard);
  if (const auto later = come_again(row, stage, verdict.stop)) return *later;
  if (measured_.insert(row.session).second)
    net::spawn(world_.executor, "measuring " + row.hostname, tell_measured(row.session, stage));
  return verdict.stop;
}

net::awaitable<void> Keeper::tell_measured(std::int64_t session, std::string stage) {
  const auto load = co_await measured(world_, session);
  measured_.erase(session);
  const auto row = world_.storage.holds.standing(session);
  if (!row || has_said(*row, stage)) co_return;
  const auto verdict = verdict_of(world_, *row);
  if (verdict.use == Use::unknown) post_stage(*row, stage, silence_notice(world_, *row, verdict, load));
}

net::Time Keeper::remind(const StandingRow& row, const Verdict& verdict, net::Time now) {
  if (now >= verdict.warn)
    return say(row, stage_of("last", verdict.stop), verdict.stop, last_reminder, verdict);
  if (!verdict.remind) return verdict.warn;
  if (now < *verdict.remind) return *verdict.remind;
  return say(row, stage_of("idle", verdict.episode), verdict.warn, idle_reminder, verdict);
}

void Keeper::stop(const StandingRow& row, const Verdict& verdict) {
  const auto stake = at_stake(watched(world_, row).activity, verdict);
  if (stake.empty() || !may_be_put_off(row, verdict)) return begin_down(row, verdict);
  const bool was_asked = has_said(row, stage_of("last", verdict.stop));
  const auto owner = owner_of(world_, row);
  if (!was_asked && is_quiet(world_, owner, world_.clock.now())) {
    // Nobody is woken for what is in /home anyway; what runs gets the hour that an answer would have given.
    if (!is_used(verdict.use)) return begin_down(row, verdict);
    return put_off(row, "moved", verdict.stop + paid_hour, "it is in use, and these are quiet hours");
  }
  if (!was_asked)
    return put_off(row, "moved", world_.clock.now() + world_.settings.policy.idle.grace,
                   "to ask before it stops");
  const auto until = verdict.stop + paid_hour;
  const bool is_told = !is_quiet(world_, owner, world_.clock.now());
  world_.storage.database.write(storage::Commit::full, [&] {
    put_off(row, "moved", until, "nobody answered");
    if (is_told)
      post_stage(row, stage_of("moved", verdict.stop), put_off_notice(world_, row, verdict, until));
  });
}

/// A stop that was begun and came to nothing is tried again an hour later.
void Keeper::begin_down(const StandingRow& row, const Verdict& verdict) {
  const auto origin = "idle:" + std::to_string(row.workspace) + ":" + std::to_string(row.session) + ":" +
                      std::to_string(storage::to_ms(verdict.stop));
  auto down =
      operation_from(world_, origin, "down", row.workspace, row.owner, {row.chat, row.room, row.thread});
  if (world_.storage.journal.find(down.id))
    return put_off(row, "extend", world_.clock.now() + paid_hour, "its stop came to nothing");
  auto request = parse("down");
  request.flags.insert("automatic");
  if (verdict.cause == Cause::cap) request.flags.insert("cap");
  request.options["because"] = cause_text(world_, row, verdict);
  down.request = request;
  if (add_unasked(world_, down, "down " + row.hostname, "begun: " + request.options["because"]))
    runner_.start(down.id);
}

void Keeper::put_off(const StandingRow& row, const std::string& kind, net::Time until,
                     const std::string& why) {
  set_hold(world_, row.session, kind, until, why);
}

net::Time Keeper::say(const StandingRow& row, const std::string& stage, net::Time otherwise,
                      Message (*compose)(Services&, const StandingRow&, const Verdict&),
                      const Verdict& verdict) {
  if (const auto later = come_again(row, stage, otherwise)) return *later;
  post_stage(row, stage, compose(world_, row, verdict));
  return otherwise;
}

std::optional<net::Time> Keeper::come_again(const StandingRow& row, const std::string& stage,
                                            net::Time otherwise) {
  if (has_said(row, stage)) return otherwise;
  const auto owner = owner_of(world_, row);
  const auto now = world_.clock.now();
  if (!is_quiet(world_, owner, now)) return std::nullopt;
  return std::min(otherwise, quiet_until(world_, owner, now));
}

void Keeper::post_stage(const StandingRow& row, const std::string& stage, const Message& message) {
  post(world_, {row.chat, row.room, row.thread}, reminder_key(row.session) + stage, "question", message);
  said_[row.session].insert(stage);
}

bool Keeper::has_said(const StandingRow& row, const std::string& stage) {
  if (said_[row.session].contains(stage)) return true;
  const bool is_there = world_.storage.outbox.find(reminder_key(row.session) + stage).has_value();
  if (is_there) said_[row.session].insert(stage);
  return is_there;
}

}  // namespace commands
