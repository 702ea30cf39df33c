#include "net/request.hpp"
#include "tests/fuzz/entries.hpp"
#include "tests/fuzz/simulated_cloud.hpp"

namespace fuzz {

/// The bytes of one request as they come over the wire.
void sim_request(std::string_view bytes) {
  const auto request = net::find_request(bytes);
  if (!request) return;
  SimulatedCloud cloud;
  cloud.ask(*request);
}

}  // namespace fuzz
