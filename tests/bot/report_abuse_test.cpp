#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "tests/bot/reporting_endpoint.hpp"
#include "tests/catch.hpp"
#include "tests/net/raw_peer.hpp"
#include "tests/net/started.hpp"

using namespace bot;
using bot::test::Endpoint;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

const json report = {{"v", 1}, {"stage", "ready"}, {"state", "ok"}};

/// Reports of one workspace, one after the other on one connection, and how many were answered with what.
struct Reporter {
  Reporter(Endpoint& endpoint, std::string token_, int reports)
      : token(std::move(token_)), client(endpoint.world.io.get_executor(), endpoint.client.endpoint()) {
    task = std::make_unique<Started>(endpoint.world.io, send(reports));
  }
  net::awaitable<void> send(int reports) {
    const net::HttpRequest request{
        "POST", "/v1/report?wait=0", {{"Authorization", "Bearer " + token}}, report.dump()};
    const auto patience = std::chrono::seconds(20);
    for (int n = 0; n < reports; ++n) {
      const auto response = co_await client.fetch(request, patience);
      ++answers[response.status];
    }
  }
  std::string token;
  net::Client client;
  std::map<int, int> answers;
  std::unique_ptr<Started> task;
};

std::string head(const Endpoint& endpoint, const std::string& more) {
  return "POST /v1/report HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + endpoint.token + "\r\n" + more +
         "\r\n\r\n";
}

std::string answer_to(Endpoint& endpoint, const std::string& bytes) {
  return run(endpoint.world.io, talk(endpoint.server.port(), bytes));
}

}  // namespace

TEST_CASE("a token opens one workspace's session, while it runs") {
  Endpoint endpoint;
  const auto bob = endpoint.world.running("bob", 2);
  const auto post = [&](const std::string& token) {
    return endpoint.fetch("POST", "/v1/report", report.dump(), token).status;
  };
  const auto& reports = endpoint.world.reports;
  CHECK(post(reports.token({endpoint.world.workspace, bob.operation})) == 401);
  CHECK(post(reports.token({bob.workspace, endpoint.world.source.operation})) == 401);
  CHECK(post(reports.token({endpoint.world.workspace, "another"})) == 401);
  CHECK(post(endpoint.token + "0") == 401);
  CHECK(post(std::string(30000, 'a')) == 401);
  CHECK(post(reports.token(bob)) == 200);
  CHECK_FALSE(endpoint.world.storage.reports.find(endpoint.world.workspace));
  endpoint.world.storage.sessions.end(2, endpoint.world.clock.now());
  CHECK(post(reports.token(bob)) == 401);
  CHECK(endpoint.reports.counts().without_token == 6);
}

TEST_CASE("10 MB are refused before they are sent, said beforehand or in chunks") {
  Endpoint endpoint;
  const auto first = answer_to(endpoint, head(endpoint, "Content-Length: 10485760") + R"({"v":1,)");
  CHECK(first.starts_with("HTTP/1.1 413 "));
  CHECK(first.find("Connection: close\r\n") != std::string::npos);
  const auto chunk = "1000\r\n" + std::string(0x1000, ' ') + "\r\n";
  std::string chunks;
  for (int n = 0; n < 5; ++n) chunks += chunk;
  CHECK(answer_to(endpoint, head(endpoint, "Transfer-Encoding: chunked") + chunks)
            .starts_with("HTTP/1.1 413 "));
  CHECK(endpoint.fetch("POST", "/v1/report", std::string(10 * 1024 * 1024, ' '), endpoint.token).status ==
        413);
  CHECK(endpoint.report(report).status == 200);
}

TEST_CASE("a body that is odd is refused and changes nothing, and the next one is taken") {
  Endpoint endpoint;
  const auto deep = [](const std::string& begin, const std::string& end) {
    return begin + std::string(8000, '[') + std::string(8000, ']') + end;
  };
  int refused = 0;
  for (const auto& body : {std::string(),
                           std::string("{"),
                           std::string(R"({"v":1)"),
                           std::string(R"({"v":1}{"v":1})"),
                           std::string("null"),
                           std::string("[1]"),
                           deep("", ""),
                           deep(R"({"v":1,"dirty":[)", "]}"),
                           deep(R"({"v":1,"logins":)", "}"),
                           std::string(R"({"v":1,"v":2})"),
                           std::string(R"({"v":"1"})"),
                           std::string(R"({"v":1,"ready":1,"ready":"yes"})"),
                           std::string("{\"v\":1,\"detail\":\"\xff\"}"),
                           std::string("{\"v\":1,\"detail\":\"\xed\xa0\x80\"}"),
                           std::string(R"({"v":1,"detail":"\ud800"})"),
                           std::string(R"({"v":1,"cpu":1e999})"),
                           std::string(R"({"v":1,"cpu":NaN})"),
                           std::string("\0{}", 3),
                           std::string(R"({"v":1,"done":[]})"),
                           std::string(R"({"v":1,"stage":["join"]})")}) {
    INFO(body.substr(0, 60));
    const auto status = endpoint.fetch("POST", "/v1/report", body, endpoint.token).status;
    CHECK(status == 400);
    ++refused;
  }
  CHECK(endpoint.reports.counts().unreadable == static_cast<std::uint64_t>(refused));
  CHECK_FALSE(endpoint.world.storage.reports.find(endpoint.world.workspace));
  CHECK(endpoint.report(report).status == 200);
}

TEST_CASE("what a report says more than we know is left out, and its numbers are only numbers") {
  Endpoint endpoint;
  CHECK(endpoint
            .fetch("POST", "/v1/report",
                   R"({"v":1,"uptime":-1e300,"x":{"y":[1]},"detail":"a\u0000\u001b[1m"})", endpoint.token)
            .status == 200);
  CHECK(endpoint.stored() == json{{"v", 1}, {"uptime", 0}, {"detail", std::string("a\0\x1b[1m", 6)}});
}

TEST_CASE("a workspace that reports a thousand times at once is told to wait, and nobody else is") {
  Endpoint endpoint;
  const auto bob = endpoint.world.reports.token(endpoint.world.running("bob", 2));
  std::vector<std::unique_ptr<Reporter>> flood;
  for (int n = 0; n < 20; ++n) flood.push_back(std::make_unique<Reporter>(endpoint, endpoint.token, 50));
  Reporter calm(endpoint, bob, 10);
  run_until(endpoint.world.io, [&] {
    return calm.task->ended() &&
           std::all_of(flood.begin(), flood.end(), [](const auto& one) { return one->task->ended(); });
  });
  std::map<int, int> answers;
  for (const auto& one : flood)
    for (const auto& [status, count] : one->answers) answers[status] += count;
  CHECK(answers == std::map<int, int>{{200, 30}, {429, 970}});
  CHECK(calm.answers == std::map<int, int>{{200, 10}});
  CHECK(endpoint.reports.counts().too_many == 970);
  endpoint.clock.advance(3s);
  Reporter later(endpoint, endpoint.token, 20);
  run_until(endpoint.world.io, [&] { return later.task->ended(); });
  CHECK(later.answers == std::map<int, int>{{200, 6}, {429, 14}});
}

TEST_CASE("of the reports that a workspace has held, two stay held and are given the next order") {
  Endpoint endpoint;
  std::map<std::string, int> orders;
  std::vector<std::unique_ptr<net::Client>> clients;
  std::vector<std::unique_ptr<Started>> held;
  const net::HttpRequest request{
      "POST", "/v1/report?wait=50", {{"Authorization", "Bearer " + endpoint.token}}, report.dump()};
  const auto hold = [&](net::Client& client) -> net::awaitable<void> {
    const auto patience = std::chrono::seconds(20);
    const auto response = co_await client.fetch(request, patience);
    const auto answer = json::parse(response.body);
    ++orders[answer.value("do", "refused")];
  };
  for (int n = 0; n < 25; ++n) {
    clients.push_back(
        std::make_unique<net::Client>(endpoint.world.io.get_executor(), endpoint.client.endpoint()));
    held.push_back(std::make_unique<Started>(endpoint.world.io, hold(*clients.back())));
  }
  run_until(endpoint.world.io, [&] { return orders["nothing"] >= 23; });
  const auto give = [&]() -> net::awaitable<void> {
    const commands::Order order{"prepare_stop", "op2/prepare_stop"};
    co_await endpoint.world.reports.until_done(endpoint.world.source, order);
  };
  Started down(endpoint.world.io, give());
  run_until(endpoint.world.io, [&] { return orders["prepare_stop"] >= 2; });
  CHECK(orders == std::map<std::string, int>{{"nothing", 23}, {"prepare_stop", 2}});
}

TEST_CASE("what is remembered of workspaces does not grow with those that have ended") {
  Endpoint endpoint;
  std::vector<std::string> tokens;
  for (int n = 2; n < 60; ++n)
    tokens.push_back(endpoint.world.reports.token(endpoint.world.running("w" + std::to_string(n), n)));
  for (int n = 2; n < 60; ++n) {
    CHECK(endpoint.fetch("POST", "/v1/report", report.dump(), tokens[n - 2]).status == 200);
    endpoint.world.storage.sessions.end(n, endpoint.world.clock.now());
    endpoint.clock.advance(1s);
  }
  CHECK(endpoint.world.reports.remembered() <= 4);
  CHECK(endpoint.reports.remembered() <= 4);
}
