#include "bot/reports_server.hpp"

#include "net/client.hpp"
#include "net/spawn.hpp"
#include "net/url.hpp"
#include "tests/catch.hpp"
#include "tests/commands/reporting.hpp"

using namespace bot;
using commands::test::Reporting;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// The endpoint over real HTTP, with the token of alice's workspace.
struct Endpoint {
  net::HttpResponse fetch(const std::string& method, const std::string& target, const std::string& body = "",
                          const std::string& bearer = "") {
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!bearer.empty()) request.headers = {{"Authorization", "Bearer " + bearer}};
    return run(world.io, client.fetch(request, 10s));
  }
  net::HttpResponse report(const json& report, const std::string& query = "") {
    return fetch("POST", "/v1/report" + query, report.dump(), token);
  }
  std::string refused(const json& report) {
    const auto response = this->report(report);
    if (response.status != 400) return std::to_string(response.status);
    return json::parse(response.body)["error"];
  }
  json stored() { return world.storage.reports.find(world.workspace)->report; }

  Reporting world;
  ReportsServer server{world.io.get_executor(), world.clock, world.reports, "127.0.0.1:0"};
  net::Client client{world.io.get_executor(),
                     net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))};
  std::string token = world.reports.token(world.source);
};

net::awaitable<void> give(Reporting& world, commands::Order order) {
  co_await world.reports.until_done(world.source, order);
}

}  // namespace

TEST_CASE("a report is accepted, kept and answered with nothing to do") {
  Endpoint endpoint;
  json report = {{"v", 1},          {"stage", "editor"},
                 {"state", "ok"},   {"ready", true},
                 {"uptime", 12.5},  {"logins", {{{"tty", "pts/0"}, {"idle", 3}, {"shell", "zsh"}}}},
                 {"jobs", {"make"}}};
  report["editor"] = {{"heartbeat_ms", 5}, {"bytes", 6}};
  report["surprise"] = "ignored";
  report["tmux_idle"] = nullptr;
  const auto response = endpoint.report(report);
  CHECK(response.status == 200);
  CHECK(json::parse(response.body) == json{{"do", "nothing"}, {"id", ""}});
  report.erase("surprise");
  report.erase("tmux_idle");
  report["logins"][0].erase("shell");
  CHECK(endpoint.stored() == report);
}

TEST_CASE("a report is answered with the order that waits") {
  Endpoint endpoint;
  net::spawn(endpoint.world.io.get_executor(), "down",
             give(endpoint.world, commands::Order{"prepare_stop", "op2/flush"}));
  const auto response = endpoint.report({{"v", 1}}, "?wait=50");
  CHECK(json::parse(response.body) == json{{"do", "prepare_stop"}, {"id", "op2/flush"}});
}

TEST_CASE("only the token of a running workspace may report") {
  Endpoint endpoint;
  CHECK(endpoint.fetch("POST", "/v1/report", R"({"v":1})").status == 401);
  CHECK(endpoint.fetch("POST", "/v1/report", R"({"v":1})", std::string(64, 'a')).status == 401);
  CHECK(endpoint.fetch("POST", "/v1/report", R"({"v":1})", endpoint.token.substr(1)).status == 401);
  CHECK(endpoint.fetch("POST", "/v1/report", R"({"v":1})", endpoint.token).status == 200);
}

TEST_CASE("what is no report is refused, naming the field") {
  Endpoint endpoint;
  CHECK(json::parse(endpoint.fetch("POST", "/v1/report", "{", endpoint.token).body)["error"] ==
        "the body is not JSON");
  CHECK(endpoint.refused(json::array()) == "\"report\" must be an object");
  CHECK(endpoint.refused({{"v", 2}}) == "\"v\" must be 1");
  CHECK(endpoint.refused({{"stage", "x"}}) == "\"v\" must be 1");
  CHECK(endpoint.refused({{"v", 1}, {"ready", "yes"}}) == "\"ready\" must be true or false");
  CHECK(endpoint.refused({{"v", 1}, {"state", "bad"}}) == "\"state\" must be \"ok\" or \"failed\"");
  CHECK(endpoint.refused({{"v", 1}, {"logins", {{{"idle", "x"}}}}}) == "\"logins[].idle\" must be a number");
  CHECK(endpoint.refused({{"v", 1}, {"done", {{"id", 5}}}}) == "\"done.id\" must be a string");
  CHECK_FALSE(endpoint.world.storage.reports.find(endpoint.world.workspace));
}

TEST_CASE("long strings and lists are cut, a body over 16 KiB is refused") {
  Endpoint endpoint;
  json report = {{"v", 1}, {"detail", std::string(2000, 'x')}, {"jobs", std::vector<int>(0)}};
  for (int n = 0; n < 80; ++n) report["jobs"].push_back("make");
  CHECK(endpoint.report(report).status == 200);
  CHECK(endpoint.stored()["detail"].get<std::string>().size() == 500);
  CHECK(endpoint.stored()["jobs"].size() == 50);
  report["log"] = std::string(16 * 1024, 'x');
  CHECK(endpoint.report(report).status == 413);
}

TEST_CASE("wait is a number of seconds, taken down to what is held") {
  Endpoint endpoint;
  CHECK(endpoint.report({{"v", 1}}, "?wait=soon").status == 400);
  CHECK(endpoint.report({{"v", 1}}, "?wait=").status == 400);
  CHECK(endpoint.report({{"v", 1}}, "?wait=-5").status == 200);
  CHECK(endpoint.report({{"v", 1}}, "?wait=0").status == 200);
}

TEST_CASE("a workspace that reports all the time is told to wait") {
  Endpoint endpoint;
  int refused = 0;
  net::HttpResponse last;
  for (int n = 0; n < 1000 && refused == 0; ++n) {
    last = endpoint.report({{"v", 1}});
    refused += last.status == 429 ? 1 : 0;
    if (n < 30) CHECK(last.status == 200);
  }
  CHECK(last.status == 429);
  CHECK(net::find_header(last.headers, "Retry-After") == "1");
}

TEST_CASE("healthz answers, and nothing else does") {
  Endpoint endpoint;
  CHECK(endpoint.fetch("GET", "/healthz").body == R"({"status":"ok"})");
  CHECK(endpoint.fetch("POST", "/healthz").status == 405);
  CHECK(endpoint.fetch("GET", "/v1/report").status == 405);
  CHECK(endpoint.fetch("GET", "/").status == 404);
  CHECK(endpoint.fetch("POST", "/v1/reports", "{}", endpoint.token).status == 404);
}
