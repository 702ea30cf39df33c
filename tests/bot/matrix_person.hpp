#pragma once
#include <string>

#include "bot/matrix/matrix.hpp"
#include "storage/storage.hpp"
#include "tests/bot/loop.hpp"
#include "tests/matrix/simulator/person.hpp"
#include "tests/matrix/simulator/simulator.hpp"
#include "tests/temp_dir.hpp"
#include "tests/throwaway_ca.hpp"

namespace bot::test {

/// Somebody in a direct room with the bot, which was there before, on a homeserver over TLS.
class MatrixPerson {
 public:
  explicit MatrixPerson(Loop& loop)
      : simulator_(loop.io.get_executor(), loop.clock, contents_, identity(ca_)),
        alice_(simulator_.home(), "alice", shared_room()),
        matrix_(loop.io.get_executor(), loop.clock, loop.random, storage_, resumed()) {}
  matrix::Matrix& chat() { return matrix_; }
  void say(const std::string& text) { alice_.say(text); }
  [[nodiscard]] std::string room() const { return alice_.room(); }
  [[nodiscard]] std::string sender() const { return "matrix:" + alice_.id(); }
  [[nodiscard]] std::size_t acknowledged() const { return alice_.acknowledged_by(devbox); }
  const std::string& screen() { return screen_ = alice_.screen(); }

 private:
  static constexpr auto devbox = "@devbox:devbox.test";
  static ::matrix::simulator::Options identity(ThrowawayCa& ca) {
    const auto issued = ca.issue("IP:127.0.0.1");
    ::matrix::simulator::Options options;
    options.certificate_file = issued.certificate_file;
    options.private_key_file = issued.private_key_file;
    return options;
  }
  std::string shared_room() {
    auto& home = simulator_.home();
    const auto alice = home.add_user("alice");
    const auto room = home.create_room(alice, {{"is_direct", true}, {"invite", {home.add_user("devbox")}}});
    home.join(devbox, room);
    return room;
  }
  /// What a process before this one has left.
  matrix::Options resumed() {
    storage::RoomRow row;
    row.chat = matrix::chat_name;
    row.id = room();
    row.admitted = true;
    row.partner = alice_.id();
    row.members = 2;
    storage_.rooms.put(row);
    storage_.inbox.set_cursor(matrix::chat_name, "s" + std::to_string(contents_.position));
    contents_.access_tokens["token"] = {devbox, "devbox"};
    matrix::Options options;
    options.homeserver = simulator_.url();
    options.ca_file = ca_.file();
    options.user = devbox;
    options.access_token = "token";
    return options;
  }

  TempDir dir_;
  ThrowawayCa ca_{dir_};
  storage::Storage storage_{dir_.file("devbox.db")};
  ::matrix::simulator::Contents contents_;
  ::matrix::simulator::Simulator simulator_;
  ::matrix::simulator::Person alice_;
  matrix::Matrix matrix_;
  std::string screen_;
};

}  // namespace bot::test
