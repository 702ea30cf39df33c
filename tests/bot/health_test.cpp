#include "bot/health.hpp"

#include <nlohmann/json.hpp>

#include "bot/http_server.hpp"
#include "net/client.hpp"
#include "tests/bot/loop.hpp"
#include "tests/bot/unwell_chat.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Two chats and the endpoint that tells of them, over real HTTP.
struct Clinic {
  net::HttpResponse fetch(const std::string& method, const std::string& target) {
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    return run(loop.io, client.fetch(request, 10s));
  }
  [[nodiscard]] Chats chats() { return {&control, &matrix}; }

  Loop loop;
  UnwellChat control{"control"}, matrix{"matrix"};
  HttpServer server{
      loop.io.get_executor(), "127.0.0.1:0", {page("/healthz", [this] { return health_response(chats()); })}};
  net::Client client{loop.io.get_executor(),
                     net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))};
};

}  // namespace

TEST_CASE("healthz is 200 while all chats are well, and 503 with the reasons while one is not") {
  Clinic clinic;
  CHECK(clinic.fetch("GET", "/healthz").status == 200);
  CHECK(clinic.fetch("GET", "/healthz?verbose=1").body == R"({"status":"ok"})");
  clinic.matrix.said.trouble = "the last sync is 75 s old";
  auto answer = clinic.fetch("GET", "/healthz");
  CHECK(answer.status == 503);
  CHECK(net::find_header(answer.headers, "Content-Type") == "application/json");
  CHECK(json::parse(answer.body) ==
        json{{"status", "unhealthy"}, {"why", {"matrix: the last sync is 75 s old"}}});
  clinic.control.said.is_alive = false;
  answer = clinic.fetch("GET", "/healthz");
  CHECK(json::parse(answer.body)["why"] ==
        json{"control: its loop is stuck", "matrix: the last sync is 75 s old"});
  clinic.control.said = clinic.matrix.said = Health();
  CHECK(clinic.fetch("GET", "/healthz").status == 200);
}

TEST_CASE("the endpoint answers what it has, each by its method, and nothing else") {
  Clinic clinic;
  const auto refused = clinic.fetch("POST", "/healthz");
  CHECK(refused.status == 405);
  CHECK(net::find_header(refused.headers, "Allow") == "GET");
  for (const auto* nothing : {"/", "/healthz/", "/Healthz", "/metrics", "//healthz"})
    CHECK(clinic.fetch("GET", nothing).status == 404);
}

TEST_CASE("a chat whose server is down is alive, one whose loop is stuck is not") {
  Clinic clinic;
  clinic.matrix.said.trouble = "the last sync is 75 s old";
  CHECK(are_alive(clinic.chats()));
  clinic.matrix.said.is_alive = false;
  CHECK_FALSE(are_alive(clinic.chats()));
  CHECK(troubles(clinic.chats()) == std::vector<std::string>{"matrix: the last sync is 75 s old"});
}

TEST_CASE("the status is a line: workspaces, servers of chats, troubles") {
  Clinic clinic;
  const net::Time now(1000h);
  CHECK(status_line(0, clinic.chats(), now) == "0 workspaces up");
  clinic.matrix.said.last_contact = now - 3s;
  CHECK(status_line(1, clinic.chats(), now) == "1 workspace up; matrix: last heard of 3 s ago");
  clinic.matrix.said.last_contact = now + 1h;  // the clock was set back
  CHECK(status_line(2, clinic.chats(), now) == "2 workspaces up; matrix: last heard of 0 s ago");
  clinic.matrix.said.last_contact = now - 75s;
  clinic.matrix.said.trouble = "the last sync is 75 s old";
  CHECK(status_line(2, clinic.chats(), now) ==
        "2 workspaces up; matrix: last heard of 75 s ago; matrix: the last sync is 75 s old");
}
