#include "hetzner/retired.hpp"

#include "tests/catch.hpp"

using namespace hetzner;

namespace {

constexpr Time now = Time(std::chrono::hours(24 * 365 * 56));

ServerType type(const std::string& name, int cores, double memory, const std::string& price,
                bool available = true, const std::string& architecture = "x86") {
  ServerType type;
  type.name = name;
  type.architecture = architecture;
  type.cores = cores;
  type.memory_gb = memory;
  const auto hourly = Money::parse(price);
  type.prices.push_back({"fsn1", {hourly, hourly}, {hourly * 624, hourly * 624}});
  type.locations.push_back({"fsn1", available, false, {}});
  return type;
}

const std::vector<ServerType> listed = {type("cpx22", 2, 4, "0.0312"),
                                        type("cpx42", 8, 16, "0.1114"),
                                        type("cpx32", 4, 8, "0.0569"),
                                        type("cpx31", 4, 8, "0.1001", false),
                                        type("cx33", 4, 8, "0.0136"),
                                        type("cx43", 8, 16, "0.0256", false),
                                        type("cax21", 4, 8, "0.01", true, "arm"),
                                        type("ccx23", 4, 16, "0.1378")};

std::vector<std::string> names(const std::string& wanted, bool same_line,
                               const std::string& location = "fsn1") {
  const auto size = size_of(wanted, listed);
  REQUIRE(size);
  std::vector<std::string> names;
  for (const auto* one : successors(*size, listed, location, now, same_line)) names.push_back(one->name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a type that is gone becomes one of its line that is at least as big, the cheapest first") {
  CHECK(names("cpx31", true) == Names{"cpx32", "cpx42"});
  CHECK(names("cpx21", true) == Names{"cpx32", "cpx42"});
  CHECK(names("cpx11", true) == Names{"cpx22", "cpx32", "cpx42"});
  CHECK(names("cpx51", true).empty());
}

TEST_CASE("with any line allowed, the cheapest of all is first, on the same architecture") {
  CHECK(names("cpx31", false) == Names{"cx33", "cpx32", "cpx42", "ccx23"});
  CHECK(names("cax21", false).empty());
}

TEST_CASE("types that the API has forgotten are still known by what they had") {
  const auto [name, cores, memory, since] =
      GENERATE(table<std::string, int, double, std::string>({{"cx11", 1, 2, "2024-09-06"},
                                                             {"cx51", 8, 32, "2024-09-06"},
                                                             {"cx22", 2, 4, "2025-12-31"},
                                                             {"cx52", 16, 32, "2025-12-31"},
                                                             {"cpx51", 16, 32, "2025-12-31"}}));
  const auto size = size_of(name, {});
  REQUIRE(size);
  CHECK(size->cores == cores);
  CHECK(size->memory_gb == memory);
  CHECK(size->retired == since);
  CHECK(names("cx22", true) == Names{"cx33"});
}

TEST_CASE("what the API lists counts before what is remembered of it") {
  CHECK(size_of("cpx31", listed)->retired.empty());
  CHECK_FALSE(size_of("cpx99", listed));
  CHECK_FALSE(size_of("", listed));
}

TEST_CASE("what is sold out may come back, what has been withdrawn does not") {
  auto types = listed;
  CHECK(may_come_back("cx43", types, "fsn1", now));
  CHECK_FALSE(may_come_back("cx43", types, "ash", now));
  CHECK_FALSE(may_come_back("cx22", types, "fsn1", now));
  types[5].locations[0].unavailable_after = now + std::chrono::hours(1);
  CHECK(may_come_back("cx43", types, "fsn1", now));
  types[5].locations[0].unavailable_after = now;
  CHECK_FALSE(may_come_back("cx43", types, "fsn1", now));
}

TEST_CASE("nothing is orderable where it is not sold") {
  CHECK(names("cpx32", false, "ash").empty());
  CHECK(line_of("cpx32") == "cpx");
  CHECK(line_of("ccx13") == "ccx");
}
