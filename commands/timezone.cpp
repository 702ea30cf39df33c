#include "commands/card.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

std::string now_there(Services& world, const std::string& zone) {
  const auto now = world.clock.now();
  return "it is " + clock_text(now, now, zone) + " there now";
}

}  // namespace

Begin timezone(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty()) {
    const auto zone = zone_of(world, caller.person);
    return "Your times are shown in " + zone +
           (caller.person.tz.empty() ? ", as nothing else was said; " : "; ") + now_there(world, zone) + ".";
  }
  const auto& wanted = ask.words.front();
  const auto zone = find_zone(wanted);
  if (ask.words.size() > 1 || !zone) {
    const auto near = ask.words.size() > 1 ? std::nullopt : nearest_zone(wanted);
    throw Error((ask.words.size() > 1 ? "`timezone` takes one zone."
                                      : "There is no time zone \"" + cut(printable(wanted), 40) + "\".") +
                (near ? " Did you mean " + *near + "?" : " They are written like Europe/Riga.") +
                " Nothing was changed.");
  }
  world.storage.people.set_timezone(caller.person.id, *zone);
  return "Your times are shown and read in " + *zone + " from now on; " + now_there(world, *zone) + ".";
}

}  // namespace commands
