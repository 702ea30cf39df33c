#pragma once
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "net/awaitable.hpp"
#include "net/clock.hpp"

namespace bot {

/// A message somebody wrote, in the chat's own ids.
struct In {
  std::string key;    ///< the chat's id of the message: the same again is the same message
  std::string alias;  ///< a second id of the same message; "" = none
  std::string room;
  std::string thread;
  std::string sender;  ///< "console:alice", "matrix:@a:hs", "slack:T1/U2"
  std::string text;
  bool direct = false;    ///< written to the bot alone: no prefix needed
  std::string answer_to;  ///< key of our question, when a button was pressed
};

/// A button; `word` is what a person types instead.
struct Choice {
  std::string label;
  std::string word;  ///< "yes", "no"
};

struct Picture {
  std::string name;
  std::string png;
};

/// A message to send. The same key is the same message: a chat that has it does not show it again.
struct Out {
  std::string key;
  std::string room;
  std::string thread;
  std::string text;
  std::string html;                   ///< "" = made from the text
  std::vector<std::string> mentions;  ///< senders
  std::vector<Choice> choices;
  std::optional<Picture> picture;
  std::string
      edits;  ///< remote id of the message it adds news to, or with no text takes them away; "" = a new one
};

struct Sent {
  std::string remote_id;
};
struct Delayed {
  net::Time when;
  bool only_room = false;  ///< what is for other rooms need not wait
};
struct Refused {
  std::string why;
};
using SendResult = std::variant<Sent, Delayed, Refused>;

/// What one poll of a chat brought; stored in one transaction before the chat is told.
struct Batch {
  std::vector<In> messages;
  std::vector<In> missed;    ///< came too late to be run: known from now on, and never run
  std::vector<Out> notices;  ///< what the chat itself has to say, each key once
  std::optional<std::string> cursor;
  std::function<void()> store;  ///< what the chat itself keeps of it
};
/// Stores a batch; when it returns, the chat may acknowledge.
using Receive = std::function<void(const Batch&)>;

/// The chat refuses our credentials for good; the sentence says which and what to do. Exit 77.
struct CredentialsRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How a chat is doing, for /healthz, /metrics and systemd's watchdog. Workspaces may read it: no name,
/// address or secret belongs in `trouble`.
struct Health {
  std::string trouble;  ///< what is wrong, in plain words ("the last sync is 75 s old"); "" = it is well
  /// Its loop still turns. A server that is down makes trouble, not a dead loop: systemd restarts on the
  /// latter.
  bool is_alive = true;
  /// Connections that we have, and that the chat's server counts of ours: more are dead ones, to which it
  /// sends what nobody reads.
  struct Sockets {
    int ours = 0;
    int counted = 0;
  };
  std::optional<Sockets> sockets;         ///< of a chat that has them
  std::optional<net::Time> last_contact;  ///< when its server last answered; nullopt = never, or it has none
};

/// A chat platform: the one interface of the program.
class Chat {
 public:
  virtual ~Chat() = default;
  [[nodiscard]] virtual std::string name() const = 0;  ///< "console", "control", "matrix", "slack"
  /// Runs for the life of the process; throws when it cannot go on: CredentialsRefused, or what is no fault
  /// of the other side.
  virtual net::awaitable<void> listen(Receive receive) = 0;
  /// The first sign to the sender that the message was seen; never throws.
  virtual net::awaitable<void> seen(In message) = 0;
  /// Throws net::Error when it does not know whether the message arrived: the same key is sent again.
  virtual net::awaitable<SendResult> send(Out message) = 0;
  /// The process ends: says goodbye to the server, in a second or so.
  virtual net::awaitable<void> leave() { co_return; }
  /// A chat without a server is always well.
  [[nodiscard]] virtual Health health() const { return {}; }
};

}  // namespace bot
