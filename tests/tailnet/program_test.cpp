#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "net/client.hpp"
#include "tests/catch.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"

using namespace std::chrono_literals;

namespace {

const std::string program = DEVBOX_BIN_DIR "/tailnet-sim";

/// A running tailnet-sim and the first line that it printed.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (auto& one : arguments) argv.push_back(one.data());
    argv.push_back(nullptr);
    id_ = fork();
    if (id_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(ends[1], STDERR_FILENO);
      execv(program.c_str(), argv.data());
      _exit(127);
    }
    close(ends[1]);
    for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    close(ends[0]);
  }
  ~Program() {
    if (id_ > 0) end(SIGKILL);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Its exit code; -1 when the signal killed it.
  int end(int signal = 0) {
    if (signal) kill(id_, signal);
    int status = 0;
    waitpid(id_, &status, 0);
    id_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string line;

 private:
  pid_t id_ = 0;
};

}  // namespace

TEST_CASE("tailnet-sim says where it listens, answers there, keeps its state and stops on SIGTERM") {
  TempDir dir;
  const std::vector<std::string> arguments = {
      "--listen", "127.0.0.1:0", "--oauth",  "id:se:cret", "--api-key",
      "k",        "--tag",       "tag:mine", "--state",    dir.file("state.json")};
  for (const int signal : {SIGTERM, SIGKILL}) {
    Program started(arguments);
    const std::string prefix = "tailnet-sim listening on ";
    REQUIRE(started.line.starts_with(prefix + "http://127.0.0.1:"));
    boost::asio::io_context io;
    net::Client http(io.get_executor(), net::parse_endpoint(started.line.substr(prefix.size())));
    net::HttpRequest request;
    request.method = "POST";
    request.target = "/api/v2/oauth/token";
    request.body = "client_id=id&client_secret=se%3Acret";
    CHECK(run(io, http.fetch(request, 20s)).status == 200);
    CHECK(std::filesystem::exists(dir.file("state.json")));
    CHECK(started.end(signal) == (signal == SIGTERM ? 0 : -1));
  }
}

TEST_CASE(
    "tailnet-sim exits 2 when it is called wrongly, 1 when it cannot start, and never leaves the loopback") {
  using Arguments = std::vector<std::string>;
  CHECK(Program(Arguments{}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--oauth", "nocolon"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "0.0.0.0:0", "--oauth", "a:b"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "192.0.2.1:80", "--oauth", "a:b"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--oauth", "a:b", "--unknown"}).end() == 2);
  TempDir dir;
  Program damaged(Arguments{"--listen", "127.0.0.1:0", "--oauth", "a:b", "--state", dir.path().string()});
  CHECK(damaged.line.starts_with("tailnet-sim: "));
  CHECK(damaged.end() == 1);
}
