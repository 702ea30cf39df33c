#include "commands/choice.hpp"
#include "commands/grammar.hpp"
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

void check_type(const Services& world, const Project::Types& types, const std::string& type,
                const std::string& location) {
  const auto size = hetzner::size_of(type, types);
  if (!size) throw Error("There is no server type \"" + type + "\"; types lists them. Nothing was done.");
  if (!size->retired.empty())
    throw Error(type + " has not been sold since " + size->retired +
                " and will not come back. Nothing was done.");
  if (!hetzner::may_come_back(type, types, location, world.clock.now()))
    throw Error(type + " is not sold in " + location + ", so it will not come back there. Nothing was done.");
}

/// Storing it twice is storing it once.
net::awaitable<std::string> begin_to_watch(Services& world, storage::WatchRow row) {
  const auto offer = co_await world.project.offer();
  check_location(offer, row.location);
  const auto seen = co_await world.project.types();
  check_type(world, seen.value, row.type, row.location);
  for (const auto* type : orderable(world, seen.value, row.location))
    if (type->name == row.type)
      co_return row.type + " can be ordered in " + row.location + " now: " + world.settings.prefix + " up " +
          row.type;
  world.storage.watches.add(row);
  co_return "You are told here, once, when " + row.type + " can be ordered in " + row.location +
      ". `watch off` ends it.";
}

}  // namespace

Begin watch(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.size() != 1)
    throw Error("`watch` takes one server type, or `off`; for example: watch cpx32. Nothing was done.");
  const auto type = lower(ask.words.front());
  if (type == "off") return forget(world, caller);
  if (!looks_like_type(type))
    throw Error("\"" + type + "\" is no server type; for example: watch cpx32. Nothing was done.");
  storage::WatchRow row;
  row.person = caller.person.id;
  row.type = type;
  row.location = option_or(ask, "location", world.settings.location);
  row.chat = caller.message.chat;
  row.room = caller.message.room;
  row.thread = caller.message.thread;
  row.since = world.clock.now();
  return Later([&world, row] { return begin_to_watch(world, row); });
}

}  // namespace commands
