#include <cstddef>
#include <cstdint>

#include "tests/fuzz/entries.hpp"

/// One program a target: DEVBOX_FUZZ_ENTRY is its function in entries.hpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::DEVBOX_FUZZ_ENTRY({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
