#include "hetzner/simulator/units.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <ctime>
#include <iomanip>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace hetzner::simulator {
namespace {

constexpr std::int64_t unit = 10'000'000'000;
constexpr std::size_t longest_time = 64;  ///< std::regex calls itself for every letter

std::int64_t digits(const std::string& text, const std::string& whole) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stop != end || value < 0)
    throw std::invalid_argument("\"" + whole + "\" is not an amount");
  return value;
}

}  // namespace

std::string rfc3339(net::Time time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(seconds));
}

std::optional<net::Time> find_rfc3339(const std::string& text) {
  static const std::regex form(
      R"((\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d)))");
  std::smatch parts;
  if (text.size() > longest_time || !std::regex_match(text, parts, form)) return std::nullopt;
  auto local = parts[1].str();
  local[10] = 'T';
  std::istringstream stream(local);
  std::tm fields{};
  stream >> std::get_time(&fields, "%Y-%m-%dT%H:%M:%S");
  if (stream.fail()) return std::nullopt;
  auto seconds = static_cast<std::int64_t>(::timegm(&fields));
  if (parts[2].matched)
    seconds -= (parts[2] == "-" ? -60 : 60) * (std::stoi(parts[3]) * 60 + std::stoi(parts[4]));
  return net::Time(std::chrono::seconds(seconds));
}

std::int64_t money(const std::string& decimal) {
  const auto dot = decimal.find('.');
  const auto whole = digits(decimal.substr(0, dot), decimal);
  if (dot == std::string::npos) return whole * unit;
  auto fraction = decimal.substr(dot + 1);
  if (fraction.size() > 10) throw std::invalid_argument("\"" + decimal + "\" has more than ten decimals");
  fraction.resize(10, '0');
  return whole * unit + digits(fraction, decimal);
}

std::string decimal10(std::int64_t amount) { return fmt::format("{}.{:010}", amount / unit, amount % unit); }

std::string gross16(std::int64_t net, std::int64_t vat_percent) {
  // 1e-12 after the percentage; the last four of the sixteen digits are zero.
  const auto gross = static_cast<__int128>(net) * (100 + vat_percent);
  constexpr __int128 scale = static_cast<__int128>(unit) * 100;
  return fmt::format("{}.{:012}0000", static_cast<std::int64_t>(gross / scale),
                     static_cast<std::int64_t>(gross % scale));
}

}  // namespace hetzner::simulator
