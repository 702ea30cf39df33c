#include "bot/matrix/matrix.hpp"
#include "net/server.hpp"
#include "net/spawn.hpp"
#include "storage/storage.hpp"
#include "tests/bot/loop.hpp"
#include "tests/catch.hpp"
#include "tests/net/started.hpp"
#include "tests/temp_dir.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;

namespace {

/// A homeserver that answers everything in one way, and the backend. Time passes only when the test says so.
struct LoneHomeserver {
  LoneHomeserver() {
    options.homeserver = "http://127.0.0.1:" + std::to_string(server.port());
    options.user = "@devbox:hs";
    options.access_token = "token";
    matrix.emplace(io.get_executor(), clock, random, storage, options);
    net::spawn(io.get_executor(), "matrix", matrix->listen([](const auto&) {}));
  }
  void until_asked(int times) {
    run_until(io, [&] { return asked >= times; });
    settle(io);
  }

  boost::asio::io_context io{1};
  StillClock clock{io.get_executor()};
  net::Random random{1};
  TempDir dir;
  storage::Storage storage{dir.file("devbox.db")};
  int asked = 0;
  net::HttpResponse answer;
  net::Server server{io.get_executor(), "127.0.0.1:0",
                     [this](const net::HttpRequest& request) { return serve(request); }};
  matrix::Options options;
  std::optional<matrix::Matrix> matrix;

 private:
  net::awaitable<net::HttpResponse> serve(const net::HttpRequest&) {
    ++asked;
    co_return answer;
  }
};

}  // namespace

TEST_CASE("a homeserver that asks for an hour of peace makes trouble, and no loop that is stuck") {
  LoneHomeserver home;
  home.answer.status = 429;
  home.answer.headers = {{"Retry-After", "3600"}};
  home.until_asked(1);
  run_until(home.io, [&] { return home.matrix->tally().rate_limited == 1; });
  settle(home.io);
  home.clock.advance(59min);
  settle(home.io);
  CHECK(home.asked == 1);
  CHECK(home.matrix->health().is_alive);
  CHECK(home.matrix->health().trouble == "no sync since the start, 3540 s ago");
}
