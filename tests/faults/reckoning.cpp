#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "hetzner/pricing.hpp"
#include "hetzner/reading.hpp"
#include "storage/query.hpp"
#include "storage/storage.hpp"
#include "tests/faults/play.hpp"

namespace faults {
namespace {

using nlohmann::json;
using storage::Query;
using Ids = std::set<std::int64_t>;

constexpr auto late_line = "/undo is late";

class Reckoning {
 public:
  Reckoning(Verdict& verdict, Stage& stage, const Played& played)
      : verdict_(verdict), stage_(stage), played_(played), storage_(stage.file("state/devbox.db")) {
    for (const auto& message : stage.room().shown()) {
      ++times_shown_[message["key"]];
      texts_ += message["text"].get<std::string>() + "\n";
    }
  }

  void world() {
    const auto left = stage_.world();
    const auto orphans = static_cast<int>(left["servers"].size()) + lasting_devices() + usable_keys();
    verdict_.orphans += orphans;
    if (orphans > 0) verdict_.complain("left: " + left.dump());
  }

  /// Exactly those that the database names, in each direction.
  void kept() {
    Ids volumes, ips;
    for (const auto& row : storage_.workspaces.all()) {
      if (row.volume_id != 0) volumes.insert(row.volume_id);
      if (row.ip_id != 0) ips.insert(row.ip_id);
    }
    compare("volumes", ids_of("volumes"), volumes);
    compare("addresses", ids_of("primary_ips"), ips);
  }

  void database() {
    require(storage_.journal.unfinished().empty(), verdict_.stuck, "an operation has not ended");
    require(storage_.inbox.unhandled().empty(), verdict_.stuck, "a message was not handled");
    require(storage_.outbox.pending() == 0, verdict_.lost, "a message was not sent");
    require(stage_.room().changed().empty(), verdict_.doubled,
            "said again in other words: " + json(stage_.room().changed()).dump());
    require(texts_.find("unforeseen") == std::string::npos, verdict_.crashed,
            "something unforeseen happened");
  }

  void operations() {
    Query query(storage_.database, "SELECT id, verb, state FROM operation");
    while (query.next()) {
      const auto id = query.text(), verb = query.text(), state = query.text();
      const auto finals = finals_of(id);
      const auto about = "`" + verb + "` " + id + ", which is " + state + ", ";
      require(!finals.empty(), verdict_.lost, about + "has no final message");
      require(finals.size() <= 1, verdict_.doubled, about + "has more than one: " + json(finals).dump());
      for (const auto& key : finals)
        require(times_shown_[key] > 0, verdict_.lost, about + "was not shown: " + key);
    }
  }

  /// Every line has an answer or an operation.
  void lines() {
    for (const auto& line : stage_.room().said()) {
      const std::string key = stage_.room().chat() + "/" + line["key"].get<std::string>();
      const bool is_answered = times_shown_.contains(key + "/answer");
      const bool began = storage_.journal.find(storage::operation_id(key)).has_value();
      require(is_answered || began, verdict_.lost, "nothing came of " + line.dump());
    }
  }

  /// Every server that was billed is one that the bot knows, and the hours are the same.
  void bill() {
    Ids known;
    Query query(storage_.database, "SELECT server_id FROM session");
    while (query.next()) known.insert(query.integer());
    const auto bill = stage_.hetzner().get(std::string("/_sim/bill?token=") + Stage::token);
    Ids billed;
    std::int64_t hours = 0, known_hours = 0;
    for (const auto& line : bill["lines"]) {
      if (line["resource"] != "server") continue;
      const auto id = line["id"].get<std::int64_t>();
      // What somebody deleted before the bot was told that it exists, it cannot know.
      if (played_.taken_away.contains(id) && !known.contains(id)) continue;
      billed.insert(id);
      hours += line["hours"].get<std::int64_t>();
    }
    for (const auto id : known) {
      const auto session = storage_.sessions.find(id).value();
      require(session.ended.has_value(), verdict_.orphans,
              "session " + std::to_string(id) + " has not ended");
      known_hours += hetzner::started_hours(session.created, session.ended.value_or(session.created));
    }
    compare("billed servers", billed, known);
    require(hours == known_hours, verdict_.lost,
            "hours: " + std::to_string(hours) + " billed, " + std::to_string(known_hours) + " known");
  }

 private:
  /// One that could not be deleted goes by itself, for it is ephemeral; the bot has said so, or its log has.
  int lasting_devices() {
    const auto devices = stage_.tailnet().get("/_sim/devices");
    std::ifstream log(stage_.file("devboxd.log"));
    const std::string logged((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
    return static_cast<int>(std::count_if(devices.begin(), devices.end(), [&](const json& device) {
      const std::string name = device["hostname"];
      if (logged.find(" " + name + ": its device could not be deleted") != std::string::npos) return false;
      const auto& shown = stage_.room().shown();
      return std::none_of(shown.begin(), shown.end(), [&](const json& message) {
        const std::string text = message["text"];
        return text.starts_with("✓ " + name + " is down.") &&
               text.find("Its device in the tailnet goes by itself") != std::string::npos;
      });
    }));
  }

  int usable_keys() {
    int usable = 0;
    const auto keys = stage_.tailnet().get("/_sim/keys");
    for (const auto& key : keys)
      if (!key["used"] && !key["revoked"] && !key["expired"] && !came_too_late(key)) ++usable;
    return usable;
  }

  /// Asked for by a process that had died, and made when its operation was over: nobody knows its secret.
  bool came_too_late(const json& key) {
    const auto operation = key["description"].get<std::string>().substr(std::string("devbox ").size());
    for (const auto& note : storage_.journal.notes(operation, "key"))
      if (json::parse(note)["id"] == key["id"]) return false;
    const auto row = storage_.journal.find(operation);
    const auto finished = row && row->finished ? std::chrono::floor<std::chrono::seconds>(*row->finished)
                                               : std::chrono::sys_seconds::max();
    return hetzner::reading::parse_time(key["created"].get<std::string>()).value() >= finished;
  }

  void require(bool holds, int& column, const std::string& otherwise) {
    if (holds) return;
    ++column;
    verdict_.complain(otherwise);
  }

  void compare(const std::string& what, const Ids& found, const Ids& known) {
    for (const auto id : found)
      require(known.contains(id), verdict_.orphans, what + ": nobody knows " + std::to_string(id));
    for (const auto id : known)
      require(found.contains(id), verdict_.lost, what + ": there is no " + std::to_string(id));
  }

  Ids ids_of(const std::string& kind) {
    Ids ids;
    const auto answer = stage_.hetzner().get("/v1/" + kind);
    for (const auto& one : answer[kind])
      if (kind == "volumes" || one["type"] == "ipv4") ids.insert(one["id"].get<std::int64_t>());
    return ids;
  }

  std::vector<std::string> finals_of(const std::string& operation) {
    std::vector<std::string> keys;
    Query query(storage_.database, "SELECT key FROM outbox WHERE kind = 'final' AND key LIKE ?",
                operation + "/%");
    while (query.next()) {
      auto key = query.text();
      if (!key.ends_with(late_line)) keys.push_back(std::move(key));
    }
    return keys;
  }

  Verdict& verdict_;
  Stage& stage_;
  const Played& played_;
  storage::Storage storage_;
  std::map<std::string, int> times_shown_;
  std::string texts_;
};

}  // namespace

void reckon(Verdict& verdict, Stage& stage, const Played& played) {
  Reckoning reckoning(verdict, stage, played);
  reckoning.world();
  reckoning.kept();
  reckoning.database();
  reckoning.operations();
  reckoning.lines();
  reckoning.bill();
}

}  // namespace faults
