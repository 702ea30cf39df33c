#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/server.hpp"
#include "net/signal.hpp"
#include "tests/simulator/cloud.hpp"

namespace simulator_test {

/// The login server that workspaces join and the bot they report to, in one small server: it keeps what
/// it is told and holds a report until there is an order.
struct BotAndTailnet {
  explicit BotAndTailnet(const net::Executor& executor)
      : changed(executor),
        server(executor, "127.0.0.1:0", [this](const net::HttpRequest& request) { return answer(request); }) {
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }

  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request) {
    net::HttpResponse response;
    const auto path = request.target.substr(0, request.target.find('?'));
    const auto body = json::parse(request.body);
    calls[path].push_back(body);
    changed.notify();
    response.body = "{}";
    if (path == "/_sim/join") {
      response.status = body["key"] == key ? 200 : 400;
      response.body = R"({"id":"n1","name":"box"})";
      key.clear();
    }
    if (path == "/v1/report") {
      authorization = net::find_header(request.headers, "Authorization").value_or("");
      response.status = refuse_reports ? 503 : 200;
      if (current && body.contains("done") && body["done"]["id"] == (*current)["id"]) current.reset();
      const bool held = request.target.ends_with("wait=50") && !refuse_reports;
      while (held && !current) co_await changed.wait();
      response.body = held ? current->dump() : R"({"do":"nothing","id":""})";
    }
    co_return response;
  }

  void order(const std::string& verb, const std::string& id) {
    current = {{"do", verb}, {"id", id}};
    changed.notify();
  }
  [[nodiscard]] const std::vector<json>& reports() { return calls["/v1/report"]; }

  std::string key = "tskey-1";  ///< good for one join
  bool refuse_reports = false;
  std::string authorization;
  std::map<std::string, std::vector<json>> calls;
  std::optional<json> current;  ///< given with every answer until it is done
  net::Signal changed;
  net::Server server;
};

}  // namespace simulator_test
