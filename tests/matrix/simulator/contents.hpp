#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// All that the homeserver remembers over a restart. Times are unix ms, 0 = never. A position is a place in
/// the one stream of everything that happens; the tokens of clients name one.
namespace matrix::simulator {

struct Event {
  std::string id;
  std::string room;
  std::string sender;
  std::string type;
  std::optional<std::string> state_key;
  nlohmann::json content;
  std::int64_t sent = 0;
  std::uint64_t position = 0;
  std::string redacts;
  std::shared_ptr<Event> redacted_by;
  std::shared_ptr<Event> replaced;  ///< the state before
  std::string device;               ///< "user/device" that sent it with `txn`
  std::string txn;
  std::string text;     ///< its JSON up to where room_id and unsigned follow
  bool is_raw = false;  ///< put into the timeline as it is: `text` is the whole of it
};
using EventPtr = std::shared_ptr<Event>;
using StateKey = std::pair<std::string, std::string>;  ///< type, state key

struct Receipt {
  std::string event;
  std::string thread;
  std::int64_t at = 0;
  std::uint64_t position = 0;
};

struct Room {
  std::string id;
  std::vector<EventPtr> timeline;                   ///< by position
  std::map<StateKey, std::vector<EventPtr>> state;  ///< every value it had, the last one holds
  std::unordered_map<std::string, std::vector<EventPtr>> relations;  ///< by the event they relate to
  std::map<std::string, std::int64_t> typing;                        ///< user → until
  std::uint64_t typing_position = 0;
  std::map<std::string, Receipt> receipts;  ///< m.read, by user

  [[nodiscard]] EventPtr find_state(const std::string& type, const std::string& key = "") const {
    const auto found = state.find({type, key});
    return found == state.end() ? nullptr : found->second.back();
  }
  /// As it was after everything up to `position`.
  [[nodiscard]] EventPtr find_state_at(const StateKey& key, std::uint64_t position) const;
  /// "join", "invite", "leave", "ban"; "" = never heard of.
  [[nodiscard]] std::string membership(const std::string& user) const;
  [[nodiscard]] std::vector<std::string> members(const std::string& membership) const;
  [[nodiscard]] bool is_creator(const std::string& user) const;
  [[nodiscard]] int power_of(const std::string& user) const;
  [[nodiscard]] int power_needed(const std::string& type, bool is_state) const;
  [[nodiscard]] int power_to(const std::string& action, int otherwise) const;  ///< "invite", "redact", …
};

struct AccountEntry {
  nlohmann::json content;
  std::uint64_t position = 0;
};

struct User {
  std::string id;
  std::string password;
  std::string display_name;
  bool is_admin = false;
  bool is_exempt = false;       ///< from the limits
  std::set<std::string> rooms;  ///< it ever was something in
  std::map<std::string, AccountEntry> account_data;
  std::map<std::string, std::map<std::string, AccountEntry>> room_account_data;
  std::vector<nlohmann::json> filters;  ///< the id is the index
  std::set<std::string> devices;
};

struct AccessToken {
  std::string user;
  std::string device;
  std::int64_t expires = 0;
  bool is_used = false;
};
struct RefreshToken {
  std::string user;
  std::string device;
  std::string next;         ///< the refresh token it was exchanged for
  std::string next_access;  ///< the access token it was exchanged for
};

struct Limit {
  double per_second = 0;  ///< 0 = none
  int burst = 0;
};
struct Limits {
  Limit messages;
  Limit logins;
  std::int64_t token_lifetime_s = 0;  ///< of logins that ask for a refresh token; 0 = for ever
};

struct Contents {
  std::string server_name = "devbox.test";
  bool is_tls = false;
  std::uint64_t position = 1;
  std::int64_t clock_ahead_ms = 0;
  std::map<std::string, User> users;
  std::map<std::string, Room> rooms;
  std::map<std::string, std::string> aliases;
  std::unordered_map<std::string, EventPtr> events;
  std::map<std::string, AccessToken> access_tokens;
  std::map<std::string, RefreshToken> refresh_tokens;
  std::map<std::string, std::string> transactions;  ///< "user/device/room/type/txn" → event id
  std::map<std::string, std::string> media;         ///< id → bytes
  Limits limits;
};

}  // namespace matrix::simulator
