#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hetzner/types.hpp"

namespace hetzner {

/// What a server type is replaced by: at least as much of each, on the same architecture.
struct Size {
  std::string name;
  std::string architecture;  ///< x86 | arm
  int cores = 0;
  double memory_gb = 0;
  std::string retired;  ///< "2025-12-31": sold nowhere since; "" = the API lists it
};

/// "cpx" of "cpx32": letters before the first digit.
std::string line_of(const std::string& type);

/// nullptr = the API does not list it.
const ServerType* find_type(const std::vector<ServerType>& listed, const std::string& name);

/// Of a type that the API lists, else of one that it has forgotten: the API drops retired types, and whoever
/// has cx22 in his fingers shall get its successor. nullopt = there has never been such a type.
std::optional<Size> size_of(const std::string& type, const std::vector<ServerType>& listed);

/// Whether a type that cannot be ordered there now may come back: it is listed for the location, and its end
/// is not past. False for every retired type.
bool may_come_back(const std::string& type, const std::vector<ServerType>& listed,
                   const std::string& location, Time now);

/// Types that can be ordered in `location` and are at least `wanted`, without it, cheapest (net) first.
/// `same_line`: only of its line.
std::vector<const ServerType*> successors(const Size& wanted, const std::vector<ServerType>& listed,
                                          const std::string& location, Time now, bool same_line);

}  // namespace hetzner
