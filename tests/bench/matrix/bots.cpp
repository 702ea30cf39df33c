#include "tests/bench/matrix/bots.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace bench {
namespace {

using Environment = std::map<std::string, std::string>;

constexpr auto secret = "bench-secret";

std::string kept_private(const Place& place, const std::string& name, const std::string& text) {
  const auto file = place.directory + "/" + name;
  std::ofstream(file) << text;
  ::chmod(file.c_str(), 0600);
  return file;
}

std::string configuration(const Place& place, const Cloud& cloud) {
  const auto oauth = kept_private(place, "oauth", secret);
  const auto hetzner = kept_private(place, "hetzner", secret);
  const auto matrix = kept_private(place, "matrix", place.account.token);
  return kept_private(place, "devbox.toml",
                      "[bot]\nname = \"bench\"\n[hetzner]\nendpoint = \"" + cloud.hetzner +
                          "/v1\"\ntoken_file = \"" + hetzner + "\"\n[tailnet]\napi = \"" + cloud.tailnet +
                          "\"\noauth_client_id = \"bench\"\noauth_client_secret_file = \"" + oauth +
                          "\"\n[matrix]\nhomeserver = \"" + place.homeserver + "\"\nuser = \"" +
                          place.account.user + "\"\naccess_token_file = \"" + matrix + "\"\nrooms = [\"" +
                          place.room + "\"]\n[policy]\nadmins = [\"matrix:@*" +
                          place.account.user.substr(place.account.user.find(':')) + "\"]\n");
}

/// A bot that is told everything by its environment.
Bot told(const std::string& name, const std::vector<std::string>& words, const std::string& text) {
  return {name, [=](const Place& place) {
            const Environment environment = {{"BOT_HOMESERVER", place.homeserver},
                                             {"BOT_USER", place.account.user},
                                             {"BOT_DEVICE", place.account.device},
                                             {"BOT_TOKEN", place.account.token},
                                             {"BOT_ROOM", place.room},
                                             {"BOT_STORAGE", place.directory + "/storage.json"},
                                             {"BOT_ANSWER", text}};
            return faults::Child::Start{words, environment, place.directory + "/log"};
          }};
}

/// The one line of a file that the installation left; "" when there is none.
std::string line_of(const std::string& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

}  // namespace

Bot devboxd(const std::string& name, const std::string& program, const Cloud& cloud) {
  return {name, [=](const Place& place) {
            const Environment environment = {{"STATE_DIRECTORY", place.directory},
                                             {"RUNTIME_DIRECTORY", place.directory}};
            return faults::Child::Start{
                {program, "--config", configuration(place, cloud)}, environment, place.directory + "/log"};
          }};
}

std::vector<Bot> others(const std::string& installed, const std::string& text) {
  const std::string sources = DEVBOX_SOURCE_DIR "/tests/bench/matrix";
  std::vector<Bot> all = {told("bare sockets", {DEVBOX_BIN_DIR "/bench-floor"}, text)};
  const auto nio = line_of(installed + "/nio/version");
  if (!nio.empty()) all.push_back(told(nio, {installed + "/nio/bin/python", sources + "/nio/bot.py"}, text));
  const auto sdk = line_of(installed + "/sdk/version");
  const auto node = line_of(installed + "/sdk/node");
  if (!sdk.empty()) all.push_back(told(sdk + " *", {node, installed + "/sdk/bot.js"}, text));
  return all;
}

}  // namespace bench
