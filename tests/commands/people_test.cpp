#include "commands/people.hpp"

#include "tests/catch.hpp"

using namespace commands;

namespace {

storage::PersonRow person(const std::string& platform, const std::string& user) {
  storage::PersonRow row;
  row.platform = platform;
  row.user = user;
  return row;
}

}  // namespace

TEST_CASE("a pattern's star stands for anything but what separates the parts of an id") {
  CHECK(matches("console:alice", "console:alice"));
  CHECK_FALSE(matches("console:alice", "console:alicea"));
  CHECK(matches("console:*", "console:alice"));
  CHECK(matches("console:*", "console:"));
  CHECK_FALSE(matches("console:*", "matrix:alice"));
  CHECK(matches("matrix:@*:example.org", "matrix:@alice:example.org"));
  CHECK_FALSE(matches("matrix:@*:example.org", "matrix:@alice:evil.org:example.org"));
  CHECK_FALSE(matches("matrix:@*:example.org", "matrix:@alice:example.org.evil"));
  CHECK_FALSE(matches("matrix:@*:example.org", "matrix:@:example.orgx"));
  CHECK(matches("slack:T1/*", "slack:T1/U2"));
  CHECK_FALSE(matches("slack:T1/*", "slack:T2/U2"));
  CHECK_FALSE(matches("slack:*", "slack:T1/U2"));
  CHECK_FALSE(matches("*", "console:alice"));
  CHECK_FALSE(matches("aba*aba", "aba"));
  CHECK_FALSE(matches("", "console:alice"));
}

TEST_CASE("somebody has the highest role of all that name them, and none when nothing does") {
  Policy policy;
  policy.admins = {"matrix:@root:hs"};
  policy.operators = {"slack:T1/U1"};
  policy.members = {"slack:T1/*", "matrix:@*:hs"};
  CHECK(role_of(policy, person("matrix", "@root:hs")) == Role::admin);
  CHECK(role_of(policy, person("slack", "T1/U1")) == Role::operating);
  CHECK(role_of(policy, person("slack", "T1/U2")) == Role::member);
  CHECK(role_of(policy, person("slack", "T2/U1")) == Role::nobody);
  CHECK(role_of(policy, person("console", "@root:hs")) == Role::nobody);
  CHECK(role_of({}, person("console", "root")) == Role::nobody);
}
