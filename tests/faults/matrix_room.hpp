#pragma once
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>

#include "net/clock.hpp"
#include "tests/faults/room.hpp"
#include "tests/matrix/simulator/simulator.hpp"

namespace faults {

/// People in rooms of a homeserver that lives in this process, while it is pumped: "room" is there before the
/// bot and in its configuration, into every other one it is invited. A question is answered by a reaction,
/// before the bot can have heard that the homeserver has its question.
class MatrixRoom final : public Room {
 public:
  MatrixRoom(std::string directory, const std::string& address);

  [[nodiscard]] std::string chat() const override { return "matrix"; }
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
  matrix::simulator::Homeserver& home() { return simulator_->home(); }
  std::string room_named(const std::string& name, const std::string& person);
  void look_at(const matrix::simulator::Event& event);
  void keep_said(const std::string& event, const std::string& sender, const std::string& room,
                 const std::string& text);
  [[nodiscard]] bool has_read_all();

  std::string directory_;
  std::string listen_;
  net::SystemClock clock_;
  matrix::simulator::Contents contents_;
  boost::asio::io_context io_{1};
  std::optional<matrix::simulator::Simulator> simulator_;
  std::optional<Service> service_;
  std::map<std::string, std::string> rooms_;  ///< name → id
  std::size_t pressed_ = 0;                   ///< so many questions were answered
  std::uint64_t last_said_ = 0;               ///< its position in the homeserver's stream
};

}  // namespace faults
