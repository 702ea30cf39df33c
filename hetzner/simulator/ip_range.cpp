#include "hetzner/simulator/ip_range.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <charconv>
#include <stdexcept>

namespace hetzner::simulator {

using boost::asio::ip::address_v4;

std::optional<std::uint32_t> find_ipv4(const std::string& text) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address_v4(text, failure);
  if (failure) return std::nullopt;
  return address.to_uint();
}

std::string ipv4_text(std::uint32_t address) { return address_v4(address).to_string(); }

std::optional<IpRange> find_range(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto first = find_ipv4(text.substr(0, slash));
  IpRange range;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data() + slash + 1, end, range.prefix);
  if (!first || failure != std::errc() || stop != end || range.prefix < 0 || range.prefix > 32)
    return std::nullopt;
  const auto hosts = static_cast<std::uint32_t>(0xFFFFFFFFULL >> range.prefix);
  if (*first & hosts) return std::nullopt;
  range.first = *first;
  range.last = *first | hosts;
  return range;
}

IpRange range(const std::string& text) {
  const auto found = find_range(text);
  if (!found) throw std::invalid_argument("\"" + text + "\" is not a range");
  return *found;
}

bool IpRange::is_private() const {
  for (const auto* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"})
    if (range(text).holds(*this)) return true;
  return false;
}

std::string IpRange::text() const { return ipv4_text(first) + "/" + std::to_string(prefix); }

}  // namespace hetzner::simulator
