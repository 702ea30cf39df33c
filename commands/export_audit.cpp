#include "commands/export_audit.hpp"

#include <date/date.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "commands/request.hpp"

namespace commands {
namespace {

std::string instant(const char* format, net::Time time) {
  return date::format(format, std::chrono::floor<std::chrono::seconds>(time));
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  return line + "\r\n";
}

std::string csv_line(Services& world, const storage::AuditRow& row) {
  const auto person = world.storage.people.find(row.person);
  const auto cost = row.currency.empty() ? "" : hetzner::Money::from_raw(row.cost).text(4);
  return csv_line({std::to_string(row.id), instant("%FT%TZ", row.at), person ? person->platform : "",
                   person ? person->user : "", row.chat, row.room, row.command, row.operation, row.result,
                   cost, row.currency});
}

}  // namespace

std::string csv_cell(const std::string& text) {
  std::string cell = "\"";
  if (!text.empty() && std::string("=+-@\t\r").find(text.front()) != std::string::npos) cell += "'";
  for (const char letter : text) cell += letter == '"' ? "\"\"" : std::string(1, letter);
  return cell + "\"";
}

net::awaitable<std::string> export_audit(Services& world) {
  const auto directory =
      std::filesystem::absolute(world.storage.database.handle().getFilename()).parent_path();
  const auto file = directory / ("audit-" + instant("%Y%m%dT%H%M%SZ", world.clock.now()) + ".csv");
  // Nobody else may read it from the first byte on.
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
  std::ofstream out(file);
  out << csv_line(
      {"id", "at", "platform", "user", "chat", "room", "command", "operation", "result", "cost", "currency"});
  int count = 0;
  world.storage.audit.each([&](const storage::AuditRow& row) {
    out << csv_line(world, row);
    ++count;
  });
  out.close();
  if (!out) throw Error("The audit could not be written to " + file.string() + ".");
  co_return "✓ The whole audit, " + std::to_string(count) + " lines, is on the bot's machine in " +
      file.string() + ", for its owner alone.";
}

}  // namespace commands
