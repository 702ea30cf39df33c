#include "net/client.hpp"
#include "tests/catch.hpp"
#include "tests/run.hpp"
#include "tests/started_program.hpp"
#include "tests/temp_dir.hpp"

using namespace std::chrono_literals;

namespace {

struct Program : StartedProgram {
  explicit Program(std::vector<std::string> arguments)
      : StartedProgram("tailnet-sim", std::move(arguments)) {}
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

TEST_CASE("tailnet-sim answers as the version of headscale that it is told") {
  const std::vector<std::string> arguments = {"--listen",  "127.0.0.1:0", "--headscale", "0.28",
                                              "--api-key", "k",           "--domain",    "tail.example"};
  Program started(arguments);
  boost::asio::io_context io;
  const auto url = started.line.substr(started.line.rfind(' ') + 1);
  net::Client http(io.get_executor(), net::parse_endpoint(url));
  net::HttpRequest request;
  request.method = "GET";
  request.target = "/api/v1/node";
  request.headers = {{"Authorization", "Bearer k"}};
  CHECK(run(io, http.fetch(request, 20s)).body == R"({"nodes":[]})");
  CHECK(started.end(SIGTERM) == 0);
}

TEST_CASE(
    "tailnet-sim exits 2 when it is called wrongly, 1 when it cannot start, and never leaves the loopback") {
  using Arguments = std::vector<std::string>;
  CHECK(Program(Arguments{}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--oauth", "nocolon"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--headscale", "0.29"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--headscale", "0.25", "--api-key", "k"}).end() == 2);
  CHECK(
      Program(Arguments{"--listen", "127.0.0.1:0", "--headscale", "0.29", "--api-key", "k", "--oauth", "a:b"})
          .end() == 2);
  CHECK(Program(Arguments{"--listen", "0.0.0.0:0", "--oauth", "a:b"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "192.0.2.1:80", "--oauth", "a:b"}).end() == 2);
  CHECK(Program(Arguments{"--listen", "127.0.0.1:0", "--oauth", "a:b", "--unknown"}).end() == 2);
  TempDir dir;
  Program damaged(Arguments{"--listen", "127.0.0.1:0", "--oauth", "a:b", "--state", dir.path().string()});
  CHECK(damaged.line.starts_with("tailnet-sim: "));
  CHECK(damaged.end() == 1);
}
