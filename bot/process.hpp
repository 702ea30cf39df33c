#pragma once
#include <cstdint>

namespace bot {

/// What this process takes, by the kernel (/proc/self); 0 where that cannot be read.
struct ProcessUse {
  std::uint64_t resident_bytes = 0;
  int open_files = 0;
  double cpu_seconds = 0;  ///< user and system
};
ProcessUse process_use();

}  // namespace bot
