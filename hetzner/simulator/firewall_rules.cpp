#include "hetzner/simulator/firewall_rules.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v6.hpp>
#include <regex>
#include <set>

#include "hetzner/simulator/ip_range.hpp"
#include "hetzner/simulator/labels.hpp"
#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t most_rules = 50, longest_description = 255, longest_port = 11;

bool is_one_of(const json& value, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return value == word; });
}

bool is_cidr(const std::string& text) {
  if (find_range(text)) return true;
  if (text.find(':') == std::string::npos || text.find('/') == std::string::npos) return false;
  boost::system::error_code failure;
  const auto network = boost::asio::ip::make_network_v6(text, failure);
  return !failure && network == network.canonical();
}

json cidrs(const json& rule, const char* key) {
  const auto value = rule.value(key, json());
  if (value.is_null()) return json::array();
  if (!value.is_array()) throw invalid(std::string("rules.") + key, "must be an array");
  for (const auto& each : value)
    if (!each.is_string() || !is_cidr(each.get<std::string>()))
      throw invalid(std::string("rules.") + key, "must be ranges in CIDR notation, without host bits");
  return value;
}

int port_number(const std::string& text) { return text.size() > 5 ? 0 : std::stoi(text); }

/// "80", "80-85" or "any".
bool is_port(const std::string& text) {
  static const std::regex form(R"((\d+)(?:-(\d+))?)");
  std::smatch parts;
  if (text == "any") return true;
  // std::regex calls itself for each letter.
  if (text.size() > longest_port || !std::regex_match(text, parts, form)) return false;
  const int low = port_number(parts[1]), high = parts[2].matched ? port_number(parts[2]) : low;
  return low >= 1 && low <= high && high <= 65535;
}

json port_of(const json& rule) {
  const auto port = rule.value("port", json());
  const bool has_ports = is_one_of(rule.at("protocol"), {"tcp", "udp"});
  if (has_ports && (!port.is_string() || !is_port(port.get<std::string>())))
    throw invalid("rules.port", "must be a port, a range like 80-85 or any");
  if (!has_ports && !port.is_null() && port != "") throw invalid("rules.port", "only tcp and udp have ports");
  return has_ports ? port : json();
}

json rule_from(const json& rule) {
  if (!rule.is_object()) throw invalid("rules", "must be objects");
  for (const auto& [key, value] : rule.items())
    if (!is_one_of(key, {"description", "direction", "source_ips", "destination_ips", "protocol", "port"}))
      throw invalid("rules." + key, "unknown field name '" + key + "'");
  const auto direction = rule.value("direction", json());
  if (!is_one_of(direction, {"in", "out"})) throw invalid("rules.direction", "must be in or out");
  if (!is_one_of(rule.value("protocol", json()), {"tcp", "udp", "icmp", "esp", "gre"}))
    throw invalid("rules.protocol", "must be tcp, udp, icmp, esp or gre");
  const auto description = rule.value("description", json());
  const bool fits = description.is_null() ||
                    (description.is_string() && description.get<std::string>().size() <= longest_description);
  if (!fits) throw invalid("rules.description", "must be a text of at most 255 letters");
  const auto sources = cidrs(rule, "source_ips"), destinations = cidrs(rule, "destination_ips");
  if (direction == "in" && sources.empty()) throw invalid("rules.source_ips", "are needed for direction in");
  if (direction == "out" && destinations.empty())
    throw invalid("rules.destination_ips", "are needed for direction out");
  return {{"description", description},      {"direction", direction},       {"source_ips", sources},
          {"destination_ips", destinations}, {"protocol", rule["protocol"]}, {"port", port_of(rule)}};
}

}  // namespace

json rules_from(const json& given) {
  if (!given.is_array()) throw invalid("rules", "must be an array");
  if (given.size() > most_rules) throw invalid("rules", "a firewall has at most 50 rules");
  json rules = json::array();
  for (const auto& rule : given) rules.push_back(rule_from(rule));
  return rules;
}

std::vector<Id> firewalls_of(const Project& project, const Server& server) {
  std::set<Id> all(server.firewalls.begin(), server.firewalls.end());
  for (const auto& [id, firewall] : project.held.firewalls)
    for (const auto& text : firewall.selectors)
      if (Selector(text).matches(server.labels)) all.insert(id);
  return {all.begin(), all.end()};
}

}  // namespace hetzner::simulator
