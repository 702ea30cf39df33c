#include "commands/choice.hpp"
#include "commands/nearest.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"
#include "hetzner/retired.hpp"

namespace commands {
namespace {

std::string forget(Services& world, const Caller& caller) {
  const auto count = world.storage.watches.forget(caller.person.id, world.clock.now());
  return count == 0 ? "You watch for nothing." : "You are told nothing more of what is sold.";
}

void check_type(const Services& world, const std::string& type, const std::string& location) {
  const auto& seen = world.project.last_types();
  if (!looks_like_type(type))
    throw Error("\"" + type + "\" is no server type; for example: watch cpx32. Nothing was done.");
  if (!seen) return;
  const auto size = hetzner::size_of(type, seen->value);
  if (!size) throw Error("There is no server type \"" + type + "\"; types lists them. Nothing was done.");
  if (!size->retired.empty())
    throw Error(type + " has not been sold since " + size->retired +
                " and will not come back. Nothing was done.");
  if (!hetzner::may_come_back(type, seen->value, location, world.clock.now()))
    throw Error(type + " is not sold in " + location + ", so it will not come back there. Nothing was done.");
}

}  // namespace

Begin watch(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() != 1)
    throw Error("`watch` takes one server type, or `off`; for example: watch cpx32. Nothing was done.");
  const auto type = lower(ask.words.front());
  if (type == "off") return forget(world, caller);
  storage::WatchRow row;
  row.person = caller.person.id;
  row.type = type;
  const auto location = ask.options.find("location");
  row.location = location == ask.options.end() ? world.settings.location : location->second;
  if (const auto& offer = world.project.last()) check_location(*offer, row.location);
  check_type(world, type, row.location);
  row.chat = caller.message.chat;
  row.room = caller.message.room;
  row.thread = caller.message.thread;
  row.since = world.clock.now();
  world.storage.watches.add(row);
  return "You are told here, once, when " + type + " can be ordered in " + row.location +
         ". `watch off` ends it.";
}

}  // namespace commands
