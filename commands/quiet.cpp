#include "commands/quiet.hpp"

#include "commands/card.hpp"
#include "commands/times.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

std::string silence_of(Services& world, const storage::PersonRow& person) {
  const auto hours = quiet_hours(world, person);
  const auto& prefix = world.settings.prefix;
  if (!hours)
    return "Reminders come to you at any time. " + prefix + " quiet 22-7 keeps them away from 22:00 to 7:00.";
  const auto now = world.clock.now();
  const auto zone = zone_of(world, person);
  std::string text = "Reminders do not come to you in " + hours_text(*hours) + " (" + zone + ")";
  if (person.quiet.empty()) text += ", as nothing else was said";
  if (is_quiet(world, person, now))
    text += "; it is quiet now, until " + clock_text(quiet_until(world, person, now), now, zone);
  return text + ". What is to stop stops all the same. " + prefix + " quiet off ends that.";
}

}  // namespace

std::optional<Hours> quiet_hours(const Services& world, const storage::PersonRow& person) {
  const auto& text = person.quiet.empty() ? world.settings.policy.idle.quiet : person.quiet;
  if (text.empty() || text == "off") return std::nullopt;
  return parse_hours(text);
}

bool is_quiet(const Services& world, const storage::PersonRow& person, net::Time time) {
  const auto hours = quiet_hours(world, person);
  return hours && is_within(*hours, time, zone_of(world, person));
}

net::Time quiet_until(const Services& world, const storage::PersonRow& person, net::Time time) {
  const auto hours = quiet_hours(world, person);
  return hours ? end_of(*hours, time, zone_of(world, person)) : time;
}

Begin quiet(Services& world, const Caller& caller, const Request& ask) {
  if (ask.words.empty()) return silence_of(world, caller.person);
  const auto words = without_gaps(ask.words);
  if (words.size() == 2 && find_zone(words.back()))
    throw Error("Quiet hours are in your own zone: " + world.settings.prefix + " timezone " + words.back() +
                " sets that. Nothing was changed.");
  if (words.size() > 1) throw Error("`quiet` takes hours or `off`, as in quiet 22-7; nothing was changed.");
  const auto word = lower(words.front());
  auto person = caller.person;
  person.quiet = word == "off" ? word : hours_text(parse_hours(word));
  world.storage.people.set_quiet(person.id, person.quiet);
  world.changed.notify();
  return silence_of(world, person);
}

}  // namespace commands
