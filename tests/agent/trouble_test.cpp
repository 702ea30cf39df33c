#include <algorithm>
#include <filesystem>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::has_lease;
using agent::test::Workspace;
using nlohmann::json;

namespace {

net::HttpResponse status(int code, net::Headers headers = {}) { return {code, std::move(headers), "{}"}; }

net::HttpResponse says(const std::string& body) { return {200, {}, body}; }

net::HttpResponse cut() {
  net::HttpResponse response{200, {}, R"({"do":"nothing","id":""})"};
  response.delivery = net::Delivery::cut_before;
  return response;
}

std::string order(const std::string& verb, const std::string& id) {
  return json{{"do", verb}, {"id", id}}.dump();
}

std::size_t pauses(const Workspace& here, const std::string& seconds) {
  return here.calls("sleep " + seconds + ".").size();
}

}  // namespace

TEST_CASE("done is told until the bot has heard it") {
  Workspace here;
  here.ready();
  here.next();
  // The next answers: an order, then a bot that falls over in every way.
  here.scripted = {says(R"({"do":"grow","id":"op9/grow"})"), status(500), cut(), status(502), says("what?")};
  REQUIRE(here.shell("'" + here.dir.file("usr/local/bin/devboxctl") + "' keep 1h").first == 0);
  here.until([&] { return here.scripted.empty(); });
  std::size_t told = 0;
  for (const auto& [report, wait, bytes] : here.sent) told += report.contains("done") ? 1 : 0;
  CHECK(told == 4);
  here.next([](const auto& said) { return said.contains("done"); });
  CHECK(here.calls("resize2fs").size() == 1);
  const auto requests = here.sent.size();
  here.stage("extra\tok\t");
  here.until([&] { return here.sent.size() > requests; });
  CHECK_FALSE(here.sent.back().report.contains("done"));
}

TEST_CASE("a stage that the bot has not taken is told again, and none is left out") {
  Workspace here;
  here.scripted = {status(500), cut(), status(503)};
  here.stage("join\tok\t");
  here.stage("volume\tok\t");
  here.start();
  here.next([](const auto& said) { return said["stage"] == "volume"; });
  std::vector<std::string> stages;
  for (const auto& one : here.sent) stages.push_back(one.report["stage"]);
  stages.resize(5);
  CHECK(stages == std::vector<std::string>{"join", "join", "join", "join", "volume"});
}

TEST_CASE("a refused token slows it down, too many reports wait as long as was said, and it goes on") {
  Workspace here;
  here.ready();
  here.next();
  here.scripted = {status(401), status(429, {{"Retry-After", "17"}}), status(429), status(413), status(400)};
  REQUIRE(here.shell("'" + here.dir.file("usr/local/bin/devboxctl") + "' keep 1h").first == 0);
  here.until([&] { return here.scripted.empty(); });
  const auto report = here.next(has_lease);
  CHECK(pauses(here, "60") == 1);
  CHECK(pauses(here, "17") == 1);
  CHECK(pauses(here, "5") == 1);
  here.until([&] { return here.sent.back().wait == "50"; });
}

TEST_CASE("what the bot calls a bad report is sent without what may be bad") {
  Workspace here;
  here.scripted = {says("{}"), says("{}"), says("{}"), says("{}"), status(400)};
  here.ready();
  here.until([&] { return here.scripted.empty() && here.sent.size() > 5; });
  CHECK(here.sent[4].report.contains("cpu"));
  CHECK_FALSE(here.sent[5].report.contains("cpu"));
  CHECK(here.sent[5].report["stage"] == here.sent[4].report["stage"]);
  here.next([](const auto& said) { return said.contains("cpu") && said.value("stage", "") == "ready"; });
}

TEST_CASE("an answer that is no order is no order") {
  Workspace here;
  const auto trap = "touch " + here.dir.file("trapped");
  here.scripted = {
      says("garbage"),
      says(""),
      says(R"({"do":"nothing","id":""})"),
      says(order("$(" + trap + ")", "a")),
      says(order("prepare_stop", "$(" + trap + ")")),
      says(order("prepare_stop", "`" + trap + "`")),
      says(order("prepare_stop; " + trap, "a")),
      says(order("prepare_stop", "a b")),
      says(order("prepare_stop", "")),
      says(order("prepare_stop", std::string(201, 'a'))),
      says(R"({"do":"prepare_stop"})"),
      says(order("halt", "a")),
      says(order("begin", "a")),
      says(std::string(100'000, '\\')),
      says(std::string(5, '\0') + "\n\n" + order("post", "a")),
  };
  here.ready();
  here.until([&] { return here.scripted.empty(); });
  here.until([&] { return here.sent.back().wait == "50"; });
  CHECK_FALSE(std::filesystem::exists(here.dir.file("trapped")));
  CHECK(here.calls("systemctl").empty());
  CHECK(here.calls("umount").empty());
  CHECK_FALSE(std::filesystem::exists(here.dir.file("run/devbox/order")));
  CHECK(here.obeyed("grow", "op2/grow")["done"]["ok"] == true);
}

TEST_CASE("a bot that does not hold is not asked without a pause") {
  Workspace here;
  std::filesystem::remove(here.dir.path() / "proc/uptime");
  here.write("proc/uptime", "100.0 1.0\n");
  here.ready();
  here.until([&] { return here.sent.back().wait == "50"; });
  const auto pauses = [&] {
    const auto calls = here.calls("sleep 1");
    return std::count(calls.begin(), calls.end(), "sleep 1");
  };
  const auto before = pauses();
  here.scripted = {says("{}"), says("{}"), says("{}"), says("{}")};
  REQUIRE(here.shell("'" + here.dir.file("usr/local/bin/devboxctl") + "' keep 1h").first == 0);
  here.until([&] { return here.scripted.empty(); });
  here.until([&] { return pauses() >= before + 3; });
}
