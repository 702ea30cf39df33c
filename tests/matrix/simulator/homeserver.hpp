#pragma once
#include <functional>
#include <string>
#include <vector>

#include "net/random.hpp"
#include "net/signal.hpp"
#include "tests/matrix/simulator/contents.hpp"
#include "tests/matrix/simulator/limiter.hpp"
#include "tests/matrix/simulator/refusal.hpp"
#include "tests/matrix/simulator/sync_cache.hpp"

namespace matrix::simulator {

/// Who asks, and from which device.
struct Session {
  std::string user;
  std::string device;
  [[nodiscard]] std::string key() const { return user + '/' + device; }
};

/// What is to become an event.
struct Draft {
  std::string room;
  std::string sender;
  std::string type;
  nlohmann::json content = nlohmann::json::object();
  std::optional<std::string> state_key;
  std::string redacts;
  std::string device;
  std::string txn;
};

/// The rules of a homeserver that has room version 12, over contents that outlive it. Tests play people with
/// it in the process; endpoints.cpp has the same over HTTP. What the API refuses is thrown as a Refusal.
class Homeserver {
 public:
  Homeserver(net::Executor executor, net::Clock& clock, Contents& contents);

  /// "alice" → "@alice:devbox.test"; a whole id stays what it is. Without a password: NAME-pass.
  std::string add_user(const std::string& name, const std::string& password = "",
                       const std::string& display_name = "");
  /// `body` as POST /createRoom takes it. → room id
  std::string create_room(const std::string& user, const nlohmann::json& body = nlohmann::json::object());
  void join(const std::string& user, const std::string& room);
  void leave(const std::string& user, const std::string& room);
  void invite(const std::string& user, const std::string& room, const std::string& whom,
              bool is_direct = false);
  void kick(const std::string& user, const std::string& room, const std::string& whom,
            const std::string& membership = "leave", const std::string& reason = "");
  /// Tombstone and a new room, to which members of a private one are not invited; in the old one only who has
  /// power still talks. → its id
  std::string upgrade(const std::string& user, const std::string& room);

  /// Any event of an API user, checked as the API does, without limits. → event id
  std::string post(const std::string& user, const std::string& room, const std::string& type,
                   const nlohmann::json& content);
  /// m.text; `more` is merged into the content.
  std::string say(const std::string& user, const std::string& room, const std::string& text,
                  const nlohmann::json& more = nlohmann::json::object());
  std::string react(const std::string& user, const std::string& room, const std::string& event,
                    const std::string& key);
  std::string edit(const std::string& user, const std::string& room, const std::string& event,
                   const std::string& text);
  std::string redact(const std::string& user, const std::string& room, const std::string& event,
                     const std::string& reason = "");
  std::string set_state(const std::string& user, const std::string& room, const std::string& type,
                        const std::string& key, const nlohmann::json& content);
  void set_power(const std::string& user, const std::string& room, const std::string& whom, int level);
  /// Any JSON text as an event of the room's timeline, as it is: what another server may have let through.
  void inject(const std::string& room, const std::string& json_text);
  [[nodiscard]] const std::vector<EventPtr>& events_of(const std::string& room) const;
  /// Called after every new event.
  std::function<void(const Event&)> on_event;
  /// Does what POST /_sim/down asks for: nobody is answered for so long.
  std::function<void(net::Duration)> on_down;

  /// PUT /send: limits and transaction ids included.
  std::string send(const Session& session, const std::string& room, const std::string& type,
                   const std::string& txn, const nlohmann::json& content);
  std::string send_redaction(const Session& session, const std::string& room, const std::string& event,
                             const std::string& txn, const std::string& reason);
  /// Throws when the user has to wait; otherwise the action is counted.
  void take_message(const std::string& user);

  Room& room(const std::string& id);  ///< 404 when there is none
  /// The room, when the user is joined; 403 otherwise.
  Room& joined_room(const std::string& user, const std::string& id);
  User& user(const std::string& id);  ///< 404 when there is none
  [[nodiscard]] std::string resolve(const std::string& room_or_alias) const;
  [[nodiscard]] EventPtr event_in(const std::string& room, const std::string& id) const;

  EventPtr append(Draft draft);
  void set_membership(const std::string& sender, const std::string& room, const std::string& whom,
                      const std::string& membership, const nlohmann::json& more = nlohmann::json::object());
  void set_account_data(const std::string& user, const std::string& type, const nlohmann::json& content);

  [[nodiscard]] std::int64_t now() const;
  void advance(net::Duration time);
  /// The position of something new; those who wait in /sync look again.
  std::uint64_t stamp();
  std::string random_id();  ///< 43 characters of base64url

  /// As a restart does: what is in memory only is gone.
  void forget_caches();

  Contents& contents;
  net::Clock& clock;
  net::Signal changed;
  Limiter message_limiter;
  Limiter login_limiter;
  SyncCache sync_cache;

 private:
  net::Random random_;
};

}  // namespace matrix::simulator
