#include "commands/reminder.hpp"

#include <charconv>

#include "commands/card.hpp"
#include "commands/ledger.hpp"
#include "commands/post.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "hetzner/pricing.hpp"

namespace commands {
namespace {

constexpr std::string_view key_prefix = "idle/";
constexpr std::size_t longest_stake = 300;

/// With a workspace's name where its owner has several.
std::string word_for(Services& world, const storage::StandingRow& row, const std::string& verb) {
  const auto workspace = world.storage.workspaces.find(row.workspace).value();
  return line_for(world, workspace, verb).substr(world.settings.prefix.size() + 1);
}

Message with_buttons(Services& world, const storage::StandingRow& row, const std::string& text) {
  Message message;
  message.text = text;
  message.mentions = {sender_of(world.storage, row.owner)};
  message.buttons = {{"Stop", word_for(world, row, "down")},
                     {"Extend 1 h", word_for(world, row, "extend 1h")},
                     {"Snooze 30 min", word_for(world, row, "snooze 30m")}};
  return message;
}

std::string last_sign(Services& world, const storage::StandingRow& row, const Activity& activity) {
  const Evidence* last = nullptr;
  for (const auto* one : {&activity.human, &activity.work})
    if (one->at && (!last || *one->at > *last->at)) last = one;
  if (!last) return "nobody has used it yet";
  return "last seen: " + last->what + " at " + at_text(world, row, *last->at);
}

/// What is at work goes on being asked about, up to the cap.
std::string then_text(const Verdict& verdict) {
  return is_used(verdict.use) ? ", and then stops unless it is still in use" : ", and then stops";
}

std::string paid_text(Services& world, const storage::StandingRow& row) {
  return "paid until " + at_text(world, row, hetzner::paid_until(row.created, world.clock.now()));
}

}  // namespace

std::string reminder_key(std::int64_t session) {
  return std::string(key_prefix) + std::to_string(session) + "/";
}

std::optional<std::int64_t> session_of_reminder(const std::string& key) {
  if (!key.starts_with(key_prefix)) return std::nullopt;
  std::int64_t session = 0;
  const auto* begin = key.data() + key_prefix.size();
  const auto* end = key.data() + key.size();
  const auto read = std::from_chars(begin, end, session);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != '/') return std::nullopt;
  return session;
}

std::string at_stake(const Activity& activity, const Verdict& verdict) {
  std::string text;
  if (is_used(verdict.use) && verdict.cause != Cause::idle)
    text = activity.jobs.empty() ? "it is in use" : "running: " + joined(activity.jobs);
  if (!activity.dirty.empty())
    text += (text.empty() ? "" : "; ") + ("uncommitted or unpushed: " + joined(activity.dirty));
  return cut(text, longest_stake);
}

Message idle_reminder(Services& world, const storage::StandingRow& row, const Verdict& verdict) {
  const auto activity = watched(world, row).activity;
  return with_buttons(world, row,
                      row.hostname + " has been idle since " + at_text(world, row, verdict.idle_since) +
                          " (" + last_sign(world, row, activity) + "). It stops at " +
                          at_text(world, row, verdict.stop) + ", " + paid_text(world, row) +
                          "; /home and the address stay.");
}

Message last_reminder(Services& world, const storage::StandingRow& row, const Verdict& verdict) {
  const auto stake = at_stake(watched(world, row).activity, verdict);
  auto text = row.hostname + " stops at " + at_text(world, row, verdict.stop) + ": " +
              cause_text(world, row, verdict) + ".";
  if (!stake.empty()) text += " But " + stake + ".";
  if (!stake.empty() && may_be_put_off(row, verdict))
    text += " Without an answer it goes on until " + at_text(world, row, verdict.stop + paid_hour) +
            then_text(verdict) + ".";
  return with_buttons(world, row, text);
}

Message silence_notice(Services& world, const storage::StandingRow& row, const Verdict& verdict,
                       const std::optional<Reason>& measured) {
  const auto activity = watched(world, row).activity;
  Message message;
  message.mentions = {sender_of(world.storage, row.owner)};
  message.text = row.hostname + " has not reported since " + at_text(world, row, activity.heard) +
                 ": whether it is in use is not known, so it is not stopped before " +
                 at_text(world, row, verdict.stop) + ", and it is billed. " +
                 (measured ? "In the last ten minutes Hetzner measured " + measured->value +
                                 (measured->use == Use::work ? ": something is at work there. " : ". ")
                           : "") +
                 world.settings.prefix + " " + word_for(world, row, "why") + " says more, " +
                 world.settings.prefix + " " + word_for(world, row, "down") + " stops it.";
  return message;
}

Message put_off_notice(Services& world, const storage::StandingRow& row, const Verdict& verdict,
                       net::Time until) {
  return with_buttons(world, row,
                      "Nobody answered, so " + row.hostname + " goes on until " + at_text(world, row, until) +
                          " (" + at_stake(watched(world, row).activity, verdict) + ")" + then_text(verdict) +
                          "; what is in /home is kept.");
}

}  // namespace commands
