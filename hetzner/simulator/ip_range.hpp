#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace hetzner::simulator {

/// An IPv4 range as the API writes it, "10.0.0.0/16": addresses are numbers, first and last included.
struct IpRange {
  std::uint32_t first = 0, last = 0;
  int prefix = 0;

  [[nodiscard]] bool has(std::uint32_t address) const { return first <= address && address <= last; }
  [[nodiscard]] bool holds(const IpRange& other) const { return has(other.first) && has(other.last); }
  [[nodiscard]] bool overlaps(const IpRange& other) const { return has(other.first) || other.has(first); }
  /// Inside 10/8, 172.16/12 or 192.168/16, RFC 1918.
  [[nodiscard]] bool is_private() const;
  [[nodiscard]] std::string text() const;
};

/// nullopt for anything but a range whose host bits are zero.
std::optional<IpRange> find_range(const std::string& text);
/// Of what was checked before it was kept.
IpRange range(const std::string& text);

std::optional<std::uint32_t> find_ipv4(const std::string& text);
std::string ipv4_text(std::uint32_t address);

}  // namespace hetzner::simulator
