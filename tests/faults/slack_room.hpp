#pragma once
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>

#include "net/clock.hpp"
#include "tests/faults/room.hpp"
#include "tests/slack/simulator/simulator.hpp"

namespace faults {

/// People in a workspace of Slack that lives in this process, while it is pumped: "room" is a channel that
/// the bot is in, every other one is direct. A question is answered by its button. Slack brings what was said
/// again until it is acknowledged, but no press: who sees the warning beside the button presses once more.
class SlackRoom final : public Room {
 public:
  SlackRoom(std::string directory, const std::string& address);

  [[nodiscard]] std::string chat() const override { return "slack"; }
  [[nodiscard]] std::string config() const override;
  void open() override;
  void close() override;
  void take_over(const Room& prepared) override;
  Service* service() override { return service_ ? &*service_ : nullptr; }

  void say(const std::string& sender, const std::string& text, const std::string& room) override;
  void accept(const nlohmann::json& question) override;
  bool pump(std::chrono::milliseconds time) override;
  bool is_settled() override;

 private:
  slack::simulator::Workspace& home() { return simulator_->workspace(); }
  void look_at(const slack::simulator::Posted& message);
  [[nodiscard]] bool is_lost(const std::string& envelope);

  std::string directory_;
  std::string listen_;
  net::SystemClock clock_;
  slack::simulator::Team team_;
  boost::asio::io_context io_{1};
  std::optional<slack::simulator::Simulator> simulator_;
  std::optional<Service> service_;
  std::size_t seen_ = 0;                        ///< so many questions were answered
  std::map<std::string, std::string> pressed_;  ///< key of a question → envelope of the press
};

}  // namespace faults
