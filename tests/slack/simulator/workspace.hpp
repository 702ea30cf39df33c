#pragma once
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "net/awaitable.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"
#include "net/web_socket.hpp"
#include "tests/slack/simulator/team.hpp"

namespace slack::simulator {

/// What a user is called: "ALICE" → "alice" of UALICE, "2" of U2.
std::string name_of(const std::string& user);

/// An app's WebSocket, as Slack has it.
struct Link {
  std::uint64_t number = 0;
  std::shared_ptr<net::WebSocket> socket;
  bool is_hole = false;  ///< still counted, and nothing goes either way
};

/// The rules of Slack over a Team that outlives it. Tests play people with it in the process, and
/// control_routes.cpp has the same over HTTP.
class Workspace {
 public:
  Workspace(net::Executor executor, net::Clock& clock, Team& team);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// "C…" and "G…" are channels, "D…" the direct one of the bot with somebody. The bot is in it unless told
  /// otherwise.
  Channel& channel(const std::string& id, bool with_bot = true);

  /// A message of somebody: an event, or with a mention in a channel two of them. → ts
  std::string say(const std::string& user, const std::string& channel, const std::string& text,
                  const nlohmann::json& more = nlohmann::json::object());
  /// "/devbox up": `text` is what follows the command. → the envelope's id
  std::string command(const std::string& user, const std::string& channel, const std::string& text);
  /// The button of that text under a message. → the envelope's id; "" when there is no such button
  std::string press(const std::string& user, const std::string& channel, const std::string& ts,
                    const std::string& button);
  /// An envelope as it is, however wrong. → its id
  std::string deliver(const std::string& type, const nlohmann::json& payload,
                      const std::string& event_id = "");
  /// Once more, as after a missing acknowledgement: another envelope, the same event.
  void redeliver(const std::string& event_id);
  [[nodiscard]] nlohmann::json event_payload(const nlohmann::json& event);

  /// A message of the app's. → its ts
  std::string post(Posted message);
  Posted* find(const std::string& channel, const std::string& ts);
  /// What is now to be seen of it.
  void changed(const Posted& message);
  /// Called after everything new that is to be seen.
  std::function<void(const Posted& message, bool is_edit)> on_shown;

  /// The app's sockets. `hello` and what waits come first; returns when it has ended.
  net::awaitable<void> talk(std::shared_ptr<net::WebSocket> socket);
  [[nodiscard]] std::size_t links() const { return links_.size(); }
  [[nodiscard]] std::uint64_t links_ever() const { return link_numbers_; }
  std::list<Link>& all_links() { return links_; }
  void disconnect(const std::string& reason);  ///< says so on every link
  void close_links();
  void reset_links();
  void silence_links();
  void forget_holes();
  void send_raw(const std::string& text);
  [[nodiscard]] std::size_t waiting() const;  ///< events that were not acknowledged
  [[nodiscard]] std::size_t lost() const;     ///< commands and presses whose person saw an error

  std::string id(const std::string& prefix);
  std::string ts();
  [[nodiscard]] std::int64_t now() const;

  Team& team;
  net::Clock& clock;
  net::Signal acknowledged;
  net::Duration ack_limit = std::chrono::seconds(3);
  std::string base_url;  ///< "http://127.0.0.1:1234", once it is known

 private:
  void send(Envelope& envelope);
  net::awaitable<void> watch(std::string id);
  void acknowledge(const std::string& text);
  void catch_up();
  [[nodiscard]] nlohmann::json hello() const;
  Envelope* find_envelope(const std::string& id);

  net::Executor executor_;
  net::Random random_{7};
  std::list<Link> links_;
  std::uint64_t link_numbers_ = 0;
  std::size_t next_link_ = 0;
};

}  // namespace slack::simulator
