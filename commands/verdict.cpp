#include "commands/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/printable.hpp"

namespace commands {
namespace {

using namespace std::chrono_literals;
using net::Duration;
using net::Time;

constexpr Duration human_window = 15min;
/// Reports come each minute; what the last one or two showed is so now.
constexpr Duration fresh = 3min;
/// Hetzner bills every started hour; a stop needs some minutes.
constexpr Duration before_the_hour = 5min;

/// The end of the last lease, a person's or of the workspace itself.
Time held_until(const Activity& activity, const Standing& standing) {
  auto last = standing.keep.value_or(Time::min());
  for (const auto& lease : activity.leases) last = std::max(last, lease.until);
  return last;
}

/// What counts as use ends then; later than now while a lease lasts.
Time last_use(const Activity& activity, const Standing& standing) {
  return std::max({last_use(activity), standing.created, standing.keep.value_or(Time::min())});
}

/// A tab or login that nobody uses delays idleness by as long as it is open, a grace period at most.
Time idle_since(const Activity& activity, const Standing& standing, const IdlePolicy& policy) {
  const auto last = last_use(activity, standing);
  if (!activity.connected.at || *activity.connected.at <= last) return last;
  return std::min(*activity.connected.at, last + policy.grace);
}

Use use_of(const Activity& activity, const Standing& standing, Time now) {
  if (now > activity.heard + silence) return Use::unknown;
  if (activity.human.at && now <= *activity.human.at + human_window) return Use::human;
  const bool is_held = held_until(activity, standing) > now;
  if (is_held || (activity.work.at && now <= *activity.work.at + fresh)) return Use::work;
  if (activity.connected.at && now <= *activity.connected.at + fresh) return Use::connected;
  return Use::idle;
}

}  // namespace

const char* name_of(Use use) {
  switch (use) {
    case Use::idle:
      return "idle";
    case Use::connected:
      return "connected only";
    case Use::work:
      return "work";
    case Use::human:
      return "in use";
    case Use::unknown:
      break;
  }
  return "unknown";
}

Time cap_of(Time created, Duration hard_cap) {
  const auto into_the_hour = hard_cap % paid_hour;
  if (hard_cap >= paid_hour && into_the_hour < before_the_hour)
    return created + hard_cap - into_the_hour - before_the_hour;
  if (into_the_hour > paid_hour - before_the_hour)
    return created + hard_cap - into_the_hour + paid_hour - before_the_hour;
  return created + hard_cap;
}

Time before_paid_hour(Time created, Time time) {
  const auto first = created + paid_hour - before_the_hour;
  if (time <= first) return first;
  const auto hours = (time - first + paid_hour - 1ms) / paid_hour;
  return first + hours * paid_hour;
}

Verdict judge(const Activity& activity, const Standing& standing, const IdlePolicy& policy, Time now) {
  Verdict verdict;
  verdict.use = use_of(activity, standing, now);
  verdict.silent = activity.heard + silence;
  verdict.idle_since = idle_since(activity, standing, policy);
  verdict.episode = std::max({activity.episode, standing.created, standing.keep.value_or(Time::min())});

  auto floor = held_until(activity, standing);
  for (const auto& put_off : {standing.extend, standing.moved})
    if (put_off) floor = std::max(floor, *put_off);
  const auto cap = cap_of(standing.created, policy.hard_cap);
  if (standing.until) {
    verdict.stop = std::max(*standing.until, floor);
    verdict.cause = Cause::until;
  } else {
    verdict.stop = before_paid_hour(standing.created, std::max(verdict.idle_since + policy.stop, floor));
    if (standing.closing && std::max(*standing.closing, floor) < verdict.stop) {
      verdict.stop = std::max(*standing.closing, floor);
      verdict.cause = Cause::closing;
    }
  }
  const bool is_silent = verdict.use == Use::unknown;
  if (is_silent || verdict.stop >= cap) {
    verdict.stop = cap;
    verdict.cause = Cause::cap;
  }
  verdict.warn = verdict.stop - policy.grace;
  const auto remind = verdict.idle_since + policy.remind;
  const bool is_wanted = verdict.cause == Cause::idle && (!standing.extend || *standing.extend < remind);
  if (is_wanted && remind < verdict.warn) verdict.remind = remind;
  return verdict;
}

std::vector<Reason> reasons_of(const Activity& activity, const Standing& standing, Time now) {
  const auto use_if = [](bool speaks, Use use) { return speaks ? use : Use::idle; };
  const auto within = [&](const Evidence& evidence, Duration window) {
    return evidence.at && now <= *evidence.at + window;
  };
  std::vector<Reason> all;
  all.push_back({"last report", "", activity.heard, use_if(now > activity.heard + silence, Use::unknown)});
  all.push_back({"people", activity.human.at ? activity.human.what : "nobody has typed yet",
                 activity.human.at, use_if(within(activity.human, human_window), Use::human)});
  all.push_back({"work", activity.work.at ? activity.work.what : "none seen", activity.work.at,
                 use_if(within(activity.work, fresh), Use::work)});
  all.push_back({"load", fmt::format("{:.2f} cores, {:.1f} MB/s", activity.cpu, activity.io / 1e6),
                 activity.heard, use_if(within(activity.work, fresh) && (activity.busy & 1), Use::work)});
  for (const auto& lease : activity.leases)
    all.push_back({"lease on it", lease.id, lease.until, use_if(lease.until > now, Use::work)});
  if (standing.keep) all.push_back({"lease", "keep", standing.keep, use_if(*standing.keep > now, Use::work)});
  all.push_back({"connections", activity.connected.at ? activity.connected.what : "none seen",
                 activity.connected.at, use_if(within(activity.connected, fresh), Use::connected)});
  const auto dirty = joined(activity.dirty);
  if (!dirty.empty()) all.push_back({"uncommitted or unpushed", dirty, activity.heard, Use::idle});
  return all;
}

}  // namespace commands
