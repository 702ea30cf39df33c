#pragma once
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace bench {

/// A process's memory as the kernel counts it (proc(5), smaps), in KiB.
struct Footprint {
  long own = 0;       ///< private pages, its code included
  long dirty = 0;     ///< of these, what was written to: the part that no memory pressure gives back
  long resident = 0;  ///< with everything shared: the most it costs on a machine where nothing is
};

/// By mapped file. A file that none of `others` maps is all its own, whoever else runs on this machine.
std::map<std::string, Footprint> mappings_of(pid_t process, const std::vector<pid_t>& others);
Footprint sum(const std::map<std::string, Footprint>& mappings);
/// "7.0 MB private (2.1 written), 14.1 MB resident".
std::string shown(const Footprint& footprint);
/// A line a mapped file, the largest first.
std::string listed(const std::map<std::string, Footprint>& mappings);

}  // namespace bench
