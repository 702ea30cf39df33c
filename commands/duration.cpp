#include "commands/duration.hpp"

#include <charconv>
#include <string>

#include "commands/request.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

using std::chrono::seconds;

constexpr std::string_view unit_names = "dhms";  // in the order they are written
constexpr seconds lengths[] = {seconds(86400), seconds(3600), seconds(60), seconds(1)};
constexpr seconds longest_span = seconds(366LL * 86400);

/// How many of one unit; one that does not fit counts as too long.
std::int64_t seconds_number(std::string_view digits) {
  std::int64_t number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool fits = result.ec == std::errc() && number <= longest_span.count();
  return fits ? number : longest_span.count() + 1;
}

/// The sum, or nullopt when the text is not written as a duration.
std::optional<seconds> sum_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  seconds sum{0};
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto unit = unit_names.find(lower(text[digits]), next_unit);
    if (unit == std::string_view::npos) return std::nullopt;
    const auto number = seconds_number(text.substr(0, digits));
    sum += number > longest_span.count() ? longest_span + seconds(1) : number * lengths[unit];
    next_unit = unit + 1;
    text.remove_prefix(digits + 1);
  }
  return sum;
}

}  // namespace

std::optional<net::Duration> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto sum = sum_of(negative ? text.substr(1) : text);
  if (!sum) return std::nullopt;
  const auto refusal = [&](const std::string& why) {
    return Error("\"" + std::string(text.substr(0, 40)) + "\" " + why +
                 "; a duration looks like 90m or 1h30m.");
  };
  if (negative) throw refusal("is negative");
  if (*sum == seconds(0)) throw refusal("is no time at all");
  if (*sum > longest_span) throw refusal("is longer than a year");
  return *sum;
}

std::optional<net::Duration> take_duration(std::vector<std::string>& words) {
  std::optional<net::Duration> taken;
  std::erase_if(words, [&](const std::string& word) {
    if (taken) return false;
    taken = parse_duration(word);
    return taken.has_value();
  });
  return taken;
}

}  // namespace commands
