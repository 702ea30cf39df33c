#include "hetzner/api.hpp"
#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;
using Catch::Matchers::Contains;

namespace {

/// The bot's own client at the simulator, in real time: it waits a moment between its tries.
struct Asker {
  explicit Asker(Cloud& cloud_, net::Duration timeout = 300ms)
      : cloud(cloud_),
        client(cloud.io.get_executor(),
               net::parse_endpoint("http://127.0.0.1:" + std::to_string(cloud.simulator->port()) + "/v1")),
        api(client, clock, random, quick(timeout)) {}

  static hetzner::ApiOptions quick(net::Duration timeout) {
    hetzner::ApiOptions options;
    options.token = "first";
    options.timeout = timeout;
    options.retry = options.refill = 1ms;
    options.cool_down = 2ms;
    return options;
  }
  void plan(json fault, const char* method) {
    fault["method"] = method;
    fault["path"] = "/v1/volumes*";
    REQUIRE(cloud.call("POST", "/_sim/faults", fault).status == 200);
  }
  /// How often the path was asked for so far.
  int asked(const char* method) {
    int times = 0;
    const auto log = cloud.call("GET", "/_sim/requests").body;
    for (const auto& row : log) times += row["method"] == method && row["path"] != "/v1/actions";
    return times;
  }

  Cloud& cloud;
  net::SystemClock clock;
  net::Random random{1};
  net::Client client;
  hetzner::Api api;
};

struct Trouble {
  json fault;
  const char* why;  ///< in the sentence
};

/// What hides an answer: each lets the request happen.
std::vector<Trouble> troubles() {
  return {{{{"cut", "after"}}, "the connection was closed before the end of the answer"},
          {{{"cut", "half"}}, "the connection was closed before the end of the answer"},
          {{{"spoil", "body"}}, "is not JSON"},
          {{{"spoil", "type"}}, "is not JSON"},
          {{{"spoil", "http"}}, "the answer is not HTTP"},
          {{{"drip_ms", 20}}, "it took too long"},
          {{{"delay_ms", 1000}}, "it took too long"}};
}

json order(const std::string& name) { return {{"name", name}, {"size", 10}, {"location", "fsn1"}}; }

}  // namespace

TEST_CASE("a GET is repeated, whatever hides the answer") {
  for (const auto& trouble : troubles()) {
    INFO(trouble.fault);
    Cloud cloud;
    Asker asker(cloud);
    asker.plan(trouble.fault, "GET");
    CHECK(run(cloud.io, asker.api.list("/volumes", "volumes")).empty());
    // What is held back on a clock that stands still is never answered, and so not logged.
    CHECK(asker.asked("GET") == (trouble.fault.contains("delay_ms") ? 1 : 2));
    CHECK(asker.client.tally().repeated == 1);
  }
}

TEST_CASE("a POST of which nothing is known is sent once and says so, within its time limit") {
  for (const auto& trouble : troubles()) {
    INFO(trouble.fault);
    Cloud cloud;
    Asker asker(cloud);
    asker.plan(trouble.fault, "POST");
    CHECK_THROWS_AS(run(cloud.io, asker.api.post("/volumes", order("home")), 5s), hetzner::OutcomeUnknown);
    asker.plan(trouble.fault, "POST");
    CHECK_THROWS_WITH(
        run(cloud.io, asker.api.post("/volumes", order("data")), 5s),
        Contains("may or may not have done what was asked (POST /volumes, 1 try)") && Contains(trouble.why));
    const bool is_held = trouble.fault.contains("delay_ms");
    CHECK(cloud.get("/volumes").body["volumes"].size() == (is_held ? 0 : 2));
  }
}

TEST_CASE("a PUT of which nothing is known is sent once, and a DELETE finds nothing the second time") {
  for (const auto& trouble : troubles()) {
    INFO(trouble.fault);
    if (trouble.fault.contains("delay_ms") || trouble.fault.contains("spoil")) continue;  // a 204 has no body
    Cloud cloud;
    Asker asker(cloud);
    const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
    asker.plan(trouble.fault, "PUT");
    CHECK_THROWS_AS(run(cloud.io, asker.api.put(path, {{"name", "new"}})), hetzner::OutcomeUnknown);
    CHECK(cloud.get(path).body["volume"]["name"] == "new");
    CHECK(asker.asked("PUT") == 1);
    asker.plan(trouble.fault, "DELETE");
    CHECK_THROWS_WITH(run(cloud.io, asker.api.remove(path)), Contains("not found"));
    CHECK(asker.asked("DELETE") == 2);
  }
}

TEST_CASE("a gateway's page in place of an error has the code of its status") {
  Cloud cloud;
  Asker asker(cloud);
  asker.plan({{"status", 404}, {"spoil", "type"}}, "DELETE");
  // Not "not_found", which would pass for gone.
  CHECK_THROWS_WITH(run(cloud.io, asker.api.remove("/volumes/7")), Contains("unknown_error"));
  asker.plan({{"status", 502}, {"spoil", "body"}}, "POST");
  CHECK_THROWS_WITH(run(cloud.io, asker.api.post("/volumes", order("home"))), Contains("bad_gateway"));
  CHECK(cloud.get("/volumes").body["volumes"].empty());
}

TEST_CASE("an answer that drips but ends in time is an answer") {
  Cloud cloud;
  Asker asker(cloud, 30s);
  asker.plan({{"drip_ms", 1}}, "DELETE");
  const auto path = "/volumes/" + cloud.volume("home")["id"].dump();
  CHECK(run(cloud.io, asker.api.remove(path)).is_null());
  CHECK(asker.asked("DELETE") == 1);
}

TEST_CASE("a fault with a word that it does not know is refused") {
  Cloud cloud;
  for (const auto& wrong : std::vector<json>{{{"cut", "quarter"}}, {{"spoil", "milk"}}, {{"drips", 1}}})
    CHECK(cloud.call("POST", "/_sim/faults", wrong).status == 400);
}
