#pragma once
#include <string>
#include <vector>

#include "net/clock.hpp"

namespace bot::slack {

inline constexpr auto chat_name = "slack";

/// [slack] of the configuration, secrets read, and what else the backend must know.
struct Options {
  std::string api_url = "https://slack.com/api";
  std::string app_token;  ///< xapp-…, opens sockets
  std::string bot_token;  ///< xoxb-…, does the rest
  std::vector<std::string>
      channels;  ///< ids of those it answers in, besides direct ones; none = all it is in
  std::string prefix = "!devbox";
  std::string ca_file;
  net::Duration request = std::chrono::seconds(30);
  net::Duration silence = std::chrono::seconds(30);  ///< of a socket, until it is dead
  net::Duration hello = std::chrono::seconds(10);    ///< after a socket was opened
  net::Duration drain = std::chrono::seconds(15);    ///< of a replaced socket, which Slack closes by itself
  net::Duration steady = std::chrono::minutes(1);  ///< a socket that lived so long ends a series of failures
  net::Duration retry = std::chrono::seconds(1);   ///< first pause before Slack is asked again
  net::Duration last_retry = std::chrono::minutes(1);  ///< and the longest
  net::Duration per_channel =
      std::chrono::seconds(1);  ///< between messages to a channel, after a few at once
  bool operator==(const Options&) const = default;
};

}  // namespace bot::slack
