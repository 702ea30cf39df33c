#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <ctime>

#include "hetzner/cloud.hpp"
#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

using nlohmann::json;

constexpr std::int64_t finest_step_s = 60;
/// What the API gives by itself, too; it has no more than 500.
constexpr std::int64_t most_samples = 200;

std::string rfc3339(Time time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(seconds));
}

/// [unix seconds, "12.5"]; nullopt for a gap, which is null or NaN.
std::optional<double> value_of(const json& sample) {
  if (!sample.is_array() || sample.size() != 2) reading::unreadable("values", "a list of pairs");
  const auto& value = sample[1];
  if (value.is_null()) return std::nullopt;
  double number = 0;
  if (value.is_number()) {
    number = value.get<double>();
  } else {
    const auto text = value.is_string() ? value.get<std::string>() : "";
    const auto* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end) reading::unreadable("values", "a list of numbers");
  }
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> average_of(const json& series) {
  const auto& samples = reading::required(series, "values");
  if (!samples.is_array()) reading::unreadable("values", "a list");
  double sum = 0;
  int count = 0;
  for (const auto& sample : samples)
    if (const auto value = value_of(sample)) {
      sum += *value;
      ++count;
    }
  if (count == 0) return std::nullopt;
  return sum / count;
}

/// "disk.0.bandwidth.read", "network.1.bandwidth.out": of every disk or interface, both ways.
double bandwidth(const json& all, std::string_view kind) {
  double sum = 0;
  for (const auto& [name, series] : all.items())
    if (name.starts_with(kind) && name.find(".bandwidth.") != std::string::npos)
      sum += average_of(series).value_or(0);
  return sum;
}

std::optional<Load> load_in(const json& answer) {
  const auto& all = reading::required(reading::required(answer, "metrics"), "time_series");
  if (!all.is_object()) reading::unreadable("time_series", "an object");
  const auto* cpu = reading::find(all, "cpu");
  const auto percent = cpu ? average_of(*cpu) : std::nullopt;
  if (!percent) return std::nullopt;
  Load load;
  load.cpu = *percent;
  load.disk = bandwidth(all, "disk.");
  load.network = bandwidth(all, "network.");
  return load;
}

}  // namespace

net::awaitable<std::optional<Load>> Cloud::load(ServerId id, Time from, Time to) {
  const auto path = "/servers/" + std::to_string(id.value) + "/metrics";
  const auto span_s = std::chrono::ceil<std::chrono::seconds>(to - from).count();
  const auto step_s = std::max(finest_step_s, (span_s + most_samples - 1) / most_samples);
  const net::Query query{{"type", "cpu,disk,network"},
                         {"start", rfc3339(from)},
                         {"end", rfc3339(to)},
                         {"step", std::to_string(step_s)}};
  try {
    const auto answer = co_await api_.get(path, query);
    co_return load_in(answer);
  } catch (const ApiError& error) {
    if (error.code != "not_found") throw;
  }
  co_return std::nullopt;
}

}  // namespace hetzner
