#include "tests/bot/checked.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using nlohmann::json;

namespace {

/// A configuration that headscale of this minor version satisfies.
struct CheckedHeadscale : Checked {
  explicit CheckedHeadscale(int version)
      : headscale_sim(loop.io.get_executor(), loop.clock, options(version)), api(url(headscale_sim.port())) {
    config.tailnet_kind = "headscale";
    config.tailnet_api = config.settings.login_server = api;
    config.headscale_key = "token";
    config.headscale_user = "devbox";
    config.tailnet_domain = "tail.example.org";
  }
  static ::tailnet::simulator::Options options(int version) {
    ::tailnet::simulator::Options made;
    made.headscale = version;
    made.api_key = "token";
    return made;
  }
  json keys() { return ask(api, "GET", "/_sim/keys"); }

  ::tailnet::simulator::Simulator headscale_sim;
  std::string api;
};

}  // namespace

TEST_CASE("a headscale that has everything makes a key and expires it") {
  CheckedHeadscale checked(GENERATE(26, 28, 29));
  CHECK(text_of(checked.of_tailnet()) ==
        "ok   tailnet: " + checked.api + " takes the API key; devices with tag:devbox: 0\n" +
            "ok   tailnet key: one with tag:devbox was made and revoked; whoever the tailnet's policy lets "
            "reach "
            "tag:devbox reaches every editor; headscale does not say whether its policy knows the tag\n"
            "ok   login server: " +
            checked.api + " answers\n");
  REQUIRE(checked.keys().size() == 1);
  CHECK(checked.keys()[0]["revoked"] == true);
}

TEST_CASE("an API key that headscale does not take is told, and no key is asked for") {
  CheckedHeadscale checked(GENERATE(26, 29));
  checked.config.headscale_key = "wrong";
  CHECK(trouble_in(checked.of_tailnet()) ==
        "FAIL tailnet: headscale refused to list the devices: HTTP 401, Unauthorized\n"
        "     Mend it, and run the check again: check the key in [tailnet] api_key_file, which ends after 90 "
        "days "
        "unless it was made to last.\n");
  CHECK(checked.keys().empty());
}

TEST_CASE("a user whom headscale does not have is told") {
  CheckedHeadscale checked(GENERATE(26, 29));
  checked.config.headscale_user = "nobody";
  CHECK(trouble_in(checked.of_tailnet()) ==
        "FAIL tailnet: headscale has no user \"nobody\"\n"
        "     Mend it, and run the check again: headscale users create makes one, and [tailnet] user names "
        "it.\n");
  CHECK(checked.keys().empty());
}

TEST_CASE("headscale's key is expired also when the answer with its name was lost") {
  CheckedHeadscale checked(GENERATE(26, 28, 29));
  checked.ask(checked.api, "POST", "/_sim/faults",
              {{"method", "POST"}, {"path", "/api/v1/preauthkey"}, {"cut", "after"}});
  CHECK(has_failed(checked.of_tailnet()));
  REQUIRE(checked.keys().size() == 1);
  CHECK(checked.keys()[0]["revoked"] == true);
}

TEST_CASE("with a tag for each owner, what is not known is said instead of tried") {
  Checked checked;
  checked.config.settings.tag = "tag:devbox-{owner}";
  const auto text = text_of(checked.of_tailnet());
  CHECK(text.find("ok   tailnet key: none was made, since tag:devbox-{owner} is another tag for each owner: "
                  "everybody's must stand in the policy's tagOwners\n") != std::string::npos);
  CHECK(checked.ask(checked.tailnet, "GET", "/_sim/keys").empty());
}
