#include "tests/faults/room.hpp"

#include <filesystem>

#include "tests/faults/control_room.hpp"
#include "tests/faults/matrix_room.hpp"
#include "tests/faults/slack_room.hpp"

namespace faults {

std::unique_ptr<Room> room_of(const std::string& chat, const std::string& directory,
                              const std::string& address) {
  if (chat == "matrix") return std::make_unique<MatrixRoom>(directory, address);
  if (chat == "slack") return std::make_unique<SlackRoom>(directory, address);
  return std::make_unique<ControlRoom>(directory + "/run/control",
                                       std::filesystem::path(directory).filename().string());
}

}  // namespace faults
