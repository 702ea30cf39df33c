#pragma once
#include "bot/http_server.hpp"
#include "bot/report_endpoint.hpp"
#include "net/client.hpp"
#include "net/url.hpp"
#include "tests/bot/loop.hpp"
#include "tests/commands/reporting.hpp"

namespace bot::test {

/// The endpoint over real HTTP, with the token of alice's workspace. What it allows in a second comes by a
/// clock that stands still.
struct Endpoint {
  net::HttpResponse fetch(const std::string& method, const std::string& target, const std::string& body = "",
                          const std::string& bearer = "") {
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!bearer.empty()) request.headers = {{"Authorization", "Bearer " + bearer}};
    return run(world.io, client.fetch(request, std::chrono::seconds(10)));
  }
  net::HttpResponse report(const nlohmann::json& report, const std::string& query = "") {
    return fetch("POST", "/v1/report" + query, report.dump(), token);
  }
  std::string refused(const nlohmann::json& report) {
    const auto response = this->report(report);
    if (response.status != 400) return std::to_string(response.status);
    return nlohmann::json::parse(response.body)["error"];
  }
  nlohmann::json stored() { return world.storage.reports.find(world.workspace)->report; }

  commands::test::Reporting world;
  StillClock clock{world.io.get_executor()};
  ReportEndpoint reports{clock, world.reports};
  HttpServer server{world.io.get_executor(),
                    "127.0.0.1:0",
                    {{"POST", "/v1/report", [this](const auto& request, const auto& target) {
                        return reports.answer(request, target);
                      }}}};
  net::Client client{world.io.get_executor(),
                     net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))};
  std::string token = world.reports.token(world.source);
};

}  // namespace bot::test
