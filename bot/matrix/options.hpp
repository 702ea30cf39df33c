#pragma once
#include <string>
#include <vector>

#include "net/clock.hpp"

namespace bot::matrix {

/// [matrix] of the configuration, secrets read, and what else the backend must know.
struct Options {
  std::string homeserver;  ///< URL, or the server's name: then .well-known says where it is
  std::string user;        ///< "@devbox:example.org"
  std::string access_token;
  std::string password;            ///< one of the two is set
  std::vector<std::string> rooms;  ///< ids and aliases
  std::vector<std::string> inviters;
  std::vector<std::string> ignore;
  std::string prefix = "!devbox";
  std::string device = "devbox";  ///< the same for ever: transaction ids are remembered by device
  std::string session_file;       ///< 0600; "" = kept in memory only
  std::string ca_file;
  net::Duration request = std::chrono::seconds(30);
  net::Duration long_poll = std::chrono::seconds(30);
  net::Duration oldest = std::chrono::minutes(10);      ///< of a command that is still run
  net::Duration sign = std::chrono::milliseconds(200);  ///< without an answer by then, we show that we saw it
  net::Duration retry = std::chrono::milliseconds(500);  ///< first pause before the homeserver is asked again
  bool operator==(const Options&) const = default;
};

}  // namespace bot::matrix
