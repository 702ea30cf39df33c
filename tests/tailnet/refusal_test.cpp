#include "tests/catch.hpp"
#include "tests/tailnet/scene.hpp"

using namespace tailnet;
using namespace tailnet::test;
using namespace std::chrono_literals;

namespace {

/// What a GET of the devices is refused with, when the API answers so; its repetitions, too.
std::string refusal(Scene& scene, int status, const std::string& words) {
  scene.fault({{"method", "GET"}, {"status", status}, {"code", words}, {"count", 9}});
  try {
    run(scene.io, scene.tailnet.devices());
  } catch (const Error& error) {
    CHECK(error.status == status);
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("Tailscale's refusals reach the admin in its own words, with what to do") {
  const auto [status, words, told] = GENERATE(table<int, std::string, std::string>(
      {{400, "invalid query", "Tailscale refused to list the devices: invalid query"},
       {401, "API token invalid",
        "Tailscale refused to list the devices: API token invalid; check the OAuth client's id and secret"},
       {403, "calling actor does not have enough permissions",
        "Tailscale refused to list the devices: calling actor does not have enough permissions; the OAuth "
        "client "
        "needs the scopes auth_keys and devices:core"},
       {500, "internal error", "Tailscale failed to list the devices: internal error"},
       {503, "try later", "Tailscale failed to list the devices: try later"}}));
  Scene scene;
  CHECK(refusal(scene, status, words) == told);
}

TEST_CASE("headscale's refusals do, too, in the shapes that it has for them") {
  const auto [status, words, told] = GENERATE(table<int, std::string, std::string>(
      {{400, "tag should be lowercase", "headscale refused to list the devices: tag should be lowercase"},
       {401, "Unauthorized",
        "headscale refused to list the devices: HTTP 401, Unauthorized; check the key in [tailnet] "
        "api_key_file, "
        "which ends after 90 days unless it was made to last"},
       {403, "forbidden", "headscale refused to list the devices: forbidden"},
       {500, "database is locked", "headscale failed to list the devices: database is locked"},
       {503, "try later", "headscale failed to list the devices: try later"}}));
  const int version = GENERATE(26, 28, 29);
  Scene scene("tag:devbox", "", version);
  CHECK(refusal(scene, status, words) == told);
  const bool is_repeated = status >= 500;
  CHECK(scene.count("GET", "/node") == (is_repeated ? 3 : 1));
}

TEST_CASE("an API key that headscale does not know is asked with once") {
  Scene scene("tag:devbox", "hskey-api-wrong", GENERATE(26, 28, 29));
  CHECK_THROWS_WITH(
      run(scene.io, scene.tailnet.devices()),
      "headscale refused to list the devices: HTTP 401, Unauthorized; check the key in [tailnet] "
      "api_key_file, which ends after 90 days unless it was made to last");
  CHECK(scene.count("GET", "/node") == 1);
}

TEST_CASE("a tag that is no tag is refused by headscale in its own words, and not asked for again") {
  Scene scene("tag:Devbox", "", GENERATE(26, 28, 29));
  CHECK_THROWS_WITH(scene.mint(), "headscale refused to make an auth key: tag should be lowercase");
  CHECK(scene.count("POST", "/preauthkey") == 1);
}

TEST_CASE("who does not answer in time is said not to have") {
  const int kind = GENERATE(0, 26, 29);
  Scene scene("tag:devbox", "", kind);
  scene.fault({{"method", "GET"}, {"delay_ms", 2000}});
  auto options =
      kind == 0 ? Scene::client_options("tag:devbox", "") : Scene::headscale_options("tag:devbox", "");
  options.timeout = 50ms;
  options.tries = 1;
  Tailnet hurried(scene.io.get_executor(), scene.http, scene.still, scene.random, options);
  try {
    run(scene.io, hurried.devices());
    FAIL("it has answered");
  } catch (const Error& error) {
    CHECK(error.status == 0);
    const std::string who = kind == 0 ? "Tailscale" : "headscale";
    CHECK_THAT(error.what(), Catch::Matchers::StartsWith(who + " was asked to list the devices: "));
  }
}

TEST_CASE("problem+json is read as the sentence that it holds") {
  // headscale 0.30 will answer so; the simulator does not.
  Attempt attempt;
  attempt.response = net::HttpResponse{
      400, {}, R"({"title":"Bad Request","status":400,"detail":"validation failed","errors":[
        {"message":"expected string","location":"body.user","value":1},{"message":"unexpected property"},7]})"};
  Options options;
  options.kind = Kind::headscale;
  const Answers answers(options);
  CHECK_THROWS_WITH(
      answers.body_of("make an auth key", attempt),
      "headscale refused to make an auth key: validation failed: expected string; unexpected property");
}

TEST_CASE("no secret of ours and no key is in what is told") {
  Options options;
  options.kind = Kind::headscale;
  options.api_key = "hskey-api-mine-0123_x";
  Attempt attempt;
  attempt.response =
      net::HttpResponse{400, {}, R"({"message":"key hskey-auth-ab-12_3 of hskey-api-mine-0123_x is bad"})"};
  const Answers answers(options);
  CHECK_THROWS_WITH(answers.body_of("make an auth key", attempt),
                    "headscale refused to make an auth key: key hskey-… of … is bad");
}
