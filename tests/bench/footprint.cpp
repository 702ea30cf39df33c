#include "tests/bench/footprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

std::ifstream open_of(pid_t process, const std::string& name) {
  const auto path = "/proc/" + std::to_string(process) + "/" + name;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  return in;
}

struct Mapping {
  std::string rights;
  std::string path;
  [[nodiscard]] bool is_of_a_file() const { return path.starts_with('/'); }
  [[nodiscard]] std::string name() const {
    return rights + " " + (path.empty() ? "[anonymous]" : path.substr(path.rfind('/') + 1));
  }
};

/// "7f00-7f10 r-xp 0000 08:01 12  /usr/lib/libssl.so.3"; nullopt for another line.
std::optional<Mapping> mapping_in(const std::string& line) {
  std::istringstream words(line);
  std::string range, offset, device, inode;
  Mapping mapping;
  words >> range >> mapping.rights >> offset >> device >> inode;
  if (range.find('-') == std::string::npos || mapping.rights.size() != 4) return std::nullopt;
  std::getline(words >> std::ws, mapping.path);
  return mapping;
}

std::set<std::string> files_of(const std::vector<pid_t>& processes) {
  std::set<std::string> files;
  for (const auto process : processes) {
    auto in = open_of(process, "maps");
    for (std::string line; std::getline(in, line);)
      if (const auto mapping = mapping_in(line)) files.insert(mapping->path);
  }
  return files;
}

/// "Private_Dirty:      12 kB" is added to its part.
void add_line(Footprint& footprint, const std::string& line, bool is_all_own) {
  std::istringstream words(line);
  std::string key;
  long kib = 0;
  if (!(words >> key >> kib)) return;
  const bool is_private = key == "Private_Clean:" || key == "Private_Dirty:";
  if (key == "Rss:") footprint.resident += kib;
  if (is_all_own ? key == "Rss:" : is_private) footprint.own += kib;
  if (key == "Private_Dirty:") footprint.dirty += kib;
}

}  // namespace

std::map<std::string, Footprint> mappings_of(pid_t process, const std::vector<pid_t>& others) {
  const auto shared = files_of(others);
  std::map<std::string, Footprint> mappings;
  Footprint* current = nullptr;
  bool is_all_own = false;
  auto in = open_of(process, "smaps");
  for (std::string line; std::getline(in, line);) {
    if (const auto mapping = mapping_in(line)) {
      current = &mappings[mapping->name()];
      is_all_own = mapping->is_of_a_file() && !shared.contains(mapping->path);
    } else if (current) {
      add_line(*current, line, is_all_own);
    }
  }
  return mappings;
}

Footprint sum(const std::map<std::string, Footprint>& mappings) {
  Footprint all;
  for (const auto& [name, part] : mappings) {
    all.own += part.own;
    all.dirty += part.dirty;
    all.resident += part.resident;
  }
  return all;
}

std::string shown(const Footprint& footprint) {
  const auto mb = [](long kib) { return static_cast<double>(kib) * 1024 / 1e6; };
  return fmt::format("{:.1f} MB private ({:.1f} written), {:.1f} MB resident", mb(footprint.own),
                     mb(footprint.dirty), mb(footprint.resident));
}

std::string listed(const std::map<std::string, Footprint>& mappings) {
  std::vector<std::pair<std::string, Footprint>> sorted(mappings.begin(), mappings.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& one, const auto& other) { return one.second.own > other.second.own; });
  std::string text = "   private   written  resident  KiB of\n";
  for (const auto& [name, part] : sorted)
    text += fmt::format("{:10}{:10}{:10}  {}\n", part.own, part.dirty, part.resident, name);
  return text;
}

}  // namespace bench
