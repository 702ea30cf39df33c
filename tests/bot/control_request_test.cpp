#include "bot/control_request.hpp"

#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include "storage/database.hpp"
#include "tests/bot/control_person.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// A process, as far as its control socket shows: a thread that listens and answers.
class Process {
 public:
  Process(const std::string& socket, Control::Answer answer)
      : control_(loop_.io.get_executor(), loop_.clock, socket, std::move(answer)) {
    net::spawn(loop_.io.get_executor(), "listen", control_.listen([](const Batch&) {}));
    Out waiting;
    waiting.key = "op/plan";
    waiting.room = "console";
    net::spawn(loop_.io.get_executor(), "send", deliver(waiting));
    thread_ = std::thread([this] { loop_.io.run(); });
  }
  ~Process() {
    loop_.io.stop();
    thread_.join();
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

 private:
  net::awaitable<void> deliver(Out message) { co_await control_.send(message); }
  Loop loop_;
  Control control_;
  std::thread thread_;
};

net::awaitable<json> echo(json request) {
  if (request["do"] == "backup") throw std::runtime_error("the disk is full");
  co_return json{{"asked", request}};
}

int status_of(const std::string& command) { return WEXITSTATUS(std::system(command.c_str())); }

}  // namespace

TEST_CASE("a process is asked through its socket, whatever messages wait there") {
  const TempDir dir;
  const Process process(dir.file("control"), echo);
  const json request = {{"do", "status"}, {"more", "two\nlines"}};
  CHECK(ask_control(dir.file("control"), request, 30s) == json{{"asked", request}});
  CHECK_THROWS_WITH(ask_control(dir.file("control"), {{"do", "backup"}}, 30s), "the disk is full");
}

TEST_CASE("a socket where nobody answers is told apart from a refusal") {
  const TempDir dir;
  const auto socket = dir.file("control");
  CHECK_THROWS_AS(ask_control(socket, {{"do", "status"}}, 1s), NobodyThere);
  CHECK_THROWS_AS(ask_control(dir.file(std::string(200, 'x')), {{"do", "status"}}, 1s), NobodyThere);
  boost::asio::io_context io;
  boost::asio::local::stream_protocol::acceptor silent(io, socket);
  CHECK_THROWS_WITH(ask_control(socket, {{"do", "status"}}, 1s),
                    "The process at " + socket + " does not answer: it took too long.");
}

TEST_CASE("devboxd backup copies the database, itself or through the process that holds it") {
  const TempDir dir;
  const Environment state("STATE_DIRECTORY", dir.path().c_str());
  const Environment runtime("RUNTIME_DIRECTORY", dir.path().c_str());
  const auto command = "cd " + dir.path().string() + " && " DEVBOX_BIN_DIR "/devboxd backup copy 2>errors";
  storage::Database database(dir.file("devbox.db"));
  CHECK(status_of(command) == 75);
  CHECK_FALSE(std::filesystem::exists(dir.file("copy")));
  {
    const Process process(dir.file("control"), [&](json request) -> net::awaitable<json> {
      database.backup(request.at("file"));
      co_return json{{"backup", request["file"]}};
    });
    CHECK(status_of(command) == 0);
    CHECK(storage::Database(dir.file("copy")).handle().execAndGet("PRAGMA user_version").getInt() > 0);
    CHECK(status_of(command) == 1);  // the copy is there
  }
}
