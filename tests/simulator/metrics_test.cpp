#include "tests/catch.hpp"
#include "tests/simulator/cloud.hpp"

using namespace simulator_test;

namespace {

/// 09:00:00, when the clock of a new Cloud stands still; a server that is made then runs from 09:00:11 on.
constexpr std::int64_t nine = 1795597200;
const std::string since_nine = "&start=2026-11-25T09:00:00Z&end=2026-11-25T10:00:00Z";

json values(Cloud& cloud, const std::string& server, const std::string& series, const std::string& window) {
  const auto type = series.substr(0, series.find('.'));
  const auto answer = cloud.get(server + "/metrics?type=" + type + window);
  return answer.body.at("metrics").at("time_series").at(series).at("values");
}
/// The values of the CPU alone.
std::vector<std::string> cpu(Cloud& cloud, const std::string& server, const std::string& window) {
  std::vector<std::string> all;
  for (const auto& sample : values(cloud, server, "cpu", window)) all.push_back(sample.at(1));
  return all;
}
void behave(Cloud& cloud, const std::string& server, const json& change) {
  CHECK(cloud.call("PUT", "/_sim" + server + "/behaviour", change).status == 200);
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("the metrics of a server are samples of each time series, as text") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const auto answer = cloud.get(server + "/metrics?type=cpu,disk&type=network&step=60" + since_nine);
  CHECK(answer.status == 200);
  const auto metrics = answer.body["metrics"];
  CHECK(metrics["start"] == "2026-11-25T09:00:00Z");
  CHECK(metrics["end"] == "2026-11-25T10:00:00Z");
  CHECK(metrics["step"] == 60);
  std::vector<std::string> names;
  for (const auto& [name, series] : metrics["time_series"].items()) names.push_back(name);
  CHECK(names == Values{"cpu", "disk.0.bandwidth.read", "disk.0.bandwidth.write", "disk.0.iops.read",
                        "disk.0.iops.write", "network.0.bandwidth.in", "network.0.bandwidth.out",
                        "network.0.pps.in", "network.0.pps.out"});
  CHECK(metrics["time_series"]["cpu"]["values"] ==
        json::parse(R"([[1795597200.0,"0"],[1795597260.0,"15"]])"));
  CHECK(metrics["time_series"]["disk.0.bandwidth.write"]["values"][1][1] == "15000");
  CHECK(metrics["time_series"]["cpu"]["values"][1][0].is_number_float());
  CHECK(cloud.get(server + "/metrics?type=disk" + since_nine).body["metrics"]["time_series"].size() == 4);
}

TEST_CASE("a machine is as busy as its behaviour says, and not at all while it is off") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const std::string now = "&start=2026-11-25T09:01:40Z&end=2026-11-25T09:01:41Z";
  const std::pair<json, const char*> rows[] = {
      {{{"report", "busy"}}, "320"}, {{{"report", "silent_build"}}, "320"},
      {{{"report", "tab"}}, "1"},    {{{"report", "silent"}}, "15"},
      {{{"idle_s", 60}}, "1"},       {{{"idle_s", 59}}, "15"},
      {{{"idle_s", 3600}}, "1"},     {{{"idle_s", nullptr}}, "15"},
  };
  for (const auto& [change, value] : rows) {
    INFO(change.dump());
    behave(cloud, server, change);
    CHECK(cpu(cloud, server, now) == Values{value});
  }
  behave(cloud, server, {{"report", "busy"}});
  cloud.post(server + "/actions/poweroff");
  cloud.clock.advance(10s);
  CHECK(cpu(cloud, server, "&step=60" + since_nine) == Values{"0", "0"});
}

TEST_CASE("the last sign of a person was so long ago when it was said, and grows older with the clock") {
  Cloud cloud;
  const auto server = cloud.server("box");
  behave(cloud, server, {{"idle_s", 0}});
  cloud.clock.advance(100s);
  CHECK(cpu(cloud, server, "&start=2026-11-25T09:02:38Z&end=2026-11-25T09:02:41Z&step=1") ==
        Values{"15", "15", "1", "1"});
  behave(cloud, server, {{"report", "ok"}});
  CHECK(cpu(cloud, server, "&start=2026-11-25T09:03:00Z&end=2026-11-25T09:03:01Z") == Values{"1", "1"});
}

TEST_CASE("of servers to come it is said of when they are made") {
  Cloud cloud;
  cloud.call("PUT", "/_sim/servers/default/behaviour", {{"idle_s", 30}});
  cloud.clock.advance(600s);
  const auto server = cloud.server("box");
  CHECK(cpu(cloud, server, "&start=2026-11-25T09:10:00Z&end=2026-11-25T09:10:40Z&step=10") ==
        Values{"0", "0", "15", "1", "1"});
}

TEST_CASE("there are samples from when it was made until now, for thirty days, at most five hundred") {
  Cloud cloud;
  cloud.clock.advance(600s);
  const auto server = cloud.server("box");
  const auto early = values(cloud, server, "cpu", "&step=60" + since_nine);
  CHECK(early.size() == 2);
  CHECK(early[0][0] == nine + 600);
  cloud.clock.advance(31 * 24h);
  CHECK(cpu(cloud, server, since_nine).empty());
  const std::string ten_hours = "&start=2026-12-25T12:00:00Z&end=2026-12-25T22:00:00%2B00:00";
  CHECK(values(cloud, server, "cpu", ten_hours).size() == 199);
  CHECK(values(cloud, server, "cpu", ten_hours + "&step=1").size() == 494);
  CHECK(values(cloud, server, "cpu", ten_hours + "&step=600").size() == 61);
  // Moving the billing clock moves what the API calls now.
  cloud.call("POST", "/_sim/clock", {{"advance_s", 31 * 86400}});
  CHECK(cpu(cloud, server, ten_hours).empty());
  CHECK(cpu(cloud, server, "&start=2027-01-25T12:00:00Z&end=2027-01-25T12:00:01Z") == Values{"15", "15"});
}

TEST_CASE("metrics that are asked for wrongly are refused, with the field") {
  Cloud cloud;
  const auto server = cloud.server("box");
  const std::pair<std::string, const char*> rows[] = {
      {"", "type"},
      {"?type=" + since_nine, "type"},
      {"?type=memory" + since_nine, "type"},
      {"?type=cpu,memory" + since_nine, "type"},
      {"?type=cpu&end=2026-11-25T10:00:00Z", "start"},
      {"?type=cpu&start=2026-11-25T10:00:00Z", "end"},
      {"?type=cpu&start=yesterday&end=2026-11-25T10:00:00Z", "start"},
      {"?type=cpu&start=2026-13-25T10:00:00Z&end=2026-11-25T10:00:00Z", "start"},
      {"?type=cpu&start=2026-11-25T10:00:00&end=2026-11-25T10:00:00Z", "start"},
      {"?type=cpu&start=1795597200&end=2026-11-25T10:00:00Z", "start"},
      {"?type=cpu&start=2026-11-25T10:00:00Z&end=2026-11-25T10:00:00Z", "end"},
      {"?type=cpu&start=2026-11-25T10:00:00Z&end=2026-11-25T11:30:00%2B02:00", "end"},
      {"?type=cpu&step=0" + since_nine, "step"},
      {"?type=cpu&step=-60" + since_nine, "step"},
      {"?type=cpu&step=1m" + since_nine, "step"},
  };
  for (const auto& [query, field] : rows) {
    INFO(query);
    const auto answer = cloud.get(server + "/metrics" + query);
    CHECK(answer.status == 422);
    CHECK(answer.code() == "invalid_input");
    CHECK(answer.field() == field);
  }
  CHECK(cloud.get("/servers/7/metrics?type=cpu" + since_nine).status == 404);
  CHECK(cloud.post(server + "/metrics?type=cpu" + since_nine).status == 405);
}

TEST_CASE("how long nobody was there is a number of seconds, or null") {
  Cloud cloud;
  const auto path = "/_sim" + cloud.server("box") + "/behaviour";
  CHECK(cloud.call("PUT", path, {{"idle_s", -1}}).field() == "idle_s");
  CHECK(cloud.call("PUT", path, {{"idle_s", 1e300}}).field() == "idle_s");
  CHECK(cloud.call("PUT", path, {{"idle_from", 5}}).field() == "idle_from");
  CHECK(cloud.call("PUT", path, {{"idle_s", "long"}}).status == 400);
  CHECK(cloud.call("PUT", path, {{"report", "tap"}}).field() == "report");
}
