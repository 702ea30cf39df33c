#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hetzner/cloud.hpp"
#include "net/random.hpp"
#include "net/server.hpp"
#include "net/signal.hpp"
#include "tests/run.hpp"

/// What the scripted API answers to one request.
inline net::HttpResponse raw(int status, std::string body, net::Headers headers = {}) {
  net::HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}
inline net::HttpResponse answer(int status, const nlohmann::json& body) { return raw(status, body.dump()); }
inline net::HttpResponse refusal(int status, const std::string& code,
                                 const nlohmann::json& details = nullptr) {
  return answer(status, {{"error", {{"code", code}, {"message", code + " it is"}, {"details", details}}}});
}
/// A list's only page.
inline net::HttpResponse page(const std::string& key, const std::vector<nlohmann::json>& elements) {
  return answer(200, {{key, elements}});
}
/// Error details that name one field or limit.
inline nlohmann::json naming(const std::string& kind, const std::string& name) {
  const nlohmann::json one{{"name", name}};
  return {{kind, nlohmann::json::array({one})}};
}
inline net::HttpResponse lost(net::Delivery delivery) {
  auto response = raw(200, "{}");
  response.delivery = delivery;
  return response;
}
/// The answer that never comes.
inline net::HttpResponse silence() { return raw(0, ""); }

/// The Hetzner API as a list of answers over real HTTP, and everything that asks it. A request beyond
/// the list is answered 418, which nothing repeats.
struct Scripted {
  explicit Scripted(std::deque<net::HttpResponse> answers_ = {}, hetzner::ApiOptions options = quick())
      : answers(std::move(answers_)),
        server(io.get_executor(), "127.0.0.1:0",
               [this](const net::HttpRequest& request) { return serve(request); }),
        client(io.get_executor(),
               net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()) + "/v1")),
        api(client, clock, random, std::move(options)),
        actions(io.get_executor(), api, clock, {.first = std::chrono::milliseconds(2), .ids_per_call = 25}),
        cloud(api, actions, clock) {}

  static hetzner::ApiOptions quick() {
    hetzner::ApiOptions options;
    options.token = "verysecrettoken";
    options.retry = std::chrono::milliseconds(1);
    options.retry_cap = std::chrono::milliseconds(2);
    options.refill = std::chrono::milliseconds(1);
    options.cool_down = std::chrono::milliseconds(2);
    return options;
  }

  net::awaitable<net::HttpResponse> serve(const net::HttpRequest& request) {
    requests.push_back(request);
    asked.push_back(request.method + " " + request.target.substr(3));
    net::HttpResponse response = raw(418, "");
    if (respond) {
      response = respond(request);
    } else if (!answers.empty()) {
      response = std::move(answers.front());
      answers.pop_front();
    }
    while (response.status == 0) co_await never.wait();
    co_return response;
  }
  [[nodiscard]] nlohmann::json body(std::size_t n) const {
    return nlohmann::json::parse(requests.at(n).body);
  }

  boost::asio::io_context io;
  net::SystemClock clock;
  net::Random random{1};
  net::Signal never{io.get_executor()};
  std::deque<net::HttpResponse> answers;
  std::function<net::HttpResponse(const net::HttpRequest&)> respond;  ///< in place of the list
  std::vector<net::HttpRequest> requests;
  std::vector<std::string> asked;  ///< "GET /servers?name=a", without the endpoint's /v1
  net::Server server;
  net::Client client;
  hetzner::Api api;
  hetzner::Actions actions;
  hetzner::Cloud cloud;
};

using Asked = std::vector<std::string>;
