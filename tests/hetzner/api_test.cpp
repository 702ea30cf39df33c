#include "hetzner/api.hpp"

#include "net/spawn.hpp"
#include "tests/catch.hpp"
#include "tests/hetzner/scripted.hpp"

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using hetzner::ApiError;
using hetzner::OutcomeUnknown;
using hetzner::Unavailable;
using net::Delivery;
using nlohmann::json;

namespace {

enum class Verb { get, post, put, remove };
constexpr std::array changes = {Verb::post, Verb::put, Verb::remove};

json ask(Scripted& api, Verb verb) {
  switch (verb) {
    case Verb::get:
      return run(api.io, api.api.get("/thing"));
    case Verb::post:
      return run(api.io, api.api.post("/thing", {{"a", 1}}));
    case Verb::put:
      return run(api.io, api.api.put("/thing", {{"a", 1}}));
    default:
      return run(api.io, api.api.remove("/thing"));
  }
}

/// The code of the ApiError that asking ends with.
std::string code_of(Scripted& api, Verb verb) {
  try {
    ask(api, verb);
  } catch (const ApiError& error) {
    return error.code;
  }
  return "no error";
}

const auto good = json{{"ok", true}};
net::HttpResponse gateway_page(int status) {
  auto page = raw(status, "<html>Bad Gateway</html>");
  page.headers = {{"Content-Type", "text/html"}};
  return page;
}

/// What may hide that a request was carried out.
std::vector<net::HttpResponse> doubtful() {
  return {lost(Delivery::cut_before),
          lost(Delivery::cut_half),
          lost(Delivery::garbage),
          gateway_page(502),
          refusal(500, "server_error"),
          refusal(503, "unavailable"),
          refusal(504, "timeout"),
          raw(500, R"({"error":{"code":"server_error","message":null}})"),
          raw(200, "<html>login</html>"),
          raw(201, "{\"server\":"),
          raw(200, good.dump(), {{"Content-Type", "text/html"}})};
}

std::vector<net::HttpResponse> passing() {
  return {refusal(429, "rate_limit_exceeded"), raw(429, "slow down"), refusal(423, "locked"),
          refusal(409, "conflict")};
}

}  // namespace

TEST_CASE("a request carries the token and JSON, and reads the rate limit") {
  Scripted api({raw(201, good.dump(), {{"RateLimit-Remaining", "3599"}})});
  CHECK(api.api.budget().remaining == 3600);
  CHECK(run(api.io, api.api.post("/servers", {{"name", "é"}})) == good);
  CHECK(api.api.budget().remaining == 3599);
  REQUIRE(api.asked == Asked{"POST /servers"});
  const auto& headers = api.requests[0].headers;
  CHECK(net::find_header(headers, "Authorization") == "Bearer verysecrettoken");
  CHECK(net::find_header(headers, "Content-Type") == "application/json");
  CHECK(net::find_header(headers, "User-Agent").value_or("").starts_with("devbox/"));
  CHECK(api.body(0) == json{{"name", "é"}});
}

TEST_CASE("an answer without a body is null") {
  Scripted api({raw(204, "")});
  CHECK(ask(api, Verb::remove).is_null());
  CHECK(api.requests[0].body.empty());
}

TEST_CASE("a GET is repeated on everything that passes") {
  auto trouble = doubtful();
  for (auto& one : passing()) trouble.push_back(one);
  for (const auto& one : trouble) {
    Scripted api({one, one, answer(200, good)});
    CHECK(ask(api, Verb::get) == good);
    CHECK(api.asked.size() == 3);
  }
}

TEST_CASE("a GET whose tries are used up is Unavailable and says why") {
  Scripted api;
  api.respond = [](const net::HttpRequest&) { return gateway_page(502); };
  CHECK_THROWS_AS(ask(api, Verb::get), Unavailable);
  CHECK(api.asked.size() == 6);
  CHECK_THROWS_WITH(
      ask(api, Verb::get),
      "Hetzner Cloud gives no answer (GET /thing, 6 tries): Hetzner refused: HTTP status 502 without "
      "a reason (bad_gateway). Try again later.");
  api.respond = [](const net::HttpRequest&) { return refusal(429, "rate_limit_exceeded"); };
  CHECK_THROWS_AS(ask(api, Verb::get), Unavailable);
}

TEST_CASE("a change is repeated where nothing can have happened") {
  for (const auto verb : changes)
    for (const auto& one : passing()) {
      Scripted api({one, one, answer(200, good)});
      CHECK(ask(api, verb) == good);
      CHECK(api.asked.size() == 3);
    }
}

TEST_CASE("a change that may have happened is not repeated") {
  for (const auto verb : {Verb::post, Verb::put})
    for (const auto& one : doubtful()) {
      Scripted api({one, answer(200, good)});
      CHECK_THROWS_AS(ask(api, verb), OutcomeUnknown);
      CHECK(api.asked.size() == 1);
    }
}

TEST_CASE("a POST that is first refused for a while and then lost is unknown") {
  Scripted api({refusal(423, "locked"), lost(Delivery::cut_before), answer(200, good)});
  CHECK_THROWS_WITH(ask(api, Verb::post), Contains("may or may not") && Contains("POST /thing, 2 tries"));
  CHECK(api.asked.size() == 2);
}

TEST_CASE("a DELETE that may have happened is repeated and finds nothing the second time") {
  for (const auto& one : doubtful()) {
    Scripted api({one, refusal(404, "not_found")});
    CHECK(code_of(api, Verb::remove) == "not_found");
    CHECK(api.asked.size() == 2);
  }
  Scripted api;
  api.respond = [](const net::HttpRequest&) { return lost(Delivery::cut_before); };
  CHECK_THROWS_AS(ask(api, Verb::remove), OutcomeUnknown);
  CHECK(api.asked.size() == 6);
}

TEST_CASE("a time-out is unknown for a POST and another try for a GET") {
  auto options = Scripted::quick();
  options.timeout = 100ms;
  Scripted changing({silence()}, options);
  CHECK_THROWS_AS(ask(changing, Verb::post), OutcomeUnknown);
  CHECK(changing.asked.size() == 1);
  Scripted reading({silence(), answer(200, good)}, options);
  CHECK(ask(reading, Verb::get) == good);
  CHECK(reading.asked.size() == 2);
}

TEST_CASE("where nobody listens nothing was asked") {
  Scripted api;
  api.server.stop();
  for (const auto verb : {Verb::get, Verb::post, Verb::put, Verb::remove})
    CHECK_THROWS_AS(ask(api, verb), Unavailable);
  CHECK_THROWS_WITH(ask(api, Verb::post),
                    Contains("was not asked (POST /thing, 6 tries)") && Contains("Connection refused"));
  CHECK(api.asked.empty());
}

TEST_CASE("a refusal is thrown with its code and never repeated") {
  const std::vector<std::pair<int, std::string>> refusals = {{400, "json_error"},
                                                             {401, "unauthorized"},
                                                             {403, "forbidden"},
                                                             {403, "maintenance"},
                                                             {404, "not_found"},
                                                             {409, "uniqueness_error"},
                                                             {410, "deprecated_api_endpoint"},
                                                             {412, "resource_unavailable"},
                                                             {422, "invalid_input"},
                                                             {422, "placement_error"},
                                                             {423, "protected"},
                                                             {409, "must_be_unassigned"}};
  for (const auto& [status, code] : refusals)
    for (const auto verb : {Verb::get, Verb::post, Verb::remove}) {
      Scripted api({refusal(status, code), answer(200, good)});
      CHECK(code_of(api, verb) == code);
      CHECK(api.asked.size() == 1);
    }
}

TEST_CASE("a lock that stays is told as such") {
  Scripted api;
  api.respond = [](const net::HttpRequest&) { return refusal(423, "locked"); };
  CHECK(code_of(api, Verb::post) == "locked");
  CHECK(api.asked.size() == 6);
}

TEST_CASE("the first field or limit of the details is named") {
  Scripted api({refusal(409, "uniqueness_error", naming("fields", "public_key")),
                refusal(403, "resource_limit_exceeded", naming("limits", "primary_ip_limit")),
                refusal(422, "invalid_input", json::object()),
                refusal(422, "invalid_input", {{"fields", "x"}})});
  for (const std::string detail : {"public_key", "primary_ip_limit", "", ""}) {
    try {
      ask(api, Verb::post);
    } catch (const ApiError& error) {
      CHECK(error.detail == detail);
    }
  }
  CHECK(api.asked.size() == 4);
}

TEST_CASE("an error without an envelope has a code made of its status") {
  for (const auto& body : {"", "nonsense", "[]", R"({"error":"no"})", R"({"error":{"code":7}})", "null"}) {
    Scripted api({raw(401, body), raw(404, body)});
    CHECK(code_of(api, Verb::get) == "unauthorized");
    // A gateway's 404 must not pass for "already gone".
    CHECK(code_of(api, Verb::remove) == "unknown_error");
  }
}

TEST_CASE("no error text has the token in it, and a long one is cut between characters") {
  const std::string echo = "you sent verysecrettoken";
  Scripted api(
      {answer(422, {{"error", {{"code", "invalid_input"}, {"message", echo}}}}),
       answer(422, {{"error", {{"code", "invalid_input"}, {"message", std::string(299, 'x') + "éé"}}}})});
  CHECK_THROWS_WITH(ask(api, Verb::post), "Hetzner refused: you sent … (invalid_input)");
  CHECK_THROWS_WITH(ask(api, Verb::post), Contains("x… (invalid_input)"));
}

TEST_CASE("Retry-After is waited for, up to the longest back-off") {
  auto options = Scripted::quick();
  options.retry_cap = 5ms;
  Scripted api({raw(429, "{}", {{"Retry-After", "3600"}}), raw(429, "{}", {{"Retry-After", "Mon, 1 Jan"}}),
                answer(200, good)},
               options);
  CHECK(ask(api, Verb::post) == good);
  CHECK(api.client.tally().rate_limited == 2);
  CHECK(api.client.tally().repeated == 2);
}

TEST_CASE("all pages of a list are read") {
  const auto page = [](std::vector<int> ids, const json& next) {
    return answer(200, {{"things", ids}, {"meta", {{"pagination", {{"next_page", next}}}}}});
  };
  Scripted api({page({1, 2}, 2), page({3}, 3), page({4}, nullptr), answer(200, {{"things", json::array()}}),
                page({5}, 1)});
  CHECK(run(api.io, api.api.list("/things", "things", {{"label_selector", "a=b,c"}})) == json({1, 2, 3, 4}));
  CHECK(api.asked == Asked{"GET /things?label_selector=a%3Db%2Cc&per_page=50",
                           "GET /things?label_selector=a%3Db%2Cc&per_page=50&page=2",
                           "GET /things?label_selector=a%3Db%2Cc&per_page=50&page=3"});
  CHECK(run(api.io, api.api.list("/things", "things")) == json::array());
  CHECK(run(api.io, api.api.list("/things", "things")) == json({5}));
}

TEST_CASE("a list that is not there is told as unreadable") {
  Scripted api({raw(200, "{}"), raw(200, R"({"things":7})"), raw(200, "[]")});
  CHECK_THROWS_WITH(run(api.io, api.api.list("/things", "things")), Contains("\"things\" is not there"));
  CHECK_THROWS_WITH(run(api.io, api.api.list("/things", "things")), Contains("\"things\" is not a list"));
  CHECK_THROWS_AS(run(api.io, api.api.list("/things", "things")), Unavailable);
}

TEST_CASE("after five failures in a row nothing is sent until the cool-down is over, then one answer heals") {
  auto options = Scripted::quick();
  options.tries = 1;
  options.cool_down = 20s;
  Scripted api({}, options);
  api.respond = [](const auto&) { return refusal(503, "unavailable"); };
  for (int failures = 0; failures < 5; ++failures) {
    CHECK_FALSE(api.api.silent_since());
    CHECK_THROWS_AS(ask(api, Verb::get), Unavailable);
  }
  CHECK(api.api.silent_since());
  CHECK(api.api.sent() == 5);
  bool is_over = false;
  const auto wait = [&]() -> net::awaitable<void> {
    co_await api.api.get("/thing");
    is_over = true;
  };
  net::spawn(api.io.get_executor(), "waits", wait());
  api.io.run_for(20ms);
  CHECK(api.requests.size() == 5);
  CHECK_FALSE(is_over);
}

TEST_CASE("a refusal is an answer: only silence and 5xx count as failures") {
  auto options = Scripted::quick();
  options.tries = 1;
  Scripted api({}, options);
  for (int times = 0; times < 20; ++times) {
    api.respond = [&](const auto&) {
      return times % 5 == 4 ? refusal(404, "not_found") : refusal(500, "server_error");
    };
    CHECK_THROWS(ask(api, Verb::get));
    CHECK_FALSE(api.api.silent_since());
  }
}

TEST_CASE("the budget grows by a request a second since it was told, and is low below a tenth") {
  Scripted api({raw(200, good.dump(), {{"RateLimit-Remaining", "12"}, {"RateLimit-Limit", "3600"}})});
  ask(api, Verb::get);
  CHECK(api.api.budget().remaining >= 12);
  CHECK(api.api.budget().remaining < 360);
  CHECK(api.api.budget().is_low());
  CHECK_FALSE(hetzner::Budget{3600, 360}.is_low());
}
