#include "bot/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace bot {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int count_open_files() {
  std::error_code failure;
  const std::filesystem::directory_iterator files("/proc/self/fd", failure);
  // One of them is the look itself.
  return failure ? 0 : static_cast<int>(std::distance(begin(files), end(files))) - 1;
}

}  // namespace

ProcessUse process_use() {
  ProcessUse use;
  std::uint64_t size = 0, resident = 0;
  if (std::ifstream("/proc/self/statm") >> size >> resident)
    use.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  use.open_files = count_open_files();
  rusage spent{};
  if (::getrusage(RUSAGE_SELF, &spent) == 0)
    use.cpu_seconds = seconds_of(spent.ru_utime) + seconds_of(spent.ru_stime);
  return use;
}

}  // namespace bot
