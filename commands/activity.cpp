#include "commands/activity.hpp"

#include <algorithm>
#include <bit>

#include "commands/printable.hpp"
#include "storage/database.hpp"

namespace commands {
namespace {

using namespace std::chrono_literals;
using net::Time;
using nlohmann::json;
using storage::from_ms;
using storage::to_ms;

constexpr double busy_cores = 0.2;
constexpr double busy_io = 2e6;
/// More is nonsense.
constexpr double most_cores = 1024;
constexpr double most_bytes = 1e12;
/// In half of the last ten, it is sustained.
constexpr int busy_minutes = 5;
constexpr std::uint32_t last_ten = 0x3ff;
/// What a tab that is only open sends in a minute, its keep-alives, is less.
constexpr double traffic = 8 * 1024;
/// code-server beats every minute while a connection is open.
constexpr net::Duration beat = 2min;
constexpr double longest_idle_s = 366.0 * 86400;
constexpr double latest_s = 1e11;
constexpr std::size_t longest_what = 120;
/// How exactly an idle time tells when the key was pressed: whole seconds, and a report's way.
constexpr net::Duration wavering = 1min;

/// Of whatever is under a key, what is of another kind says nothing.
const json* find_in(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// From 0 to `most`.
std::optional<double> number_in(const json& object, const char* key, double most) {
  const auto* found = find_in(object, key);
  if (!found || !found->is_number()) return std::nullopt;
  return std::clamp(found->get<double>(), 0.0, most);
}

std::string text_in(const json& object, const char* key, const std::string& otherwise) {
  const auto* found = find_in(object, key);
  return found && found->is_string() ? printable(found->get<std::string>()) : otherwise;
}

const json& list_in(const json& object, const char* key) {
  static const json none = json::array();
  const auto* found = find_in(object, key);
  return found && found->is_array() ? *found : none;
}

std::vector<std::string> texts_in(const json& object, const char* key) {
  std::vector<std::string> all;
  for (const auto& one : list_in(object, key))
    if (one.is_string()) all.push_back(printable(one.get<std::string>()));
  return all;
}

bool has_list(const json& object, const char* key) {
  const auto* found = find_in(object, key);
  return found && found->is_array();
}

net::Duration milliseconds_of(double seconds) {
  return net::Duration(static_cast<std::int64_t>(seconds * 1000));
}

/// Later evidence takes the place of earlier.
void see(Evidence& evidence, Time at, const std::string& what) {
  if (evidence.at && at <= *evidence.at) return;
  evidence = {at, cut(what, longest_what)};
}

void see_key(Activity& activity, std::optional<double> idle_s, Time at, const std::string& where) {
  if (idle_s) see(activity.human, at - milliseconds_of(*idle_s), "keystroke " + where);
}

void see_people(Activity& activity, const json& report, Time at) {
  for (const auto& login : list_in(report, "logins")) {
    const auto idle_s = number_in(login, "idle", longest_idle_s);
    if (!idle_s) continue;
    const auto tty = text_in(login, "tty", "a terminal");
    see_key(activity, idle_s, at, "on " + tty);
    see(activity.connected, at, "a login on " + tty);
  }
  see_key(activity, number_in(report, "tmux_idle", longest_idle_s), at, "in tmux");
  const auto* editor = find_in(report, "editor");
  activity.editor_bytes = editor ? number_in(*editor, "bytes", most_bytes).value_or(0) : 0;
  if (activity.editor_bytes >= traffic) see(activity.human, at, "traffic of the editor");
  const auto beat_ms = editor ? number_in(*editor, "heartbeat_ms", 1000 * latest_s) : std::nullopt;
  if (!beat_ms) return;
  // By the workspace's clock; when that is off, it says nothing.
  const auto age = at - from_ms(static_cast<std::int64_t>(*beat_ms));
  if (age > -beat && age < beat) see(activity.connected, at, "an open editor");
}

void see_load(Activity& activity, const json& report, Time at) {
  const auto minute = [](Time time) { return time.time_since_epoch() / 1min; };
  const auto passed = std::max<std::int64_t>(minute(at) - minute(activity.heard), 0);
  activity.busy = passed > 31 ? 0 : activity.busy << passed;
  activity.cpu = number_in(report, "cpu", most_cores).value_or(0);
  activity.io = number_in(report, "io", most_bytes).value_or(0);
  const bool busy_now = is_busy(activity.cpu, activity.io);
  if (busy_now) activity.busy |= 1;
  if (busy_now && std::popcount(activity.busy & last_ten) >= busy_minutes)
    see(activity.work, at, activity.cpu >= busy_cores ? "sustained CPU" : "sustained disk traffic");
}

/// A lease that is listed holds, whatever the bot's clock says: it ends by the workspace's, and what it was
/// for has been at work until now.
void see_leases(Activity& activity, const json& report, Time at) {
  activity.leases.clear();
  for (const auto& lease : list_in(report, "leases")) {
    const auto until_s = number_in(lease, "until", latest_s);
    if (!until_s || *until_s <= 0) continue;
    const auto id = text_in(lease, "id", "lease");
    activity.leases.push_back({id, Time(milliseconds_of(*until_s))});
    see(activity.work, at, "lease " + id);
  }
}

void see_work(Activity& activity, const json& report, Time at) {
  if (has_list(report, "leases")) see_leases(activity, report, at);
  if (!has_list(report, "jobs")) return;
  activity.jobs = texts_in(report, "jobs");
  const auto names = joined(activity.jobs);
  if (!names.empty()) see(activity.work, at, "running: " + names);
}

/// Nothing was seen later than now: the bot's clock was set back.
void set_back(Activity& activity, Time at) {
  activity.since = std::min(activity.since, at);
  activity.episode = std::min(activity.episode, at);
  activity.heard = at;
  for (auto* evidence : {&activity.human, &activity.work, &activity.connected})
    if (evidence->at) evidence->at = std::min(*evidence->at, at);
}

/// Its processes are gone, and what was done meanwhile nobody knows: it counts as use.
void reboot(Activity& activity, const std::string& boot_id, Time at) {
  activity.boot_id = boot_id;
  activity.since = at;
  activity.jobs.clear();
  activity.leases.clear();
  activity.busy = 0;
}

json json_of(const Evidence& evidence) {
  if (!evidence.at) return nullptr;
  return {{"at", to_ms(*evidence.at)}, {"what", evidence.what}};
}

Evidence evidence_in(const json& kept) {
  if (!kept.is_object()) return {};
  return {from_ms(kept.at("at")), kept.at("what")};
}

/// When somebody or something was at work there, as far as it was seen.
Time last_sign(const Activity& activity) {
  auto last = activity.since;
  if (activity.human.at) last = std::max(last, *activity.human.at);
  if (activity.work.at) last = std::max(last, *activity.work.at);
  return last;
}

}  // namespace

void to_json(json& kept, const Activity& activity) {
  kept = {{"since", to_ms(activity.since)},
          {"heard", to_ms(activity.heard)},
          {"episode", to_ms(activity.episode)},
          {"human", json_of(activity.human)},
          {"work", json_of(activity.work)},
          {"connected", json_of(activity.connected)},
          {"jobs", activity.jobs},
          {"dirty", activity.dirty},
          {"cpu", activity.cpu},
          {"io", activity.io},
          {"editor_bytes", activity.editor_bytes},
          {"disk", activity.disk},
          {"memory", activity.memory},
          {"busy", activity.busy},
          {"boot_id", activity.boot_id},
          {"leases", json::array()}};
  for (const auto& lease : activity.leases)
    kept["leases"].push_back({{"id", lease.id}, {"until", to_ms(lease.until)}});
}

void from_json(const json& kept, Activity& activity) {
  activity.since = from_ms(kept.at("since"));
  activity.heard = from_ms(kept.at("heard"));
  activity.episode = from_ms(kept.at("episode"));
  activity.human = evidence_in(kept.at("human"));
  activity.work = evidence_in(kept.at("work"));
  activity.connected = evidence_in(kept.at("connected"));
  activity.jobs = kept.at("jobs").get<std::vector<std::string>>();
  activity.dirty = kept.at("dirty").get<std::vector<std::string>>();
  activity.cpu = kept.at("cpu");
  activity.io = kept.at("io");
  activity.editor_bytes = kept.at("editor_bytes");
  activity.disk = kept.at("disk");
  activity.memory = kept.at("memory");
  activity.busy = kept.at("busy");
  activity.boot_id = kept.at("boot_id");
  activity.leases.clear();
  for (const auto& lease : kept.at("leases"))
    activity.leases.push_back({lease.at("id"), from_ms(lease.at("until"))});
}

bool is_busy(double cores, double bytes_a_second) { return cores >= busy_cores || bytes_a_second >= busy_io; }

Activity unheard(Time since) {
  Activity activity;
  activity.since = activity.heard = activity.episode = since;
  return activity;
}

Time last_use(const Activity& activity) {
  auto last = last_sign(activity);
  for (const auto& lease : activity.leases) last = std::max(last, lease.until);
  return last;
}

Activity with_report(Activity activity, const json& report, Time at) {
  if (at < activity.heard) set_back(activity, at);
  const auto boot_id = text_in(report, "boot_id", activity.boot_id);
  if (boot_id != activity.boot_id) reboot(activity, boot_id, at);
  if (has_list(report, "dirty")) activity.dirty = texts_in(report, "dirty");
  // Without signals it is as silent as none: a machine under load has no time to look at itself.
  if (!has_list(report, "logins") && !has_list(report, "jobs") && !find_in(report, "cpu")) return activity;
  if (at > activity.heard + silence) activity.since = at;
  see_people(activity, report, at);
  see_load(activity, report, at);
  see_work(activity, report, at);
  activity.disk = number_in(report, "disk", 100).value_or(activity.disk);
  activity.memory = number_in(report, "memory", 100).value_or(activity.memory);
  activity.heard = at;
  const auto used = last_sign(activity);
  if (used > activity.episode + wavering) activity.episode = used;
  return activity;
}

}  // namespace commands
