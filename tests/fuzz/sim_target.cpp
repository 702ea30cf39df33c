#include "tests/fuzz/entries.hpp"
#include "tests/fuzz/simulated_cloud.hpp"

namespace fuzz {

/// "GET /v1/servers?page=2": what is before the first space, and all the rest.
void sim_target(std::string_view bytes) {
  const auto space = std::min(bytes.find(' '), bytes.size());
  SimulatedCloud cloud;
  cloud.ask(std::string(bytes.substr(0, space)), std::string(bytes.substr(std::min(space + 1, bytes.size()))),
            "");
}

}  // namespace fuzz
