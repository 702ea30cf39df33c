#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/request.hpp"
#include "commands/user_data.hpp"
#include "tests/catch.hpp"

using namespace commands;
using nlohmann::json;

namespace {

UserData about_alice() {
  UserData about;
  about.hostname = "alice";
  about.login_server = "https://login.example.org";
  about.auth_key = "tskey-auth-1";
  about.public_url = "https://bot.tail1234.ts.net";
  about.token = "0123";
  about.volume = 4711;
  about.user = "dev";
  about.editor_port = 8080;
  about.keep_dirs = {"/var/lib/docker"};
  about.serve = "auto";
  return about;
}

json config_of(const std::string& text) { return json::parse(text.substr(text.find('\n') + 1)); }

}  // namespace

TEST_CASE("user-data is a cloud-config in JSON with one private file that holds everything") {
  const auto text = user_data(about_alice());
  CHECK(text.substr(0, text.find('\n')) == "#cloud-config");
  const auto config = config_of(text);
  CHECK(config["hostname"] == "alice");
  CHECK(config["preserve_hostname"] == false);
  REQUIRE(config["write_files"].size() == 1);
  const auto& file = config["write_files"][0];
  CHECK(file["path"] == "/etc/devbox/workspace.json");
  CHECK(file["owner"] == "root:root");
  CHECK(file["permissions"] == "0600");
  CHECK(json::parse(file["content"].get<std::string>()) == json{{"hostname", "alice"},
                                                                {"login_server", "https://login.example.org"},
                                                                {"auth_key", "tskey-auth-1"},
                                                                {"public_url", "https://bot.tail1234.ts.net"},
                                                                {"token", "0123"},
                                                                {"volume", 4711},
                                                                {"user", "dev"},
                                                                {"editor_port", 8080},
                                                                {"keep_dirs", {"/var/lib/docker"}},
                                                                {"serve", "auto"}});
}

TEST_CASE("no string can end its quotes or begin a line of its own") {
  auto about = about_alice();
  about.user = "dev\"\nruncmd: [reboot]\n'";
  const auto text = user_data(about);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  const auto content = config_of(text)["write_files"][0]["content"].get<std::string>();
  CHECK(json::parse(content)["user"] == about.user);
}

TEST_CASE("user-data over Hetzner's 32 KiB is refused") {
  auto about = about_alice();
  about.keep_dirs = {std::string(31 * 1024, 'x')};
  CHECK(user_data(about).size() <= 32 * 1024);
  about.keep_dirs.push_back(std::string(2 * 1024, 'x'));
  CHECK_THROWS_WITH(user_data(about),
                    "The user-data of alice would be larger than Hetzner's 32 KiB: shorten keep_dirs.");
}
