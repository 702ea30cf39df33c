#include "tests/faults/verdict.hpp"

#include <algorithm>

namespace faults {
namespace {

using nlohmann::json;

int surplus(const json& found, std::size_t wanted) {
  return std::max(0, static_cast<int>(found.size()) - static_cast<int>(wanted));
}

}  // namespace

bool is_failure(const std::string& reply) { return reply.starts_with("✗"); }

void compare_worlds(Verdict& verdict, const json& found, const json& wanted) {
  if (found == wanted) return;
  verdict.orphans += surplus(found["servers"], wanted["servers"].size()) +
                     surplus(found["devices"], wanted["devices"].size()) +
                     std::max(0, found["usable keys"].get<int>() - wanted["usable keys"].get<int>());
  for (const auto* kind : {"servers", "volumes", "ips", "devices"})
    verdict.duplicates += surplus(found[kind], std::max<std::size_t>(1, wanted[kind].size()));
  verdict.duplicates += surplus(found["hours"], wanted["hours"].size());
  verdict.complain("found   " + found.dump() + "\nwanted  " + wanted.dump());
}

void judge_repeats(Verdict& verdict, const Replies& changed, const Replies& found, const Replies& wanted) {
  for (const auto& text : found) {
    const auto times = std::count(found.begin(), found.end(), text);
    const auto allowed = std::max<long>(1, std::count(wanted.begin(), wanted.end(), text));
    if (times > allowed) ++verdict.doubled;
  }
  if (verdict.doubled) verdict.complain("messages came twice");
  for (const auto& text : changed) verdict.complain("said again in other words: " + text);
}

void compare_replies(Verdict& verdict, const Replies& found, const Replies& wanted) {
  if (found == wanted) return;
  for (const auto& text : wanted)
    if (std::find(found.begin(), found.end(), text) == found.end()) ++verdict.lost;
  verdict.complain("said    " + json(found).dump() + "\nwanted  " + json(wanted).dump());
}

void judge_failure(Verdict& verdict, const std::string& reaches, const json& world, const Replies& replies,
                   int failures) {
  const std::size_t servers = reaches == "up" ? 0 : 1;
  const auto left = surplus(world["servers"], servers) + surplus(world["devices"], servers) +
                    world["usable keys"].get<int>();
  const auto twice = surplus(world["volumes"], 1) + surplus(world["ips"], 1);
  verdict.orphans += left;
  verdict.duplicates += twice;
  if (left > 0 || twice > 0) verdict.complain("the failure left " + world.dump());
  const auto told = std::count_if(replies.begin(), replies.end(), is_failure);
  if (told >= 1 && told <= failures) return;
  ++verdict.doubled;
  verdict.complain("one failure was told so: " + json(replies).dump());
}

void judge_next_try(Verdict& verdict, const json& world, std::size_t servers) {
  verdict.orphans += surplus(world["servers"], servers) + surplus(world["devices"], servers) +
                     world["usable keys"].get<int>();
  for (const auto* kind : {"volumes", "ips"}) verdict.duplicates += surplus(world[kind], 1);
  const auto is_kept = [&](const char* kind) {
    return world[kind].size() == 1 || (servers == 0 && world[kind].empty());
  };
  if (world["servers"].size() == servers && world["devices"].size() == servers && world["usable keys"] == 0 &&
      is_kept("volumes") && is_kept("ips"))
    return;
  verdict.complain("the next try left " + world.dump());
}

}  // namespace faults
