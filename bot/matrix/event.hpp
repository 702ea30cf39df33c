#pragma once
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/clock.hpp"
#include "net/error.hpp"

namespace bot::matrix {

/// An m.room.message of msgtype m.text. `body` is without the quoted lines old clients put before a reply.
struct Text {
  std::string body;
  std::string html;                   ///< formatted_body, "" = none
  std::vector<std::string> mentions;  ///< m.mentions.user_ids
  std::string thread;                 ///< event id of the thread's root, "" = none
};
/// An m.reaction: m.annotation of `target`; `key` without U+FE0F.
struct Reaction {
  std::string target;
  std::string key;
};
struct Redaction {
  std::string target;
};
struct Tombstone {
  std::string replacement;  ///< room id
};
/// The room's events are encrypted from here on (m.room.encryption).
struct EncryptionOn {};
/// An m.room.encrypted event: something was said that we cannot read.
struct Unreadable {};
struct Membership {
  std::string user;
  std::string membership;  ///< join | invite | leave | ban | knock
  bool is_direct = false;
};

/// A room event that may matter to us. Everything in it is another's claim, except the sender, for whom the
/// homeserver vouches.
struct Event {
  std::string id;  ///< "" of stripped state
  std::string sender;
  net::Time sent;  ///< by unsigned.age when it is there (no clocks compared), else by origin_server_ts
  std::variant<Text, Reaction, Redaction, Tombstone, EncryptionOn, Unreadable, Membership> what;
};

struct JoinedRoom {
  std::string id;
  std::vector<Event> state;
  std::vector<Event> timeline;  ///< oldest first
  bool limited = false;         ///< events are missing between the last token and prev_batch
  std::string prev_batch;
  std::optional<int> members;  ///< joined and invited, when the summary tells both
};
struct Invitation {
  std::string room;
  std::string inviter;  ///< "" when the server does not tell
  bool is_direct = false;
  bool is_encrypted = false;
};

/// What one GET /sync brought (https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3sync).
struct Sync {
  std::string next_batch;
  std::vector<JoinedRoom> joined;
  std::vector<Invitation> invitations;
  std::vector<std::string> left;
  std::optional<std::map<std::string, std::string>> direct;  ///< m.direct: room id → user; nullopt = not told
  std::vector<std::string> skipped;  ///< a sentence for each event that was malformed, for the log
};

/// A page of GET /rooms/{}/messages.
struct Page {
  std::vector<Event> events;  ///< in the order asked for
  std::string end;            ///< "" = the last page
  std::size_t size = 0;       ///< of the chunk, with what was left out
  std::vector<std::string> skipped;
};

/// The answer is not one of a homeserver: nobody knows what became of the request.
struct BadAnswer : net::NoAnswer {
  using net::NoAnswer::NoAnswer;
};

/// Events of no interest are left out: own ones (`self`) but our own membership, notices, edits, redacted
/// ones (a membership and encryption stay in force), other types, and what is no state but has a state's
/// type. What is malformed is left out, too, with a sentence in `skipped`. Throws BadAnswer when the body is
/// no JSON object with a next_batch (a page: with a chunk).
Sync parse_sync(std::string_view body, const std::string& self, net::Time now);
Page parse_page(std::string_view body, const std::string& self, net::Time now);

}  // namespace bot::matrix
