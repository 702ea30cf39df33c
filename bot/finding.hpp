#pragma once
#include <string>
#include <vector>

namespace bot {

enum class Level { ok, warn, fail };

/// What one check came to: a line, and the next step to take when not all is well.
struct Finding {
  Level level = Level::ok;
  std::string text;
  std::string next;
  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

Finding good(std::string text);
Finding doubtful(std::string text, std::string next);
Finding broken(std::string text, std::string next);

/// "ok   …", "warn …" or "FAIL …", the next step on an indented line.
std::string shown(const Finding& finding);
bool has_failed(const Findings& findings);

}  // namespace bot
