#pragma once
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace fuzz {

/// The simulated cloud without a socket, for every input as it was at first: with a volume, an address, a
/// firewall and a server that runs. `ask` requires of every answer what the API promises.
class SimulatedCloud {
 public:
  SimulatedCloud();
  /// With a token that opens the project.
  net::HttpResponse ask(const std::string& method, const std::string& target, std::string_view body);
  net::HttpResponse ask(const net::HttpRequest& request);

 private:
  struct State;
  static State& only();
  State& state_;
};

}  // namespace fuzz
