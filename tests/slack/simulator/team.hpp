#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// All that one workspace of Slack remembers, with one app in it. Times are unix ms.
namespace slack::simulator {

/// A message, or what one became. Ephemeral ones have a reader, and no app finds them again.
struct Posted {
  std::string channel;
  std::string ts;
  std::string user;
  std::string text;
  nlohmann::json blocks;
  std::string thread_ts;
  nlohmann::json metadata;
  std::string reader;  ///< of an ephemeral one; "" = everybody
  std::string url_id;  ///< of the response_url that it came by
  bool is_deleted = false;
  std::int64_t at_us = 0;  ///< on the clock of `microseconds`
};

/// What durations are measured by, whatever time it is in the story.
inline std::int64_t microseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

struct Channel {
  std::string id;
  bool is_direct = false;
  std::set<std::string> members;
};

/// What was to be seen, in order: a message, or what it became then.
struct Shown {
  std::string channel;
  std::string ts;
  std::string text;
  bool is_edit = false;
};

struct ResponseUrl {
  std::string channel;
  std::string user;
  std::string message_ts;  ///< of the message whose button was pressed; "" = a command's
  int uses = 0;
  std::int64_t until = 0;
};

/// One delivery of a payload, which the app has to acknowledge.
struct Envelope {
  std::string id;
  std::string type;
  nlohmann::json payload;
  std::string event_id;  ///< of an event; only those are sent again
  int attempts = 0;
  bool is_acknowledged = false;
  bool was_late = false;  ///< not acknowledged in time: "dispatch_failed" where a person waits
  std::uint64_t last_link = 0;
  std::int64_t sent_us = 0;  ///< on the clock of `microseconds`
  std::int64_t acknowledged_us = 0;
};

struct File {
  std::string name;
  std::string bytes;
  std::string channel;  ///< "" = not shared yet
};

struct Team {
  std::string id = "T1";
  std::string app_id = "A1";
  std::string bot_user = "UBOT";
  std::string bot_id = "B1";
  std::string app_token = "xapp-1-test";
  std::string bot_token = "xoxb-test";
  std::set<std::string> scopes = {"commands",       "chat:write",  "app_mentions:read",
                                  "im:history",     "im:write",    "channels:history",
                                  "groups:history", "files:write", "users:read"};
  std::map<std::string, Channel> channels;
  std::vector<Posted> posts;
  std::vector<Shown> shown;
  std::map<std::string, ResponseUrl> urls;
  std::vector<Envelope> envelopes;
  std::map<std::string, File> files;
  std::set<std::string> tickets;  ///< of WebSocket URLs that were not dialled yet
  std::uint64_t last_id = 0;
  std::int64_t hello_us = 0;  ///< of the last connection
  std::int64_t last_ts = 0;   ///< in microseconds: no two messages have one
  int approximate_connection_time = 18060;
  int ghosts = 0;                   ///< connections that Slack still counts and nobody has
  int retry_after = 1;              ///< seconds, of a 429
  std::string socket_state = "on";  ///< or the error that apps.connections.open answers
};

}  // namespace slack::simulator
