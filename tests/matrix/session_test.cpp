#include "tests/catch.hpp"
#include "tests/matrix/scene.hpp"

using namespace matrix::test;

namespace {

const std::string whoami = api + "/account/whoami";

struct Tokens : Scene {
  Tokens() : Scene(simulator_limits()) {}
  static matrix::simulator::Limits simulator_limits() {
    matrix::simulator::Limits limits;
    limits.token_lifetime_s = 30;
    return limits;
  }
  Answer refresh(const json& granted) {
    return ask("POST", api + "/refresh", {{"refresh_token", granted["refresh_token"]}});
  }
  Answer whose(const json& granted) { return ask("GET", whoami, nullptr, granted["access_token"]); }
};

}  // namespace

TEST_CASE("a password opens a session on the device that was named, and only a right one") {
  Scene scene;
  const auto granted = scene.log_in("bot", "DEVBOX");
  CHECK(granted.status == 200);
  CHECK(granted.body["user_id"] == "@bot:devbox.test");
  CHECK(granted.body["device_id"] == "DEVBOX");
  CHECK_FALSE(granted.body.contains("refresh_token"));
  const auto mine = scene.ask("GET", whoami, nullptr, granted.body["access_token"]);
  CHECK(mine.body == json{{"user_id", "@bot:devbox.test"}, {"device_id", "DEVBOX"}, {"is_guest", false}});
  auto wrong = Scene::password_login("bot", "DEVBOX");
  wrong["password"] = "x";
  CHECK(scene.ask("POST", api + "/login", wrong).errcode() == "M_FORBIDDEN");
  CHECK(scene.ask("GET", api + "/login").body["flows"][0]["type"] == "m.login.password");
}

TEST_CASE("a token is taken from the header only, and one that never was is a hard log-out") {
  Scene scene;
  CHECK(scene.ask("GET", whoami + "?access_token=" + scene.bot).errcode() == "M_MISSING_TOKEN");
  const auto unknown = scene.ask("GET", whoami, nullptr, "syt_bot_x");
  CHECK(unknown.status == 401);
  CHECK(unknown.errcode() == "M_UNKNOWN_TOKEN");
  CHECK(unknown.body["soft_logout"] == false);
  CHECK(scene.ask("POST", "/_sim/logout", {{"user", scene.bot_id}}).status == 200);
  CHECK(scene.ask("GET", whoami, nullptr, scene.bot).body["soft_logout"] == false);
}

TEST_CASE("an access token that has ended is a soft log-out; logging out is a hard one") {
  Tokens scene;
  const auto granted = scene.log_in("bot", "DEVBOX", true).body;
  CHECK(granted["expires_in_ms"] == 30'000);
  scene.ask("POST", "/_sim/clock", {{"advance_s", 31}});
  const auto ended = scene.whose(granted);
  CHECK(ended.status == 401);
  CHECK(ended.body["error"] == "Access token has expired");
  CHECK(ended.body["soft_logout"] == true);

  const auto next = scene.refresh(granted).body;
  CHECK(scene.whose(next).status == 200);
  scene.ask("POST", "/_sim/expire_tokens", {{"user", scene.bot_id}});
  CHECK(scene.whose(next).body["soft_logout"] == true);

  const auto last = scene.refresh(next).body;
  CHECK(scene.ask("POST", api + "/logout", json::object(), last["access_token"]).status == 200);
  CHECK(scene.whose(last).body["soft_logout"] == false);
  CHECK(scene.refresh(last).status == 401);
}

TEST_CASE("a refresh token holds until the token it was exchanged for is used") {
  Tokens scene;
  const auto first = scene.log_in("bot", "DEVBOX", true).body;
  const auto lost = scene.refresh(first);
  CHECK(lost.status == 200);
  const auto again = scene.refresh(first);
  REQUIRE(again.status == 200);
  CHECK(again.body["access_token"] != lost.body["access_token"]);
  CHECK(scene.whose(again.body).body["device_id"] == "DEVBOX");
  const auto refused = scene.refresh(first);
  CHECK(refused.status == 403);
  CHECK(refused.errcode() == "M_FORBIDDEN");
  CHECK(refused.body["error"] == "refresh token isn't valid anymore");
  CHECK(scene.refresh(again.body).status == 200);
  CHECK(scene.ask("POST", api + "/refresh", {{"refresh_token", "syr_x"}}).status == 401);
}

TEST_CASE("log-ins have a limit of their own") {
  Scene scene;
  scene.ask("PUT", "/_sim/limits", {{"login_rate", 0.2}, {"login_burst", 2}});
  CHECK(scene.log_in("bot", "A").status == 200);
  CHECK(scene.log_in("bot", "B").status == 200);
  const auto refused = scene.log_in("bot", "C");
  CHECK(refused.status == 429);
  CHECK(refused.errcode() == "M_LIMIT_EXCEEDED");
  CHECK(scene.log_in("alice", "C").status == 200);
}

TEST_CASE("a server says where it is and what it speaks, and knows no OAuth") {
  Scene scene;
  const auto found = scene.ask("GET", "/.well-known/matrix/client");
  CHECK(found.body["m.homeserver"]["base_url"] == scene.simulator.url() + "/");
  const auto versions = scene.ask("GET", "/_matrix/client/versions").body["versions"];
  CHECK(versions.back() == "v1.15");
  const auto unknown = scene.ask("GET", "/_matrix/client/v1/auth_metadata");
  CHECK(unknown.status == 404);
  CHECK(unknown.errcode() == "M_UNRECOGNIZED");
  CHECK(scene.ask("DELETE", "/_matrix/client/versions").status == 405);
}

TEST_CASE("a filter is kept under one id until it is forgotten") {
  Scene scene;
  const auto path = api + "/user/" + escaped(scene.bot_id) + "/filter";
  const json filter = {{"room", {{"timeline", {{"limit", 50}}}}}};
  const auto id = scene.ask("POST", path, filter, scene.bot).body["filter_id"].get<std::string>();
  CHECK(scene.ask("POST", path, filter, scene.bot).body["filter_id"] == id);
  CHECK(scene.ask("GET", path + "/" + id, nullptr, scene.bot).body == filter);
  CHECK(scene.ask("POST", path, filter, scene.alice).status == 403);
  const auto target = Scene::sync_target({{"filter", id}});
  CHECK(scene.ask("GET", target, nullptr, scene.bot).status == 200);
  scene.ask("POST", "/_sim/forget_filters");
  const auto gone = scene.ask("GET", target, nullptr, scene.bot);
  CHECK(gone.status == 400);
  CHECK(gone.errcode() == "M_INVALID_PARAM");
  CHECK(gone.body["error"] == "No such filter");
}
