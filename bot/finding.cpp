#include "bot/finding.hpp"

#include <algorithm>

#include "commands/printable.hpp"

namespace bot {
namespace {

std::string word_of(Level level) {
  if (level == Level::ok) return "ok   ";
  return level == Level::warn ? "warn " : "FAIL ";
}

/// Others' words are in it: names at Hetzner, answers of whatever listens there.
std::string one_line(const std::string& text) {
  auto line = commands::printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

Finding good(std::string text) { return {Level::ok, std::move(text), ""}; }
Finding doubtful(std::string text, std::string next) {
  return {Level::warn, std::move(text), std::move(next)};
}
Finding broken(std::string text, std::string next) { return {Level::fail, std::move(text), std::move(next)}; }

std::string shown(const Finding& finding) {
  auto lines = word_of(finding.level) + one_line(finding.text);
  if (!finding.next.empty()) lines += "\n     " + one_line(finding.next);
  return lines;
}

bool has_failed(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& one) { return one.level == Level::fail; });
}

}  // namespace bot
