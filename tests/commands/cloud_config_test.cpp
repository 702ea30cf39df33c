#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands/request.hpp"
#include "commands/user_data.hpp"
#include "commands/workspace_files.hpp"
#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

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
  about.keep_dirs = {"/var/lib/docker", "/srv/models"};
  about.serve = "auto";
  about.jobs = {"make", "ninja"};
  about.authorized_keys = {"ssh-ed25519 AAAA", "ssh-rsa BBBB"};
  return about;
}

json config_of(const std::string& text) { return json::parse(text.substr(text.find('\n') + 1)); }

json file_of(const json& config, const std::string& path) {
  for (const auto& file : config["write_files"])
    if (file["path"] == path) return file;
  return json();
}

std::string environment(const UserData& about) {
  return file_of(config_of(user_data(about)), "/etc/devbox/env")["content"];
}

/// What a command prints.
std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string output;
  std::array<char, 4096> part{};
  while (const auto count = std::fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), count);
  return output;
}

std::string without_comments(const std::string& source) {
  std::ifstream in(DEVBOX_SOURCE_DIR "/" + source);
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find_first_not_of(" \t");
    const bool is_shebang = kept.empty() && line.starts_with("#!");
    if (is_shebang || (begin != std::string::npos && line[begin] != '#')) kept += line + "\n";
  }
  return kept;
}

}  // namespace

TEST_CASE("user-data is a cloud-config in JSON") {
  const auto text = user_data(about_alice());
  CHECK(text.substr(0, text.find('\n')) == "#cloud-config");
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  const auto config = config_of(text);
  CHECK(config["hostname"] == "alice");
  CHECK(config["preserve_hostname"] == false);
  CHECK(config["ssh_pwauth"] == false);
}

TEST_CASE("there is one user, of the same number in every image, and home is left to the volume") {
  const auto users = config_of(user_data(about_alice()))["users"];
  REQUIRE(users.size() == 1);
  CHECK(users[0]["name"] == "dev");
  CHECK(users[0]["uid"] == 1000);
  CHECK(users[0]["no_create_home"] == true);
  CHECK(users[0]["lock_passwd"] == true);
}

TEST_CASE("a workspace is told what it needs in a file of variables, and its secrets in private ones") {
  const auto config = config_of(user_data(about_alice()));
  CHECK(file_of(config, "/etc/devbox/env") == json{{"path", "/etc/devbox/env"},
                                                   {"permissions", "0644"},
                                                   {"content",
                                                    "DEVBOX_HOSTNAME='alice'\n"
                                                    "DEVBOX_USER='dev'\n"
                                                    "DEVBOX_UID='1000'\n"
                                                    "DEVBOX_VOLUME='/dev/disk/by-id/scsi-0HC_Volume_4711'\n"
                                                    "DEVBOX_LOGIN_SERVER='https://login.example.org'\n"
                                                    "DEVBOX_SERVE='auto'\n"
                                                    "DEVBOX_EDITOR_PORT='8080'\n"
                                                    "DEVBOX_PUBLIC_URL='https://bot.tail1234.ts.net'\n"
                                                    "DEVBOX_KEEP_DIRS='/var/lib/docker:/srv/models'\n"
                                                    "DEVBOX_JOBS='make ninja'\n"
                                                    "DEVBOX_SSH=''\n"}});
  CHECK(file_of(config, "/etc/devbox/auth-key")["content"] == "tskey-auth-1\n");
  CHECK(file_of(config, "/etc/devbox/auth-key")["permissions"] == "0600");
  CHECK(file_of(config, "/etc/devbox/token")["content"] == "0123\n");
  CHECK(file_of(config, "/etc/devbox/token")["permissions"] == "0600");
  CHECK(file_of(config, "/etc/devbox/authorized_keys")["content"] == "ssh-ed25519 AAAA\nssh-rsa BBBB\n");
}

TEST_CASE("no value of the file of variables is anything but that value to a shell") {
  const TempDir dir;
  for (const std::string hostile : {"$(touch pwned)", "`touch pwned`", "it's", "'; touch pwned; '", "a\\'b\\",
                                    "\"$HOME\"", "# no", "a  b", ""}) {
    auto about = about_alice();
    about.keep_dirs = {hostile};
    about.login_server = hostile;
    std::ofstream(dir.file("env")) << environment(about);
    const auto shell = "cd '" + dir.file("") +
                       "' && . ./env && printf '%s|%s|%s' \"$DEVBOX_KEEP_DIRS\" "
                       "\"$DEVBOX_LOGIN_SERVER\" \"$(ls)\"";
    CHECK(output_of(shell) == hostile + "|" + hostile + "|env");
  }
}

TEST_CASE("a value that is more than one line is refused") {
  for (const std::string hostile : {"a\nb", "a\rb", "a\tb", "a\x1b[1m", "a\x7f", "a\xc2\x85", "a\xff"}) {
    auto about = about_alice();
    about.user = hostile;
    CHECK_THROWS_WITH(user_data(about),
                      "A workspace cannot be told its DEVBOX_USER, which has to be one line without control "
                      "characters.");
  }
}

TEST_CASE("Tailscale SSH is asked for where it is configured") {
  auto about = about_alice();
  about.ssh = true;
  CHECK(environment(about).find("DEVBOX_SSH='1'\n") != std::string::npos);
}

TEST_CASE("a workspace gets the scripts and units of this very bot, and its units are started") {
  const auto config = config_of(user_data(about_alice()));
  std::vector<std::string> units;
  for (const auto& file : workspace_files()) {
    CHECK(file_of(config, file.path) == json{{"path", file.path},
                                             {"permissions", file.mode},
                                             {"encoding", "gz+b64"},
                                             {"content", file.text}});
    if (file.path.starts_with("/etc/systemd/system/")) units.push_back(file.path.substr(20));
  }
  CHECK(units.size() >= 5);
  std::vector<std::string> start = config["runcmd"].back();
  CHECK(std::vector<std::string>(start.begin(), start.begin() + 4) ==
        std::vector<std::string>{"systemctl", "enable", "--now", "--no-block"});
  CHECK(std::vector<std::string>(start.begin() + 4, start.end()) == units);
}

TEST_CASE("the embedded files are those of deploy/, without their comments, and scripts of a POSIX shell") {
  std::ifstream list(DEVBOX_SOURCE_DIR "/deploy/workspace-files");
  std::map<std::string, std::string> sources;
  for (std::string mode, path, source; list >> mode;) {
    if (mode.front() == '#') {
      std::getline(list, mode);
      continue;
    }
    list >> path >> source;
    sources[path] = source;
  }
  const auto files = workspace_files();
  CHECK(files.size() == sources.size());
  for (const auto& file : files) {
    INFO(file.path);
    REQUIRE(sources.contains(file.path));
    const auto text = output_of("printf %s '" + file.text + "' | base64 -d | gunzip");
    CHECK(text == without_comments(sources[file.path]));
    if (!text.starts_with("#!")) continue;
    CHECK(text.starts_with("#!/bin/sh\n"));
    CHECK(output_of("printf %s '" + file.text + "' | base64 -d | gunzip | sh -n 2>&1").empty());
  }
}

TEST_CASE("cloud-init's own schema has nothing against it") {
  if (output_of("command -v cloud-init").empty()) {
    WARN("skipped: cloud-init is not installed here; ./test --lab has it");
    return;
  }
  const TempDir dir;
  const auto file = dir.file("user-data");
  std::ofstream(file) << user_data(about_alice());
  CHECK(output_of("cloud-init schema --config-file '" + file + "' 2>&1") ==
        "Valid cloud-config: " + file + "\n");
}

TEST_CASE("a long configuration and twenty keys fit into Hetzner's 32 KiB") {
  auto about = about_alice();
  about.login_server = "https://" + std::string(100, 'l') + ".example.org";
  about.public_url = "https://" + std::string(100, 'p') + ".example.org";
  about.auth_key = std::string(120, 'k');
  about.keep_dirs.clear();
  about.jobs.clear();
  for (int n = 0; n < 20; ++n) {
    about.keep_dirs.push_back("/var/lib/" + std::string(60, 'd') + std::to_string(n));
    about.jobs.push_back("a-long-process" + std::to_string(n));
    const bool is_rsa = n % 4 == 0;
    about.authorized_keys.push_back((is_rsa ? "ssh-rsa " : "ssh-ed25519 ") +
                                    std::string(is_rsa ? 716 : 68, 'A'));
  }
  CHECK(user_data(about).size() <= 32 * 1024);
}

TEST_CASE("user-data over Hetzner's 32 KiB is refused") {
  auto about = about_alice();
  about.authorized_keys = std::vector<std::string>(60, "ssh-rsa " + std::string(716, 'A'));
  CHECK_THROWS_WITH(user_data(about),
                    "The user-data of alice would be larger than Hetzner's 32 KiB: it has 60 ssh keys and 2 "
                    "keep_dirs. Fewer of them will do.");
}
