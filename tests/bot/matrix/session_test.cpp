#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/bot/matrix/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

const std::string logins = "POST */login";
const std::string refreshes = "POST */refresh";

/// The bot comes with a password.
struct Login : Story {
  explicit Login(int lifetime_s = 0) {
    options.access_token.clear();
    options.password = "devbox-pass";
    contents.access_tokens.clear();
    contents.limits.token_lifetime_s = lifetime_s;
  }
  json stored() {
    std::ifstream in(options.session_file);
    return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  }
  /// Until it has died of that.
  std::string until_death() {
    launch();
    until([&] { return !death().empty(); });
    return death();
  }
};

std::string device_of(const Story& story, const std::string& token) {
  return story.contents.access_tokens.at(token).device;
}

}  // namespace

TEST_CASE(
    "a password logs in once, to the device of the configuration, and the session is kept for its user "
    "alone") {
  Login story;
  story.start();
  const auto asked = json::parse(story.requests(logins).at(0)["body"].get<std::string>());
  CHECK(asked == json{{"type", "m.login.password"},
                      {"identifier", {{"type", "m.id.user"}, {"user", "@devbox:devbox.test"}}},
                      {"password", "devbox-pass"},
                      {"device_id", "devbox"},
                      {"initial_device_display_name", "devbox"},
                      {"refresh_token", true}});
  const auto stored = story.stored();
  const auto token = stored["access_token"].get<std::string>();
  CHECK(stored == json{{"user_id", "@devbox:devbox.test"},
                       {"device_id", "devbox"},
                       {"access_token", token},
                       {"refresh_token", ""}});
  CHECK(device_of(story, token) == "devbox");
  struct stat file {};
  REQUIRE(::stat(story.options.session_file.c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
}

TEST_CASE("a session that was kept is used again after a restart, without another login") {
  Login story;
  story.start();
  const auto kept = story.stored();
  story.restart();
  CHECK(story.count(logins) == 1);
  CHECK(story.stored() == kept);
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
}

TEST_CASE("a token is refreshed at four fifths of its life, and what comes after uses the new one") {
  Login story(100);
  story.start();
  const auto first = story.stored();
  story.pass(79s);
  CHECK(story.count(refreshes) == 0);
  story.pass(1s);
  story.say("!devbox watch w1");
  CHECK(story.count(refreshes) == 1);
  const auto second = story.stored();
  CHECK(second["access_token"] != first["access_token"]);
  CHECK(second["refresh_at"] == first["refresh_at"].get<std::int64_t>() + 80'000);
  CHECK(story.contents.access_tokens.at(second["access_token"]).is_used);
  CHECK(story.count(logins) == 1);
}

TEST_CASE("while a token is refreshed all requests wait for it, and there is one refresh") {
  Login story(100);
  story.start();
  story.pass(79s);
  story.fault({{"path", "*/refresh"}, {"delay_ms", 2000}});
  story.process->clock.advance(1s);
  for (int n = 0; n < 4; ++n) {
    const auto other = story.home.create_room(story.alice.id(), {{"preset", "public_chat"}});
    story.home.join(story.devbox, other);
    story.post("op/" + std::to_string(n), commands::Message{"hello", {}, {}}, other);
  }
  story.settle();
  CHECK(story.count("PUT */send/*") == 0);
  story.clock.advance(2s);
  story.until([&] { return story.count("PUT */send/*") == 4; });
  CHECK(story.count(refreshes) == 1);
}

TEST_CASE("a refresh that the homeserver has no time for is tried again, while the token is still good") {
  const int status = GENERATE(502, 429);
  Login story(100);
  story.start();
  story.fault({{"path", "*/refresh"}, {"status", status}});
  story.pass(80s);
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.count(refreshes) == 1);
  story.pass(5s);
  CHECK(story.say("!devbox watch w2") == Story::answers(2, 2));
  CHECK(story.count(refreshes) == 2);
  CHECK(story.count(logins) == 1);
}

TEST_CASE("when the answer to a refresh is lost, the old refresh token is good for another") {
  Login story(100);
  story.start();
  const auto first = story.stored();
  story.fault({{"path", "*/refresh"}, {"cut", "after"}});
  story.pass(80s);
  CHECK(story.count(refreshes) == 1);
  CHECK(story.stored() == first);
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  story.pass(5s);
  story.say("!devbox watch w2");
  CHECK(story.count(refreshes) == 2);
  CHECK(story.stored()["access_token"] != first["access_token"]);
  CHECK(story.count(logins) == 1);
}

TEST_CASE("a process that dies between storing a new token and using it leaves one that works") {
  Login story(100);
  story.start();
  const auto first = story.stored();
  // Nothing is answered any more but the refresh: its token is stored and used by nobody.
  story.fault({{"path", "*/sync"}, {"cut", "before"}, {"count", 100}});
  story.pass(80s);
  story.until([&] { return story.stored() != first; });
  const auto second = story.stored()["access_token"].get<std::string>();
  story.stop();
  story.ask("DELETE", "/_sim/faults");
  CHECK_FALSE(story.contents.access_tokens.at(second).is_used);
  story.start();
  CHECK(story.count(logins) == 1);
  CHECK(story.count(refreshes) == 1);
  CHECK(story.contents.access_tokens.at(second).is_used);
}

TEST_CASE("a token that has ended is refreshed, and the request made again") {
  Login story(100);
  story.start();
  story.ask("POST", "/_sim/expire_tokens", {{"user", story.devbox}});
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.count(refreshes) == 1);
  CHECK(story.count(logins) == 1);
}

TEST_CASE("a session that cannot be refreshed any more is begun anew, on the same device") {
  Login story(100);
  story.start();
  story.contents.refresh_tokens.clear();
  story.ask("POST", "/_sim/expire_tokens", {{"user", story.devbox}});
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.count(refreshes) == 1);
  CHECK(story.count(logins) == 2);
  CHECK(device_of(story, story.stored()["access_token"]) == "devbox");
}

TEST_CASE("who was logged out stops, says what to do, and forgets the session") {
  Login story;
  story.start();
  story.ask("POST", "/_sim/logout", {{"user", story.devbox}});
  story.post("op/ready", "ready");
  story.until([&] { return !story.death().empty(); });
  CHECK(story.death() ==
        "matrix: the homeserver has ended the session of @devbox:devbox.test (Invalid access token passed.). "
        "If "
        "that was not meant, see who logged it out; when started again, devbox logs in with the password");
  CHECK(story.count(logins) == 1);
  CHECK(story.stored()["access_token"] == "");
  story.restart();
  CHECK(story.count(logins) == 2);
}

TEST_CASE("a login that was not answered may end the session of the next, which is then begun anew once") {
  Login story;
  story.fault({{"path", "*/login"}, {"cut", "before"}});
  story.launch();
  story.until([&] { return story.count(logins) == 1; });
  story.pass(2s);
  story.until([&] { return !story.process->batches.empty(); });
  story.settle();
  CHECK(story.count(logins) == 2);
  // As that login does, when it comes to its effect late.
  story.ask("POST", "/_sim/logout", {{"user", story.devbox}});
  CHECK(story.say("!devbox watch w1") == Story::answers(1, 1));
  CHECK(story.count(logins) == 3);
  story.ask("POST", "/_sim/logout", {{"user", story.devbox}});
  story.post("op/ready", "ready");
  story.until([&] { return !story.death().empty(); });
  CHECK(story.count(logins) == 3);
}

TEST_CASE("a token of the configuration that has ended is not replaced by guessing") {
  Story story;
  story.contents.access_tokens.clear();
  story.launch();
  story.until([&] { return !story.death().empty(); });
  CHECK(story.death() ==
        "matrix: the homeserver has ended the session of @devbox:devbox.test (Invalid access token passed.). "
        "Put a new token into [matrix] access_token_file");
  CHECK(story.count("*whoami") == 1);
}

TEST_CASE("a token of another user is refused, whatever it may do") {
  Story story;
  story.token("devbox-token", story.alice.id());
  story.launch();
  story.until([&] { return !story.death().empty(); });
  CHECK(story.death() ==
        "matrix: the token is of @alice:devbox.test, and [matrix] user is @devbox:devbox.test. Give the "
        "token of "
        "that account, or name the other one");
  CHECK(story.count("*/sync") == 0);
}

TEST_CASE("a stored session of another user is refused, and left where it is") {
  Login story;
  story.start();
  story.stop();
  const auto kept = story.stored();
  story.home.add_user("other");
  story.options.user = "@other:devbox.test";
  CHECK(story.until_death() ==
        "matrix: the stored session is of @devbox:devbox.test, and [matrix] user is "
        "@other:devbox.test. If that is meant, remove " +
            story.options.session_file + " and start again");
  CHECK(story.stored() == kept);
}

TEST_CASE("a stored session that cannot be read is begun anew") {
  Login story;
  story.start();
  story.stop();
  std::ofstream(story.options.session_file) << "{\"user_id\":";
  story.start();
  CHECK(story.count(logins) == 2);
  CHECK(story.stored()["user_id"] == "@devbox:devbox.test");
}

TEST_CASE("a wrong password is refused once and for all") {
  Login story;
  story.options.password = "wrong";
  CHECK(story.until_death() ==
        "matrix: the homeserver refuses the password of @devbox:devbox.test: Invalid username or password. "
        "Put the "
        "right one into [matrix] password_file");
  CHECK(story.count(logins) == 1);
}

TEST_CASE("a homeserver that limits logins is given the time it asks for") {
  Login story;
  story.contents.limits.logins = {0.01, 1};
  story.http.ask("POST", api + "/login",
                 {{"type", "m.login.password"}, {"user", "devbox"}, {"password", "x"}});
  story.launch();
  story.until([&] { return story.count(logins) == 2; });
  story.pass(99s);
  CHECK(story.count(logins) == 2);
  story.pass(1s);
  story.until([&] { return !story.process->batches.empty(); });
  CHECK(story.count(logins) == 3);
}
