#include "tests/catch.hpp"
#include "tests/hetzner/at.hpp"
#include "tests/hetzner/scripted.hpp"

using Catch::Matchers::Contains;
using hetzner::Load;
using nlohmann::json;

namespace {

const auto from_then = at("2026-11-25T09:00:00.999Z"), to_then = at("2026-11-25T09:10:00Z");

std::optional<Load> load_of(Scripted& world) {
  return run(world.io, world.cloud.load({42}, from_then, to_then));
}
/// The answer with these time series; as the API has it, start and end are there, too.
net::HttpResponse series(const std::string& all) {
  return raw(200, R"({"metrics":{"start":"2026-11-25T09:00:00Z","end":"2026-11-25T09:10:00Z","step":60,)"
                  R"("time_series":)" +
                      all + "}}");
}

}  // namespace

TEST_CASE("the load is what Hetzner measured on average, of all disks and interfaces, both ways") {
  Scripted world({series(R"({"cpu":{"values":[[1795597200.622,"12.5"],[1795597260.622,"7.5"]]},
    "disk.0.iops.read":{"values":[[1795597200,"99"]]},
    "disk.0.bandwidth.read":{"values":[[1795597200,"1000"],[1795597260,"3000"]]},
    "disk.0.bandwidth.write":{"values":[[1795597200,"500.5"]]},
    "disk.1.bandwidth.write":{"values":[[1795597200,1.5e1]]},
    "network.0.pps.in":{"values":[[1795597200,"99"]]},
    "network.0.bandwidth.in":{"values":[[1795597200,"7"]]},
    "network.0.bandwidth.out":{"values":[[1795597200,"8"]]}})")});
  CHECK(load_of(world) == Load{10, 2515.5, 15});
  CHECK(world.asked ==
        Asked{"GET /servers/42/metrics?type=cpu%2Cdisk%2Cnetwork&start=2026-11-25T09%3A00%3A00Z&"
              "end=2026-11-25T09%3A10%3A00Z&step=60"});
}

TEST_CASE("a long time is asked for in two hundred samples") {
  Scripted world({series("{}"), series("{}")});
  run(world.io, world.cloud.load({42}, to_then - std::chrono::hours(24), to_then));
  CHECK_THAT(world.asked.at(0), Catch::Matchers::EndsWith("step=432"));
  run(world.io, world.cloud.load({42}, to_then, to_then - std::chrono::hours(24)));
  CHECK_THAT(world.asked.at(1), Catch::Matchers::EndsWith("step=60"));
}

TEST_CASE("without a sample of the CPU nothing is known; gaps do not count") {
  const std::pair<const char*, std::optional<Load>> rows[] = {
      {"{}", std::nullopt},
      {R"({"cpu":null})", std::nullopt},
      {R"({"cpu":{"values":[]}})", std::nullopt},
      {R"({"cpu":{"values":[[1,"NaN"],[2,null],[3,"inf"]]}})", std::nullopt},
      {R"({"disk.0.bandwidth.read":{"values":[[1,"5"]]}})", std::nullopt},
      {R"({"cpu":{"values":[[1,"NaN"],[2,"4"]]}})", Load{4, 0, 0}},
      {R"({"cpu":{"values":[[1,"0"]]},"disk.0.bandwidth.read":{"values":[]}})", Load{}},
  };
  for (const auto& [answer, load] : rows) {
    INFO(answer);
    Scripted world({series(answer)});
    CHECK(load_of(world) == load);
  }
}

TEST_CASE("a server that is gone has no load; other refusals are told") {
  Scripted gone({refusal(404, "not_found")});
  CHECK(load_of(gone) == std::nullopt);
  Scripted refused({refusal(422, "invalid_input", naming("fields", "start"))});
  CHECK_THROWS_AS(load_of(refused), hetzner::ApiError);
}

TEST_CASE("metrics that cannot be read are said to be so") {
  const std::pair<std::string, const char*> rows[] = {
      {R"({"metrics":{"step":60}})", "\"time_series\" is not there"},
      {R"({})", "\"metrics\" is not there"},
      {R"({"metrics":{"time_series":[]}})", "\"time_series\" is not an object"},
      {R"({"metrics":{"time_series":{"cpu":{}}}})", "\"values\" is not there"},
      {R"({"metrics":{"time_series":{"cpu":{"values":7}}}})", "\"values\" is not a list"},
      {R"({"metrics":{"time_series":{"cpu":{"values":[7]}}}})", "\"values\" is not a list of pairs"},
      {R"({"metrics":{"time_series":{"cpu":{"values":[[1,"much"]]}}}})",
       "\"values\" is not a list of numbers"},
      {R"({"metrics":{"time_series":{"cpu":{"values":[[1,""]]}}}})", "\"values\" is not a list of numbers"},
  };
  for (const auto& [answer, why] : rows) {
    INFO(answer);
    Scripted world({raw(200, answer)});
    CHECK_THROWS_WITH(load_of(world), Contains(why));
  }
}
