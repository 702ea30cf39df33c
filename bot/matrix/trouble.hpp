#pragma once
#include <optional>
#include <string>

#include "net/backoff.hpp"
#include "net/clock.hpp"

namespace bot::matrix {

/// How long to wait while the homeserver is not to be had: short pauses in the first minute, so that a
/// restart of it is hardly noticed, long ones after that; each uniform below its cap. Its beginning and its
/// end are logged.
class Trouble {
 public:
  Trouble(net::Clock& clock, net::Random& random, net::Duration first);

  /// Something went wrong: the pause before the next attempt, at least `asked`.
  net::Duration pause(const std::string& why, std::optional<net::Duration> asked = std::nullopt);
  [[nodiscard]] bool is_on() const { return since_.has_value(); }
  /// It went well: true when it had not before.
  bool over();

 private:
  net::Clock& clock_;
  net::Backoff early_;
  net::Backoff late_;
  std::optional<net::Time> since_;
};

}  // namespace bot::matrix
