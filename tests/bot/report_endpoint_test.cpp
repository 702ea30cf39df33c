#include "net/spawn.hpp"
#include "tests/bot/reporting_endpoint.hpp"
#include "tests/catch.hpp"

using namespace bot;
using bot::test::Endpoint;
using commands::test::Reporting;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

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

TEST_CASE("only a log has lines") {
  Endpoint endpoint;
  const json report = {{"v", 1},
                       {"detail", "no disk\n✓ all is well\r\tfree"},
                       {"jobs", {"make\nall"}},
                       {"log", "one\n\ttwo"},
                       {"done", {{"error", "busy\nbut fine"}}}};
  CHECK(endpoint.report(report).status == 200);
  const auto kept = endpoint.stored();
  CHECK(kept["detail"] == "no disk ✓ all is well  free");
  CHECK(kept["jobs"] == json{"make all"});
  CHECK(kept["log"] == "one\n\ttwo");
  CHECK(kept["done"]["error"] == "busy but fine");
}

TEST_CASE("numbers are taken into the range that they can have") {
  Endpoint endpoint;
  json report = {{"v", 1}, {"uptime", 1e300}, {"cpu", -5}, {"disk", 1e18}, {"leases", {{{"until", -0.5}}}}};
  CHECK(endpoint.report(report).status == 200);
  const json bounded = {{"v", 1}, {"uptime", 1e9}, {"cpu", 0}, {"disk", 1e15}, {"leases", {{{"until", 0}}}}};
  CHECK(endpoint.stored() == bounded);
  report["uptime"] = UINT64_MAX;
  report["cpu"] = INT64_MIN;
  CHECK(endpoint.report(report).status == 200);
  CHECK(endpoint.stored() == bounded);
  CHECK(endpoint.fetch("POST", "/v1/report", R"({"v":1,"uptime":1e999})", endpoint.token).status == 400);
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

TEST_CASE("reports are counted by what became of them") {
  Endpoint endpoint;
  endpoint.report({{"v", 1}});
  endpoint.report({{"v", 2}});
  endpoint.report({{"v", 1}});
  endpoint.fetch("POST", "/v1/report", R"({"v":1})", "wrong");
  CHECK(endpoint.reports.counts().taken == 2);
  CHECK(endpoint.reports.counts().unreadable == 1);
  CHECK(endpoint.reports.counts().without_token == 1);
}

TEST_CASE("nothing but a report is answered") {
  Endpoint endpoint;
  CHECK(endpoint.fetch("GET", "/v1/report").status == 405);
  CHECK(endpoint.fetch("GET", "/").status == 404);
  CHECK(endpoint.fetch("POST", "/v1/reports", "{}", endpoint.token).status == 404);
}
