#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace style {

using Arrows = std::map<std::string, std::set<std::string>>;

/// Which folders a folder may include, itself left out: bot → commands → {hetzner, tailnet, storage}, net
/// under hetzner, tailnet and bot. The simulators speak HTTP and know no client; only bot starts them.
const Arrows& allowed_arrows();

/// Project folders that a C++ text includes, with the include as it is written: {"net", "net/url.hpp"}.
std::vector<std::pair<std::string, std::string>> includes(std::string_view text);
/// Whether a C++ text includes Beast.
bool includes_beast(std::string_view text);
/// Folders whose libraries a CMakeLists.txt links, by the names of the libraries (hetzner_simulator).
std::set<std::string> links(std::string_view text);

}  // namespace style
