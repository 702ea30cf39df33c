#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "bot/chat.hpp"
#include "bot/slack/card.hpp"
#include "bot/slack/options.hpp"
#include "storage/storage.hpp"

namespace bot::slack {

/// Who we are, as auth.test tells.
struct Self {
  std::string team;
  std::string user;
  std::string bot;
};

/// A button of ours was pressed.
struct Pressed {
  storage::OutboxRow row;  ///< the message it is under
  std::string label;
  std::string person;  ///< "U2"
  std::string channel;
  std::string message_ts;
  std::string response_url;
  bool is_ephemeral = false;
  bool is_theirs = true;     ///< the message was for them
  std::string refusal;       ///< why they may not all the same, to be told; "" = for whom it is
  std::optional<Card> left;  ///< what can still be pressed afterwards
};

/// What one envelope came to; all empty for what is of no interest to us.
struct Heard {
  std::optional<In> message;
  std::string user;                        ///< of the message: "U2"
  std::string name;                        ///< what Slack calls them, where it says so
  std::optional<storage::ReplyRow> reply;  ///< how a command is answered
  std::optional<Pressed> pressed;
  std::optional<Out> notice;  ///< what the chat itself has to say to it
  std::string refusal;        ///< a sentence for the log
};

/// Reads envelopes (https://docs.slack.dev/apis/events-api/using-socket-mode). Everything in one is another's
/// claim, except who it is from, for whom Slack vouches.
class Reader {
 public:
  Reader(storage::Storage& storage, const Options& options) : storage_(storage), options_(options) {}
  Self self;
  [[nodiscard]] Heard read(const std::string& type, const nlohmann::json& payload, net::Time now) const;

 private:
  [[nodiscard]] Heard event(const nlohmann::json& payload) const;
  [[nodiscard]] Heard command(const nlohmann::json& payload, net::Time now) const;
  [[nodiscard]] Heard action(const nlohmann::json& payload, net::Time now) const;
  [[nodiscard]] Heard press(Pressed pressed, const std::string& word, const std::string& stamp,
                            net::Time now) const;
  [[nodiscard]] bool is_ours(const std::string& channel) const;
  [[nodiscard]] std::optional<std::string> text_for_us(const nlohmann::json& event, bool is_direct) const;

  storage::Storage& storage_;
  const Options& options_;
};

}  // namespace bot::slack
