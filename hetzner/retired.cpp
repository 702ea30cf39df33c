#include "hetzner/retired.hpp"

#include <algorithm>
#include <array>

namespace hetzner {
namespace {

struct Retired {
  const char* name;
  const char* architecture;
  int cores;
  double memory_gb;
  const char* since;
};

/// As of 2026-11. Intel cx11…cx51 left on 2024-09-06, cx22…cx52 and, in Europe and Singapore, cpx11…cpx51 on
/// 2025-12-31 (Hetzner's changelog, 2024-06-06 and 2025-10-16).
constexpr std::array retired_types = {
    Retired{"cx11", "x86", 1, 2, "2024-09-06"},   Retired{"cx21", "x86", 2, 4, "2024-09-06"},
    Retired{"cx31", "x86", 2, 8, "2024-09-06"},   Retired{"cx41", "x86", 4, 16, "2024-09-06"},
    Retired{"cx51", "x86", 8, 32, "2024-09-06"},  Retired{"cx22", "x86", 2, 4, "2025-12-31"},
    Retired{"cx32", "x86", 4, 8, "2025-12-31"},   Retired{"cx42", "x86", 8, 16, "2025-12-31"},
    Retired{"cx52", "x86", 16, 32, "2025-12-31"}, Retired{"cpx11", "x86", 2, 2, "2025-12-31"},
    Retired{"cpx21", "x86", 3, 4, "2025-12-31"},  Retired{"cpx31", "x86", 4, 8, "2025-12-31"},
    Retired{"cpx41", "x86", 8, 16, "2025-12-31"}, Retired{"cpx51", "x86", 16, 32, "2025-12-31"},
};

}  // namespace

std::string line_of(const std::string& type) { return type.substr(0, type.find_first_of("0123456789")); }

const ServerType* find_type(const std::vector<ServerType>& listed, const std::string& name) {
  const auto found =
      std::find_if(listed.begin(), listed.end(), [&](const ServerType& one) { return one.name == name; });
  return found == listed.end() ? nullptr : &*found;
}

std::optional<Size> size_of(const std::string& type, const std::vector<ServerType>& listed) {
  if (const auto* one = find_type(listed, type))
    return Size{one->name, one->architecture, one->cores, one->memory_gb, ""};
  for (const auto& one : retired_types)
    if (type == one.name) return Size{one.name, one.architecture, one.cores, one.memory_gb, one.since};
  return std::nullopt;
}

bool may_come_back(const std::string& type, const std::vector<ServerType>& listed,
                   const std::string& location, Time now) {
  const auto* one = find_type(listed, type);
  if (!one) return false;
  for (const auto& there : one->locations)
    if (there.name == location) return !there.unavailable_after || *there.unavailable_after > now;
  return false;
}

std::vector<const ServerType*> successors(const Size& wanted, const std::vector<ServerType>& listed,
                                          const std::string& location, Time now, bool same_line) {
  std::vector<const ServerType*> found;
  for (const auto& type : listed) {
    const bool is_enough = type.name != wanted.name && type.architecture == wanted.architecture &&
                           type.cores >= wanted.cores && type.memory_gb >= wanted.memory_gb;
    const bool may_be = !same_line || line_of(type.name) == line_of(wanted.name);
    if (is_enough && may_be && type.is_orderable(location, now) && type.price_in(location))
      found.push_back(&type);
  }
  std::stable_sort(found.begin(), found.end(), [&](const ServerType* one, const ServerType* other) {
    return one->price_in(location)->hourly.net < other->price_in(location)->hourly.net;
  });
  return found;
}

}  // namespace hetzner
