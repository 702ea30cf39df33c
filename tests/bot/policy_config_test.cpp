#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using commands::RoomLimit;

TEST_CASE("rooms are narrowed by their ids") {
  const WrittenConfig written;
  const auto policy = [&](const std::string& lines) { return written.complete("[policy]\n" + lines + "\n"); };
  const auto rooms =
      written.read(policy("rooms = {\"!a:hs\" = \"read\", \"!b:hs\" = \"member\", \"C1\" = \"operator\"}"))
          .settings.policy.rooms;
  CHECK(rooms == std::map<std::string, RoomLimit>{
                     {"!a:hs", RoomLimit::read}, {"!b:hs", RoomLimit::member}, {"C1", RoomLimit::operating}});
  CHECK(written.refusal(policy("rooms = {\"#dev:hs\" = \"read\"}")) ==
        "line 7: [policy] rooms: \"#dev:hs\" must be a room's id, like \"!abc:example.org\": an alias can be "
        "moved to another room");
  CHECK(written.refusal(policy("rooms = {\"!a:hs\" = \"admin\"}")) ==
        "line 7: [policy] rooms: must be \"read\" or \"member\" or \"operator\"");
  CHECK(written.refusal(policy("rooms = [\"!a:hs\"]")) ==
        "line 7: [policy] rooms: must be a table, like { \"!abc:example.org\" = \"read\" }");
}

TEST_CASE("what needs consent is a list of types, or types, a price and a time to wait") {
  const WrittenConfig written;
  const auto policy = [&](const std::string& lines) { return written.complete("[policy]\n" + lines + "\n"); };
  CHECK(written.read(policy("approve = [\"ccx63\"]")).settings.policy.approve.types ==
        std::vector<std::string>{"ccx63"});
  const auto approve =
      written.read(policy("approve = {types = [\"ccx*\"], hourly = \"0.10\", wait = \"4h\"}"))
          .settings.policy.approve;
  CHECK(approve.types == std::vector<std::string>{"ccx*"});
  CHECK(approve.hourly == "0.10");
  CHECK(approve.wait == std::chrono::hours(4));
  CHECK(written.refusal(policy("approve = {hourly = \"dear\"}")) ==
        "line 7: [policy] approve: must be an amount like \"25.00\"");
  CHECK(written.refusal(policy("approve = {price = \"1\"}")).find("must be a list of types, or {") !=
        std::string::npos);
}
