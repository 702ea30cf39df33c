#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"
#include "tests/started_program.hpp"
#include "tests/temp_dir.hpp"

using namespace matrix::test;

namespace {

struct Program : StartedProgram {
  explicit Program(std::vector<std::string> arguments) : StartedProgram("matrix-sim", std::move(arguments)) {}
};

}  // namespace

TEST_CASE(
    "matrix-sim says where it listens, has the accounts and limits it was given, and stops on SIGTERM") {
  Program started({"--listen", "127.0.0.1:0", "--server-name", "hs.test", "--user", "bot:se:cret", "--user",
                   "alice", "--strict", "--token-lifetime", "30", "--login-rate", "0.1", "--login-burst",
                   "1"});
  const std::string prefix = "matrix-sim listening on ";
  REQUIRE(started.line.starts_with(prefix + "http://127.0.0.1:"));
  boost::asio::io_context io;
  Http http(io, started.line.substr(prefix.size()));
  auto login = Scene::password_login("bot", "DEVBOX", true);
  login["password"] = "se:cret";
  const auto granted = http.ask("POST", api + "/login", login);
  CHECK(granted.body["user_id"] == "@bot:hs.test");
  CHECK(granted.body["expires_in_ms"] == 30'000);
  CHECK(http.ask("POST", api + "/login", login).status == 429);
  const auto alice =
      http.ask("POST", api + "/login", Scene::password_login("alice", "A")).body["access_token"];
  const std::string room = http.ask("POST", api + "/createRoom", json::object(), alice).body["room_id"];
  const auto send = [&](int n) {
    const auto path = Scene::in(room) + "/send/m.room.message/" + std::to_string(n);
    return http.ask("PUT", path, {{"msgtype", "m.text"}, {"body", "x"}}, alice).status;
  };
  for (int n = 1; n <= 3; ++n) CHECK(send(n) == 200);
  CHECK(send(4) == 429);
  CHECK(started.end(SIGTERM) == 0);
}

TEST_CASE(
    "matrix-sim exits 2 when it is called wrongly, 1 when it cannot start, and never leaves the loopback") {
  using Arguments = std::vector<std::string>;
  CHECK(Program(Arguments{}).end() == 2);
  CHECK(Program(Arguments{"--listen", "0.0.0.0:0"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--unknown"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--key", "x"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--strict", "--message-rate", "1"}).end() == 2);
  Program no_certificate(Arguments{"--listen", "127.0.0.1:0", "--cert", "/nowhere", "--key", "/nowhere"});
  CHECK(no_certificate.line.starts_with("matrix-sim: "));
  CHECK(no_certificate.end() == 1);
}
