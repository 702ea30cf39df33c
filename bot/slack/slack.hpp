#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "bot/chat.hpp"
#include "bot/slack/api.hpp"
#include "bot/slack/content.hpp"
#include "bot/slack/limits.hpp"
#include "bot/slack/reader.hpp"
#include "bot/slack/sockets.hpp"
#include "storage/storage.hpp"

namespace bot::slack {

/// The Slack backend: one app in one workspace, by Socket Mode. Slack has no key by which a repeated message
/// is one. So of a message that an attempt was made with, or that an earlier process has left, the channel's
/// history is asked first whether it is there, by the key in its metadata.
class Slack final : public Chat {
 public:
  Slack(net::Executor executor, net::Clock& clock, net::Random& random, storage::Storage& storage,
        Options options);

  [[nodiscard]] std::string name() const override { return chat_name; }
  net::awaitable<void> listen(Receive receive) override;
  net::awaitable<void> seen(In message) override;
  net::awaitable<SendResult> send(Out message) override;
  net::awaitable<void> leave() override { return sockets_.leave(); }
  [[nodiscard]] Health health() const override;
  [[nodiscard]] const net::Tally& tally() const { return api_.tally(); }
  /// Called when Slack is there again: what waits to be sent need not wait longer.
  void on_recovery(std::function<void()> then) { sockets_.on_open = std::move(then); }
  /// Asked before a press is taken, for what was refused shall still be there for others: the sentence for
  /// whoever may not; "" = it is for what it does to say.
  std::function<std::string(const In&)> why_not = [](const In&) { return ""; };

 private:
  /// Where a message goes.
  struct Place {
    std::string channel;
    std::string thread_ts;
    std::optional<storage::ReplyRow> reply;  ///< of a command
  };

  net::awaitable<void> learn_who_we_are();
  net::awaitable<void> learn_name(std::string user, std::string given);
  net::awaitable<std::string> ask_name(std::string user);
  net::awaitable<void> take(std::string type, const nlohmann::json& payload, const Receive& receive);
  void check_press(Heard& heard) const;
  net::awaitable<void> tidy();

  void be_edit(Out& news) const;
  [[nodiscard]] Content content_for(const Out& message, const std::string& key) const;
  [[nodiscard]] Place place_of(const Out& message) const;
  net::awaitable<SendResult> deliver_once(Out message);
  net::awaitable<SendResult> deliver(const Out& message, const Place& place);
  net::awaitable<SendResult> post(const Out& message, const Place& place);
  net::awaitable<SendResult> respond(const Out& message, const Place& place);
  net::awaitable<SendResult> post_directly(const Out& message, const Place& place);
  net::awaitable<SendResult> edit(const Out& message);
  net::awaitable<std::string> share_picture(const Out& message, const Place& place);
  net::awaitable<std::string> find_sent(const Out& message, const Place& place);
  SendResult result_of(const Refusal& refusal, const std::string& room);

  net::awaitable<void> show_pressed(Pressed pressed);
  net::awaitable<bool> has_shown(const std::string& url, const std::string& text);

  /// Of a request that nobody waits for any more.
  static constexpr net::Duration longest_way = std::chrono::seconds(5);

  net::Executor executor_;
  net::Clock& clock_;
  net::Random& random_;
  storage::Storage& storage_;
  const Options options_;
  Api api_;
  Reader reader_;
  Sockets sockets_;
  Limits limits_;
  std::map<std::string, net::Time>
      unsure_;  ///< messages that may have arrived, and from when on looking tells
  net::Signal known_;
  bool is_known_ = false;
  std::set<std::string> named_;  ///< users whose name is known, or was asked for
  net::Time no_names_before_{};  ///< Slack was too slow with them
  net::Time started_;
};

}  // namespace bot::slack
