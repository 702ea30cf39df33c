#include "bot/report_check.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "commands/printable.hpp"

namespace bot {
namespace {

using nlohmann::json;

/// Returns the value as it is kept; throws BadReport with `path` when it is of another type.
using Check = std::function<json(const json& value, const std::string& path)>;
struct Field {
  std::string name;
  Check check;
};

constexpr std::size_t list_limit = 50;

[[noreturn]] void refuse(const std::string& path, const std::string& wanted) {
  throw BadReport("\"" + path + "\" must be " + wanted);
}

json boolean(const json& value, const std::string& path) {
  if (!value.is_boolean()) refuse(path, "true or false");
  return value;
}

/// Far more than what is counted comes to, and few enough digits to be shown.
constexpr std::int64_t most = 1'000'000'000'000'000;
constexpr std::int64_t longest_uptime = 1'000'000'000;

/// From 0 to `limit`: what is beyond is taken for the nearest.
template <std::int64_t limit = most>
json number(const json& value, const std::string& path) {
  if (!value.is_number()) refuse(path, "a number");
  const auto amount = value.get<double>();
  if (!(amount > 0)) return 0;
  return amount > static_cast<double>(limit) ? json(limit) : value;
}

json state(const json& value, const std::string& path) {
  if (value != "ok" && value != "failed") refuse(path, "\"ok\" or \"failed\"");
  return value;
}

Check lines(std::size_t bytes) {
  return [bytes](const json& value, const std::string& path) {
    if (!value.is_string()) refuse(path, "a string");
    return json(commands::cut(value.get_ref<const std::string&>(), bytes));
  };
}

/// One line, for the bot's messages have lines of their own.
Check text(std::size_t bytes) {
  return [check = lines(bytes)](const json& value, const std::string& path) {
    auto kept = check(value, path).get<std::string>();
    std::replace_if(
        kept.begin(), kept.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return json(kept);
  };
}

Check list(Check item) {
  return [item = std::move(item)](const json& value, const std::string& path) {
    if (!value.is_array()) refuse(path, "a list");
    auto kept = json::array();
    for (const auto& element : value)
      if (kept.size() < list_limit) kept.push_back(item(element, path + "[]"));
    return kept;
  };
}

Check object(std::vector<Field> fields) {
  return [fields = std::move(fields)](const json& value, const std::string& path) {
    if (!value.is_object()) refuse(path.empty() ? "report" : path, "an object");
    auto kept = json::object();
    for (const auto& [name, check] : fields) {
      const auto found = value.find(name);
      if (found == value.end() || found->is_null()) continue;
      kept[name] = check(*found, path.empty() ? name : path + "." + name);
    }
    return kept;
  };
}

const Check& report() {
  static const Check check = object({
      {"stage", text(64)},
      {"state", state},
      {"detail", text(500)},
      {"ready", boolean},
      {"boot_id", text(64)},
      {"uptime", number<longest_uptime>},
      {"logins", list(object({{"tty", text(32)}, {"idle", number<>}}))},
      {"tmux_idle", number<>},
      {"editor", object({{"heartbeat_ms", number<>}, {"bytes", number<>}})},
      {"cpu", number<>},
      {"io", number<>},
      {"jobs", list(text(200))},
      {"leases", list(object({{"id", text(64)}, {"until", number<>}}))},
      {"disk", number<>},
      {"memory", number<>},
      {"dirty", list(text(300))},
      {"log", lines(4096)},
      {"done", object({{"id", text(200)}, {"ok", boolean}, {"error", text(500)}})},
  });
  return check;
}

}  // namespace

json checked_report(const std::string& body) {
  const auto value = json::parse(body, nullptr, false);
  if (value.is_discarded()) throw BadReport("the body is not JSON");
  auto kept = report()(value, "");
  if (!value.contains("v") || value["v"] != 1) refuse("v", "1");
  kept["v"] = 1;
  return kept;
}

}  // namespace bot
