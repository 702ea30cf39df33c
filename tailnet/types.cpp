#include "tailnet/types.hpp"

#include <cstdio>
#include <optional>

namespace tailnet {
namespace {

/// ".123456" → 123 ms; leaves `rest` behind the fraction.
net::Duration take_fraction(std::string_view& rest) {
  if (!rest.starts_with('.')) return {};
  rest.remove_prefix(1);
  int milliseconds = 0;
  for (int unit = 100; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; unit /= 10, rest.remove_prefix(1))
    milliseconds += unit * (rest[0] - '0');
  return net::Duration(milliseconds);
}

/// "Z" or "+02:00"; nullopt when it is neither.
std::optional<std::chrono::minutes> offset_of(std::string_view zone) {
  if (zone == "Z" || zone == "z") return std::chrono::minutes(0);
  int hours = 0, minutes = 0, length = 0;
  const std::string text(zone);
  const bool is_signed = zone.starts_with('+') || zone.starts_with('-');
  if (!is_signed || std::sscanf(text.c_str() + 1, "%2d:%2d%n", &hours, &minutes, &length) != 2 ||
      length + 1 != static_cast<int>(text.size()))
    return std::nullopt;
  return std::chrono::minutes((zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
}

}  // namespace

Time parse_time(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, length = 0;
  const auto refuse = [&] { return std::invalid_argument("\"" + text + "\" is not a time"); };
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                  &length) != 6)
    throw refuse();
  std::string_view rest(text);
  rest.remove_prefix(static_cast<std::size_t>(length));
  const auto fraction = take_fraction(rest);
  const auto offset = offset_of(rest);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!offset || !date.ok()) throw refuse();
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction - *offset;
}

std::string full_name(const std::string& name, const std::string& domain) {
  const bool is_bare = name.find('.') == std::string::npos;
  return is_bare && !domain.empty() ? name + "." + domain : name;
}

}  // namespace tailnet
