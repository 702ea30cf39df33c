#include "tests/faults/room.hpp"

#include <filesystem>
#include <fstream>

#include "bot/control_request.hpp"
#include "tests/faults/control_room.hpp"
#include "tests/faults/matrix_room.hpp"
#include "tests/faults/slack_room.hpp"

namespace faults {

void Room::write_secret(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

bool Room::has_nothing_to_do(const std::string& directory) {
  try {
    const auto status =
        bot::ask_control(directory + "/run/control", {{"do", "status"}}, std::chrono::seconds(2));
    return status["inbox"] == 0 && status["unfinished"] == 0 && status["outbox"] == 0;
  } catch (const bot::NobodyThere&) {
    return false;
  }
}

std::unique_ptr<Room> room_of(const std::string& chat, const std::string& directory,
                              const std::string& address) {
  if (chat == "matrix") return std::make_unique<MatrixRoom>(directory, address);
  if (chat == "slack") return std::make_unique<SlackRoom>(directory, address);
  return std::make_unique<ControlRoom>(directory + "/run/control",
                                       std::filesystem::path(directory).filename().string());
}

}  // namespace faults
