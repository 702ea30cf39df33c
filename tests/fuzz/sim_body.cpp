#include "tests/fuzz/entries.hpp"
#include "tests/fuzz/simulated_cloud.hpp"

namespace fuzz {
namespace {

constexpr int most_requests = 6;

std::string_view take(std::string_view& text, std::string_view until) {
  const auto end = std::min(text.find(until), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + until.size(), text.size()));
  return taken;
}

}  // namespace

/// Requests one after another, each "POST /v1/volumes", a new line and its body, with an empty line between
/// two.
void sim_body(std::string_view bytes) {
  SimulatedCloud cloud;
  for (int requests = 0; requests < most_requests && !bytes.empty(); ++requests) {
    auto request = take(bytes, "\n\n");
    auto line = take(request, "\n");
    const std::string method(take(line, " "));
    cloud.ask(method, std::string(line), request);
  }
}

}  // namespace fuzz
