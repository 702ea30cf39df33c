#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "hetzner/simulator/names.hpp"
#include "hetzner/simulator/render.hpp"
#include "hetzner/simulator/routes.hpp"

/// Reverse names. An IPv4 always has one, an IPv6 network those of its addresses that somebody gave one.
namespace hetzner::simulator {
namespace {

using nlohmann::json;
namespace ip = boost::asio::ip;

/// The address as the API shows it when it is the Primary IP's or lies in its network, else "".
std::string own_address(const PrimaryIp& primary, const std::string& text) {
  if (primary.type == "ipv4") return primary.ip == text ? text : "";
  boost::system::error_code failure;
  const auto address = ip::make_address_v6(text, failure);
  const auto network = ip::make_network_v6(primary.ip, failure);
  if (failure || ip::network_v6(address, network.prefix_length()).canonical() != network.canonical())
    return "";
  return address.to_string();
}

/// {ip, dns_ptr} for the first of them that has the address; null takes the name away.
json pointer_of(Call& call, std::initializer_list<Id> all) {
  const auto text = call.text("ip");
  if (!call.body.contains("dns_ptr")) throw invalid("dns_ptr", "missing data for required field");
  const auto name = call.find_text("dns_ptr");
  if (name) require_host_name(*name, "dns_ptr");
  for (const auto id : all) {
    const auto found = call.project.held.primary_ips.find(id);
    if (found == call.project.held.primary_ips.end()) continue;
    const auto address = own_address(found->second, text);
    if (!address.empty()) return {{"of", id}, {"ip", address}, {"dns_ptr", name ? json(*name) : json()}};
  }
  throw invalid("ip", "the IP does not belong to the resource");
}

Reply change_pointer(Call& call, Resource resource, json what) {
  auto& action = call.project.start("change_dns_ptr", {std::move(resource)}, 1);
  action.what = std::move(what);
  return action_reply(call, action);
}

}  // namespace

Reply change_server_dns_ptr(Call& call) {
  call.only({"ip", "dns_ptr"});
  const auto& server = call.project.server(call.ids.front());
  auto what = pointer_of(call, {server.ipv4, server.ipv6});
  call.project.require_unlocked(server);
  return change_pointer(call, {server.id, "server"}, std::move(what));
}

Reply change_primary_ip_dns_ptr(Call& call) {
  call.only({"ip", "dns_ptr"});
  const auto& primary = call.project.primary_ip(call.ids.front());
  auto what = pointer_of(call, {primary.id});
  call.project.require_unlocked(primary);
  return change_pointer(call, {primary.id, "primary_ip"}, std::move(what));
}

}  // namespace hetzner::simulator
