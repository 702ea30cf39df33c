#include "storage/sessions.hpp"

#include "tests/catch.hpp"
#include "tests/storage/scratch.hpp"

using namespace storage;
using storage::test::Kept;

namespace {

struct Billed : Kept {
  Sessions& sessions = storage.sessions;
  std::string up = operation("m1");

  void add(std::int64_t server, int created) {
    SessionRow row{.server_id = server, .workspace = workspace, .operation = up, .type = "cpx32"};
    row.location = "fsn1";
    row.image = "ubuntu-dev";
    row.hourly = 569'000'000;
    row.monthly = 354'900'000'000;
    row.currency = "EUR";
    row.created = from_ms(created);
    sessions.add(row);
  }
  std::vector<std::int64_t> of(int from, int to) {
    std::vector<std::int64_t> ids;
    for (const auto& row : sessions.of(workspace, from_ms(from), from_ms(to))) ids.push_back(row.server_id);
    return ids;
  }
};

}  // namespace

TEST_CASE("a session keeps the price it was made at") {
  Billed world;
  world.add(7, 1000);
  world.sessions.set_node(7, "n1", "alice.tail1234.ts.net");
  world.add(7, 9000);
  const auto row = world.sessions.find(7).value();
  CHECK(row.hourly == 569'000'000);
  CHECK(row.monthly == 354'900'000'000);
  CHECK(row.currency == "EUR");
  CHECK(row.type == "cpx32");
  CHECK(row.location == "fsn1");
  CHECK(row.image == "ubuntu-dev");
  CHECK(row.operation == world.up);
  CHECK(row.created == from_ms(1000));
  CHECK(row.node_id == "n1");
  CHECK(row.node_name == "alice.tail1234.ts.net");
}

TEST_CASE("a session that ended once stays ended then") {
  Billed world;
  world.add(7, 1000);
  CHECK(world.sessions.current(world.workspace)->server_id == 7);
  CHECK(world.sessions.running().size() == 1);
  world.sessions.end(7, from_ms(2000));
  world.sessions.end(7, from_ms(3000));
  CHECK_FALSE(world.sessions.current(world.workspace).has_value());
  CHECK(world.sessions.running().empty());
  CHECK(world.sessions.find(7)->ended == from_ms(2000));
}

TEST_CASE("the sessions of a span are those that overlap it") {
  Billed world;
  world.add(1, 100);
  world.sessions.end(1, from_ms(200));
  world.add(2, 300);
  CHECK(world.of(0, 100).empty());
  CHECK(world.of(0, 101) == std::vector<std::int64_t>{1});
  CHECK(world.of(199, 301) == std::vector<std::int64_t>{1, 2});
  CHECK(world.of(200, 300).empty());
  CHECK(world.of(900, 901) == std::vector<std::int64_t>{2});
}

TEST_CASE("only the last report of a workspace is kept") {
  Kept kept;
  auto& reports = kept.storage.reports;
  CHECK_FALSE(reports.find(kept.workspace).has_value());
  reports.set(kept.workspace, {"up1", {{"ready", false}}, nullptr, from_ms(1)});
  reports.set(kept.workspace, {"up2", {{"ready", true}}, {{"cpu", 1}}, from_ms(2)});
  const auto last = reports.find(kept.workspace).value();
  CHECK(last.operation == "up2");
  CHECK(last.report == nlohmann::json{{"ready", true}});
  CHECK(last.at == from_ms(2));
}
