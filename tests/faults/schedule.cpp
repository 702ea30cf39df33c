#include "tests/faults/schedule.hpp"

#include <algorithm>

#include "net/random.hpp"

namespace faults {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr int length_ms = 2500;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool one_in(int times) { return between(1, times) == 1; }
  std::string of(const Words& words) {
    return words[static_cast<std::size_t>(between(0, static_cast<int>(words.size()) - 1))];
  }

 private:
  net::Random random_;
};

std::string line(Dice& dice) {
  static const Words lines = {"up",
                              "up",
                              "up",
                              "up cpx32",
                              "up cpx42",
                              "up two",
                              "up two",
                              "up cpx22 two",
                              "down",
                              "down",
                              "down two",
                              "down main",
                              "down --force",
                              "cancel",
                              "cancel two",
                              "yes",
                              "yes",
                              "no",
                              "status",
                              "status all",
                              "help",
                              "up main --keep",
                              "stauts",
                              "up colour=red",
                              "no 1234",
                              "up \"x",
                              "up nonsense.type"};
  return "!devbox " + dice.of(lines);
}

json hetzner_plan(Dice& dice) {
  static const std::vector<Words> targets = {
      {"POST", "/v1/servers"},     {"POST", "/v1/servers"},   {"POST", "/v1/volumes"},
      {"POST", "/v1/primary_ips"}, {"GET", "/v1/actions"},    {"GET", "/v1/servers*"},
      {"DELETE", "/v1/servers/*"}, {"POST", "/v1/servers/*"}, {"GET", "/v1/server_types"},
      {"GET", "/v1/images"},       {"GET", "/v1/*"},          {"*", "/v1/*"}};
  const auto& target =
      targets[static_cast<std::size_t>(dice.between(0, static_cast<int>(targets.size()) - 1))];
  return {{"method", target[0]}, {"path", target[1]}};
}

json tailnet_plan(Dice& dice) {
  static const std::vector<Words> targets = {{"POST", "/api/v2/oauth/token"},
                                             {"POST", "/api/v2/tailnet/-/keys"},
                                             {"GET", "/api/v2/tailnet/-/keys"},
                                             {"GET", "/api/v2/tailnet/-/devices"},
                                             {"DELETE", "/api/v2/tailnet/-/keys/*"},
                                             {"DELETE", "/api/v2/device/*"},
                                             {"*", "/api/*"}};
  const auto& target =
      targets[static_cast<std::size_t>(dice.between(0, static_cast<int>(targets.size()) - 1))];
  return {{"method", target[0]}, {"path", target[1]}};
}

json homeserver_plan(Dice& dice) {
  static const std::string api = "/_matrix/client/v3/";
  static const std::vector<Words> targets = {{"GET", "sync"},
                                             {"PUT", "rooms/*/send/m.room.message/*"},
                                             {"PUT", "rooms/*/send/m.room.message/*"},
                                             {"PUT", "rooms/*/send/m.reaction/*"},
                                             {"POST", "join/*"},
                                             {"*", "*"}};
  const auto& target =
      targets[static_cast<std::size_t>(dice.between(0, static_cast<int>(targets.size()) - 1))];
  return {{"method", target[0]}, {"path", api + target[1]}};
}

/// What the request meets: a cut, the end of the bot, an error, a slow answer.
json fault(Dice& dice, bool is_in_matrix) {
  const std::string service = is_in_matrix && dice.one_in(2) ? "homeserver"
                              : dice.one_in(3)               ? "tailnet"
                                                             : "hetzner";
  auto plan = service == "homeserver" ? homeserver_plan(dice)
              : service == "hetzner"  ? hetzner_plan(dice)
                                      : tailnet_plan(dice);
  plan["count"] = dice.between(1, 3);
  plan["skip"] = std::max(0, dice.between(-3, 3));
  const int kind = dice.between(1, 4);
  if (kind == 1) plan["cut"] = dice.of({"before", "after", "half"});
  if (kind == 2) {
    plan["kill"] = true;
    plan["count"] = 1;
    if (!dice.one_in(3)) plan["cut"] = dice.of({"before", "after"});
  }
  if (kind == 3) {
    // "Locked" is Hetzner's word; a homeserver would mean that it never takes this.
    static const Words known = {"429", "500", "502", "503", "504"};
    static const Words all = {"423", "429", "500", "502", "503", "504"};
    plan["status"] = std::stoi(dice.of(service == "homeserver" ? known : all));
  }
  // A little longer than the bot's patience, at most: what comes of a request when everything else of its
  // operation is over is nobody's to find but the reconciler's. A key that is made so late opens nothing.
  if (kind == 4) plan["delay_ms"] = dice.between(20, service == "tailnet" ? 200 : 540);
  return {{"service", service}, {"plan", plan}};
}

json stock(Dice& dice) {
  const auto type = dice.of({"cpx22", "cpx32", "cpx42"});
  if (dice.one_in(3)) return {{"type", type}, {"location", "fsn1"}, {"available", false}};
  return {{"type", type}, {"location", "fsn1"}, {"available", true}, {"create", dice.of({"412", "ok"})}};
}

json behaviour(Dice& dice) {
  static const Words reports = {"ok",   "ok",    "silent",      "no_join",     "failed",
                                "busy", "dirty", "flush_fails", "flush_hangs", "no_shutdown"};
  // A thousandth of it passes.
  return {
      {"which", dice.one_in(2) ? -1 : dice.between(0, 9)},
      {"change",
       {{"report", dice.of(reports)}, {"join_s", dice.between(5, 300)}, {"ready_s", dice.between(5, 300)}}}};
}

}  // namespace

Schedule schedule_of(std::uint64_t seed) {
  Dice dice(seed);
  Schedule schedule;
  schedule.seed = seed;
  const bool is_in_matrix = seed % 3 == 0;
  if (is_in_matrix) schedule.chat = "matrix";
  schedule.workspaces = {"main", "two"};
  static const Words names = {"alice", "bob", "carol", "dave", "erin"};
  const auto people = static_cast<std::size_t>(dice.between(3, 5));
  for (std::size_t i = 0; i < people; ++i) schedule.people.push_back("console:" + names[i]);
  const auto add = [&](const std::string& what, json with) {
    schedule.moments.push_back({dice.between(0, length_ms), what, std::move(with)});
  };
  for (const auto& sender : schedule.people) {
    // Some talk where all do, some alone with the bot.
    const std::string room = dice.one_in(2) ? "room" : sender;
    for (int lines = dice.between(5, 14); lines > 0; --lines)
      add("say", {{"sender", sender}, {"room", room}, {"text", line(dice)}});
  }
  for (int faults = dice.between(6, 24); faults > 0; --faults) add("fault", fault(dice, is_in_matrix));
  for (int kills = dice.between(0, 6); kills > 0; --kills) add("kill", {{"pause_ms", dice.between(0, 150)}});
  for (int changes = dice.between(0, 4); changes > 0; --changes) add("stock", stock(dice));
  for (int acts = dice.between(0, 6); acts > 0; --acts)
    add("outside", {{"act", dice.of({"delete", "power off", "rename"})}, {"which", dice.between(0, 9)}});
  for (int changes = dice.between(0, 6); changes > 0; --changes) add("behaviour", behaviour(dice));
  std::stable_sort(schedule.moments.begin(), schedule.moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at_ms < b.at_ms; });
  return schedule;
}

}  // namespace faults
