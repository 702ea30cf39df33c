#include "hetzner/reading.hpp"

#include <charconv>

namespace hetzner::reading {
namespace {

/// Takes exactly `digits` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto* end = text.data() + digits;
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stopped != end || value < 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char either, char other) {
  if (text.empty() || (text[0] != either && text[0] != other)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-', '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-', '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<std::chrono::minutes> take_hours_and_minutes(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ':', ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

std::chrono::milliseconds take_fraction(std::string_view& text) {
  int milliseconds = 0;
  if (!take(text, '.', '.')) return {};
  for (int unit = 100; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
    milliseconds += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  return std::chrono::milliseconds(milliseconds);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z', 'z')) return std::chrono::minutes(0);
  const bool west = text.starts_with('-');
  if (!take(text, '+', '-')) return std::nullopt;
  const auto offset = take_hours_and_minutes(text);
  if (!offset) return std::nullopt;
  return west ? -*offset : *offset;
}

}  // namespace

void unreadable(std::string_view key, std::string_view expected) {
  throw Unavailable("Hetzner's answer cannot be read: \"" + std::string(key) + "\" is not " +
                    std::string(expected));
}

const Json* find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const Json& required(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) unreadable(key, "there");
  return *found;
}

std::optional<std::int64_t> find_integer(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) return std::nullopt;
  if (!found->is_number_integer()) unreadable(key, "an integer");
  return found->get<std::int64_t>();
}

std::int64_t required_integer(const Json& object, std::string_view key) {
  const auto found = find_integer(object, key);
  if (!found) unreadable(key, "there");
  return *found;
}

std::optional<std::string> find_text(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) return std::nullopt;
  if (!found->is_string()) unreadable(key, "a text");
  return found->get<std::string>();
}

std::string required_text(const Json& object, std::string_view key) {
  auto found = find_text(object, key);
  if (!found) unreadable(key, "there");
  return *found;
}

std::string text(const Json& object, std::string_view key) { return find_text(object, key).value_or(""); }

double number(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) return 0;
  if (!found->is_number()) unreadable(key, "a number");
  return found->get<double>();
}

bool flag(const Json& object, std::string_view key) {
  const auto* found = find(object, key);
  if (!found) return false;
  if (!found->is_boolean()) unreadable(key, "true or false");
  return found->get<bool>();
}

std::map<std::string, std::string> labels(const Json& object) {
  const auto* found = find(object, "labels");
  std::map<std::string, std::string> labels;
  if (!found || (found->is_array() && found->empty())) return labels;
  if (!found->is_object()) unreadable("labels", "an object");
  for (const auto& [key, value] : found->items()) labels[key] = text(*found, key);
  return labels;
}

std::optional<Time> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || (!take(text, 'T', 't') && !take(text, ' ', ' '))) return std::nullopt;
  const auto minutes = take_hours_and_minutes(text);
  if (!minutes || !take(text, ':', ':')) return std::nullopt;
  const auto seconds = take_digits(text, 2);
  if (!seconds || *seconds > 60) return std::nullopt;
  const auto fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Time(*date) + *minutes + std::chrono::seconds(*seconds) + fraction - *offset;
}

std::optional<Time> find_time(const Json& object, std::string_view key) {
  const auto written = find_text(object, key);
  if (!written) return std::nullopt;
  const auto time = parse_time(*written);
  if (!time) unreadable(key, "a time");
  return time;
}

}  // namespace hetzner::reading
