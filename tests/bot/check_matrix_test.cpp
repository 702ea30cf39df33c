#include <fstream>

#include "net/server.hpp"
#include "tests/bot/checked.hpp"
#include "tests/catch.hpp"
#include "tests/matrix/simulator/sessions.hpp"
#include "tests/matrix/simulator/simulator.hpp"

using namespace bot;
using namespace bot::test;
using nlohmann::json;

namespace {

namespace sim = ::matrix::simulator;

/// A homeserver with alice and our account, and a configuration that is right for it.
struct CheckedHomeserver : Checked {
  CheckedHomeserver() {
    home().add_user("devbox");
    home().add_user("alice");
    bot::matrix::Options options;
    options.homeserver = simulator.url();
    options.user = "@devbox:devbox.test";
    options.access_token = token_of("devbox");
    options.inviters = {"@alice:devbox.test"};
    config.matrix = options;
  }
  sim::Homeserver& home() { return simulator.home(); }
  std::string token_of(const std::string& name) {
    return sim::log_in(home(), {{"type", "m.login.password"},
                                {"identifier", {{"type", "m.id.user"}, {"user", name}}},
                                {"password", name + "-pass"},
                                {"device_id", "D"}})["access_token"];
  }
  std::string room(const json& body = json::object()) {
    auto id = home().create_room("@alice:devbox.test", body);
    home().invite("@alice:devbox.test", id, "@devbox:devbox.test");
    home().join("@devbox:devbox.test", id);
    return id;
  }
  void encrypt(const std::string& id) {
    home().set_state("@alice:devbox.test", id, "m.room.encryption", "",
                     {{"algorithm", "m.megolm.v1.aes-sha2"}});
  }
  /// The session that a process has kept, in place of a token.
  void keep_session(const std::string& token) {
    config.matrix->access_token = "";
    config.matrix->password = "devbox-pass";
    std::filesystem::create_directories(dir.file("secrets"));
    std::ofstream(dir.file("secrets/matrix-session"))
        << json{{"user_id", config.matrix->user}, {"access_token", token}};
  }
  Findings found() { return run(loop.io, check_matrix(with())); }

  sim::Contents contents;
  sim::Simulator simulator{loop.io.get_executor(), loop.clock, contents};
};

}  // namespace

TEST_CASE("without [matrix] nothing is checked") {
  Checked checked;
  CHECK(run(checked.loop.io, check_matrix(checked.with())).empty());
}

TEST_CASE("a homeserver, an account and rooms that are as they should be are shown line by line") {
  CheckedHomeserver homeserver;
  const auto& url = homeserver.config.matrix->homeserver;
  const auto id = homeserver.room();
  homeserver.room({{"room_alias_name", "dev"}});
  homeserver.config.matrix->rooms = {id, "#dev:devbox.test"};
  CHECK(text_of(homeserver.found()) ==
        "ok   Matrix: the homeserver " + url +
            " answers and speaks what devbox needs\n"
            "ok   Matrix: the token is of @devbox:devbox.test, device D\n"
            "ok   Matrix: in 2 rooms; those of [matrix] inviters may invite it\n"
            "ok   Matrix room " +
            id +
            ": joined, not encrypted\n"
            "ok   Matrix room #dev:devbox.test: joined, not encrypted\n"
            "ok   Matrix: how much it may say cannot be asked; Synapse's default is a message in 5 s\n"
            "     An administrator of a Synapse exempts it: curl -X POST -H \"Authorization: Bearer "
            "ADMIN-TOKEN\" " +
            url +
            "/_synapse/admin/v1/users/@devbox:devbox.test/override_ratelimit -d "
            "'{\"messages_per_second\":0,\"burst_count\":0}'\n");
}

TEST_CASE("a room that is not there, not joined or encrypted is told, with what to do") {
  CheckedHomeserver homeserver;
  const auto secret = homeserver.room(), other = homeserver.room();
  const auto strange = homeserver.home().create_room("@alice:devbox.test");
  homeserver.encrypt(secret);
  homeserver.encrypt(other);
  homeserver.config.matrix->rooms = {"#nowhere:devbox.test", strange, secret};
  const auto findings = homeserver.found();
  CHECK(has_failed(findings));
  CHECK(trouble_in(findings) ==
        "warn Matrix room #nowhere:devbox.test: there is none of that name\n"
        "     Check [matrix] rooms.\n"
        "warn Matrix room " +
            strange +
            ": @devbox:devbox.test is not in it\n"
            "     It joins at the next start if the room is open; else invite it: /invite "
            "@devbox:devbox.test\n"
            "FAIL Matrix room " +
            secret +
            ": it is encrypted, and devbox cannot read it\n"
            "     Use a room without encryption: it cannot be switched off again.\n"
            "warn Matrix room " +
            other +
            ": it is encrypted, and nothing said there is read\n"
            "     Use a room without encryption: it cannot be switched off again.\n");
}

TEST_CASE("a token that is another's, or nobody's, is told") {
  CheckedHomeserver homeserver;
  homeserver.config.matrix->access_token = homeserver.token_of("alice");
  CHECK(trouble_in(homeserver.found()) ==
        "FAIL Matrix: the token is of @alice:devbox.test, and [matrix] user is @devbox:devbox.test\n"
        "     Give the token of that account, or name the other one.\n");
  homeserver.config.matrix->access_token = "wrong";
  CHECK(
      trouble_in(homeserver.found()) ==
      "FAIL Matrix: the homeserver refuses the token of @devbox:devbox.test\n"
      "     Log in as it once and put the new token into the file that [matrix] access_token_file names.\n");
}

TEST_CASE("a password's session is looked at where a process keeps it, and neither begun nor refreshed") {
  CheckedHomeserver homeserver;
  const auto token = homeserver.config.matrix->access_token;
  homeserver.config.matrix->access_token = "";
  homeserver.config.matrix->password = "devbox-pass";
  CHECK(homeserver.found()[1] == good("Matrix: no session of @devbox:devbox.test yet; the first start begins "
                                      "one with the password"));
  homeserver.keep_session(token);
  CHECK(homeserver.found()[1] == good("Matrix: the token is of @devbox:devbox.test, device D"));
  sim::expire_tokens(homeserver.home(), "@devbox:devbox.test");
  CHECK(homeserver.found()[1] ==
        good("Matrix: the stored session has expired; the process refreshes it when it needs it"));
  sim::log_out_user(homeserver.home(), "@devbox:devbox.test");
  CHECK(trouble_in(homeserver.found()) ==
        "warn Matrix: the homeserver has ended the stored session of @devbox:devbox.test\n"
        "     If that was not meant, see who logged it out; the next start logs in with the password.\n");
  for (const auto& request : homeserver.ask(homeserver.config.matrix->homeserver, "GET", "/_sim/requests"))
    CHECK(request["method"] == "GET");
}

TEST_CASE("a homeserver that is down, or is none, has a line of its own") {
  CheckedHomeserver homeserver;
  auto& place = homeserver.config.matrix->homeserver;
  SECTION("nobody listens") {
    place = "http://127.0.0.1:1";
    CHECK(text_of(homeserver.found()) ==
          "FAIL Matrix: cannot reach 127.0.0.1:1: Connection refused\n"
          "     Nothing usable answers at 127.0.0.1:1. Check the URL, the network and the firewall.\n");
  }
  SECTION("something else listens") {
    place = homeserver.hetzner;
    const auto findings = homeserver.found();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].level == Level::fail);
    CHECK(findings[0].next == "Check [matrix] homeserver: its URL, or the name in the account's id.");
  }
}
