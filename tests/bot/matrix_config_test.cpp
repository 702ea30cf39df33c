#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// A configuration with these lines in [matrix].
struct WithMatrix : WrittenConfig {
  WithMatrix() {
    write("matrix-token", "syt_token\n");
    write("matrix-password", "a-password\n");
  }
  [[nodiscard]] std::string text(const std::string& lines) const { return complete("[matrix]\n" + lines); }
  [[nodiscard]] std::string token() const { return "access_token_file = \"" + path("matrix-token") + "\"\n"; }
  [[nodiscard]] std::string refused(const std::string& lines) const {
    const auto sentence = refusal(text(lines));
    const auto start = sentence.find("[matrix]");
    return start == std::string::npos ? sentence : sentence.substr(start);
  }
};

const std::string who = "homeserver = \"https://hs.example\"\nuser = \"@devbox:hs.example\"\n";
const std::string inviters = "inviters = [\"@*:hs.example\"]\n";

}  // namespace

TEST_CASE("a configuration with [matrix] is read, its secrets with it") {
  const WithMatrix written;
  const auto config = written.read(written.text(who + written.token() + inviters +
                                                "rooms = [\"!abc\", \"#dev:hs.example\"]\n"
                                                "ignore = [\"@other:hs.example\"]\n"));
  REQUIRE(config.matrix);
  CHECK(config.matrix->homeserver == "https://hs.example");
  CHECK(config.matrix->user == "@devbox:hs.example");
  CHECK(config.matrix->access_token == "syt_token");
  CHECK(config.matrix->rooms == std::vector<std::string>{"!abc", "#dev:hs.example"});
  CHECK(config.matrix->inviters == std::vector<std::string>{"@*:hs.example"});
  CHECK(config.matrix->ignore == std::vector<std::string>{"@other:hs.example"});
}

TEST_CASE("without [matrix] there is no Matrix") {
  const WrittenConfig written;
  CHECK_FALSE(written.read(written.complete()).matrix);
}

TEST_CASE("a server's name stands for its homeserver, and loopback needs no TLS") {
  const WithMatrix written;
  for (const std::string place :
       {"hs.example", "hs.example:8448", "http://127.0.0.1:8008", "http://localhost:1"}) {
    INFO(place);
    CHECK(written.refusal(written.text("homeserver = \"" + place + "\"\nuser = \"@devbox:hs.example\"\n" +
                                       written.token() + inviters)) == "");
  }
}

TEST_CASE("what is missing or wrong in [matrix] is named") {
  const WithMatrix written;
  const auto password = "password_file = \"" + written.path("matrix-password") + "\"\n";
  CHECK(written.refused("") ==
        "[matrix] homeserver: is missing: \"https://matrix.example.org\", or the server's name");
  CHECK(written.refused("homeserver = \"http://hs.example\"\n") ==
        "[matrix] homeserver: \"http://hs.example\" must be https, or http to a loopback or tailnet address: "
        "tokens travel on it");
  CHECK(written.refused("homeserver = \"hs.example/path\"\n") ==
        "[matrix] homeserver: \"hs.example/path\" must be a URL like \"https://matrix.example.org\", or a "
        "server's name");
  CHECK(written.refused("homeserver = \"hs.example\"\n") ==
        "[matrix] user: is missing: the bot's account, like \"@devbox:example.org\"");
  CHECK(written.refused("user = \"devbox\"\n") ==
        "[matrix] user: must be a user of Matrix, like \"@devbox:example.org\"");
  CHECK(written.refused(who) ==
        "[matrix] access_token_file: is missing: the file with the account's access token, or password_file "
        "with its password");
  CHECK(written.refused(who + written.token() + password) ==
        "[matrix] password_file: stands beside access_token_file; one of the two is enough");
  CHECK(written.refused(who + written.token()) ==
        "[matrix] rooms: is missing, and so is inviters: name the rooms to be in, or who may invite to one");
  CHECK(written.refused("rooms = [\"dev\"]\n") ==
        "[matrix] rooms: must be rooms like \"!id\" or \"#alias:example.org\", and \"dev\" is none");
  CHECK(written.refused("inviters = [\"alice\"]\n") ==
        "[matrix] inviters: must be users of Matrix like \"@a:example.org\" or \"@*:example.org\", and "
        "\"alice\" is none");
  CHECK(written.refused("room = []\n") == "[matrix] room is not known. Did you mean \"rooms\"?");
}
