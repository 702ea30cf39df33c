// Preloaded into the bot: counts the commits that SQLite writes to its write-ahead log, and kills the process
// at one of them. A commit is a frame whose header (24 bytes: page, size of the database after the commit, …)
// has a size; its page follows in the next write
// (https://www.sqlite.org/fileformat.html#the_write_ahead_log).
//   COMMITS=FILE                  a byte is appended to FILE for each commit
//   KILL_AT_COMMIT=N KILL=before  dies before the N-th is written: the commit is lost
//                    KILL=after   dies when it is written
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

using Pwrite = ssize_t (*)(int, const void*, size_t, off64_t);
constexpr size_t header_size = 24;

bool is_log(int file) {
  char link[64] = "/proc/self/fd/";
  char digits[16];
  size_t count = 0;
  for (int rest = file; rest > 0 || count == 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  size_t end = std::strlen(link);
  while (count > 0) link[end++] = digits[--count];
  link[end] = 0;
  char path[4096];
  const ssize_t length = readlink(link, path, sizeof path);
  return length > 0 && std::string_view(path, static_cast<size_t>(length)).ends_with("-wal");
}

bool is_commit_header(int file, const void* bytes, size_t size) {
  constexpr char none[4] = {};
  return size == header_size && std::memcmp(static_cast<const char*>(bytes) + 4, none, sizeof none) != 0 &&
         is_log(file);
}

[[noreturn]] void die() {
  raise(SIGKILL);
  _exit(125);
}

/// One process has one log, and SQLite writes it from one thread.
class Commits {
 public:
  void header() {
    ++seen_;
    record();
    if (seen_ == target_ && !after_) die();
    page_follows_ = true;
  }
  void written(int file, bool was_header) {
    if (was_header || !page_follows_ || !is_log(file)) return;
    page_follows_ = false;
    if (seen_ == target_ && after_) die();
  }

 private:
  static long number(const char* name) {
    const char* text = std::getenv(name);
    return text ? std::atol(text) : 0;
  }
  static bool is_after() {
    const char* text = std::getenv("KILL");
    return text && std::string_view(text) == "after";
  }
  static void record() {
    const char* path = std::getenv("COMMITS");
    if (!path) return;
    const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || write(file, ".", 1) != 1) die();
    close(file);
  }

  long seen_ = 0;
  bool page_follows_ = false;
  const long target_ = number("KILL_AT_COMMIT");
  const bool after_ = is_after();
};

ssize_t watched(const char* name, int file, const void* bytes, size_t size, off64_t offset) {
  static Commits commits;
  const auto real = reinterpret_cast<Pwrite>(dlsym(RTLD_NEXT, name));
  const bool header = is_commit_header(file, bytes, size);
  if (header) commits.header();
  const ssize_t result = real(file, bytes, size, offset);
  commits.written(file, header);
  return result;
}

}  // namespace

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return watched("pwrite", file, bytes, size, offset);
}

extern "C" ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return watched("pwrite64", file, bytes, size, offset);
}
