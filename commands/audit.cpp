#include <algorithm>
#include <charconv>

#include "commands/card.hpp"
#include "commands/export_audit.hpp"
#include "commands/printable.hpp"
#include "commands/record.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

constexpr int usual_count = 10;
constexpr int most_count = 50;
constexpr std::size_t longest_cell = 120;

/// "#team:example.org", as people call the room; "a direct room" of one person and the bot.
std::string room_text(Services& world, const storage::AuditRow& row) {
  if (row.chat.empty()) return "by itself";
  if (row.chat == "slack") return row.room.starts_with('D') ? "a direct room" : row.room;
  for (const auto& room : world.storage.rooms.all(row.chat)) {
    if (room.id != row.room) continue;
    if (!room.partner.empty()) return "a direct room";
    return room.alias.empty() ? room.id : room.alias;
  }
  return row.chat;
}

std::string line_of(Services& world, const storage::AuditRow& row, const std::string& zone) {
  const auto person = world.storage.people.find(row.person);
  auto text = clock_text(row.at, world.clock.now(), zone) + " · " + (person ? shown(*person) : "the bot") +
              " · " + cut(printable(row.command), longest_cell) + " · " +
              cut(printable(row.result), longest_cell);
  if (!row.currency.empty())
    text += " · " + hetzner::with_currency(hetzner::Money::from_raw(row.cost), row.currency, 2);
  return text + " · " + room_text(world, row);
}

int count_in(const Request& ask) {
  if (ask.words.empty()) return usual_count;
  const auto& word = ask.words.front();
  int count = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), count);
  const bool is_number = read.ec == std::errc() && read.ptr == word.data() + word.size();
  if (!is_number || count < 1 || count > most_count || ask.words.size() > 1)
    throw Error("`audit` takes how many lines, 1 to " + std::to_string(most_count) +
                ", and a person, as in audit 20 @bob; or export. Nothing was done.");
  return count;
}

}  // namespace

Begin audit(Services& world, const Caller& caller, const Request& asked) {
  auto ask = asked;
  // Also behind the number.
  const auto named = std::find_if(ask.words.begin(), ask.words.end(),
                                  [](const auto& word) { return word.starts_with('@'); });
  if (named != ask.words.end() && ask.person.empty()) {
    ask.person = named->substr(1);
    ask.words.erase(named);
  }
  const bool is_export = ask.person.empty() && ask.words == std::vector<std::string>{"export"};
  if (is_export) record(world, caller.message, std::string("export"));
  if (is_export) return Later([&world] { return export_audit(world); });
  const auto count = count_in(ask);
  const auto person = ask.person.empty() ? storage::PersonRow() : person_named(world, caller, ask.person);
  if (!ask.person.empty() && person.id == 0) return "Nobody has heard of " + shown(person) + " yet.";
  auto rows = world.storage.audit.outcomes(count, person.id);
  if (rows.empty())
    return "There is nothing in the audit" + (person.id == 0 ? "." : " of " + shown(person) + ".");
  const auto zone = zone_of(world, caller.person);
  std::string text = "The last of the audit, the newest at the end (times in " + zone + "):";
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) text += "\n" + line_of(world, *row, zone);
  return text;
}

}  // namespace commands
