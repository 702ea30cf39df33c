#pragma once
#include <stdexcept>

namespace net {

/// Any failure of the network layer; `what()` is one sentence that names the other side.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Nothing reached the other side: no address, no connection, no TLS session. Safe to try again.
struct NotSent : Error {
  using Error::Error;
};
/// The request may have arrived: cut, timed out or garbled after the first byte was sent.
struct NoAnswer : Error {
  using Error::Error;
};

}  // namespace net
