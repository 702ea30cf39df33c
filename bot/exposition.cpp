#include "bot/exposition.hpp"

#include <fmt/format.h>

#include <cmath>

namespace bot {
namespace {

/// A line break would end the sample, a quotation mark the value.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else {
      if (c == '\\' || c == '"') text += '\\';
      text += c;
    }
  }
  return text;
}

std::string number(double value) {
  constexpr double exact = 9007199254740992;  // 2^53
  if (value == std::floor(value) && std::abs(value) < exact)
    return std::to_string(static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

}  // namespace

void Exposition::counter(std::string_view name, std::string_view help) { family(name, help, "counter"); }
void Exposition::gauge(std::string_view name, std::string_view help) { family(name, help, "gauge"); }

void Exposition::family(std::string_view name, std::string_view help, std::string_view type) {
  name_ = name;
  text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void Exposition::sample(const Labels& labels, double value) {
  std::string list;
  for (const auto& [label, text] : labels)
    list += fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", label, escaped(text));
  text_ += name_ + (list.empty() ? "" : "{" + list + "}") + " " + number(value) + "\n";
}

}  // namespace bot
