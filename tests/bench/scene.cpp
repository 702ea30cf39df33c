#include "tests/bench/scene.hpp"

#include <sys/stat.h>

#include <fstream>
#include <regex>

namespace bench {
namespace {

using nlohmann::json;

constexpr auto scene_token = "bench-token";
constexpr auto secret = "bench-secret";

std::string program(const std::string& name) { return std::string(DEVBOX_BIN_DIR) + "/" + name; }

void write_private(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
  ::chmod(file.c_str(), 0600);
}

bool is_look_at_a_server(const json& request) {
  return request["method"] == "GET" && request["path"].get<std::string>().starts_with("/v1/servers/");
}

/// Polls, and what is read at start and daily.
bool is_counted(const json& request) {
  const std::string path = request["path"];
  for (const auto* other : {"/v1/actions", "/v1/pricing", "/v1/ssh_keys", "/v1/firewalls"})
    if (path == other) return false;
  return request["method"] != "GET" || !path.ends_with("/devices");
}

}  // namespace

std::string url_shown_by(Terminal& simulator) {
  const auto shown = simulator.until_shown("\n");
  std::smatch found;
  if (!std::regex_search(shown, found, std::regex("http://[0-9.]+:[0-9]+")))
    throw std::runtime_error("a simulator shows no address: " + shown);
  return found.str();
}

Scene::Scene(std::string bot)
    : hetzner_process_(
          {program("hetzner-sim"), "--listen", "127.0.0.1:0", "--token", scene_token, "--speed", "1000"}),
      tailnet_process_({program("tailnet-sim"), "--listen", "127.0.0.1:0", "--oauth",
                        std::string("bench:") + secret, "--api-key", scene_token}),
      bot_program_(std::move(bot)) {
  const auto hetzner = url_shown_by(hetzner_process_);
  const auto tailnet = url_shown_by(tailnet_process_);
  hetzner_.emplace(hetzner, scene_token);
  tailnet_.emplace(tailnet, scene_token);
  write_config(front_.put_before(hetzner), front_.put_before(tailnet), tailnet);
  front_.start();
}

void Scene::write_config(const std::string& hetzner, const std::string& tailnet,
                         const std::string& login) const {
  write_private(directory_.file("token"), scene_token);
  write_private(directory_.file("oauth"), secret);
  std::ofstream(directory_.file("devbox.toml"))
      << "[bot]\nname = \"bench\"\nca_file = \"" << front_.ca_file() << "\"\n"
      << "[hetzner]\nendpoint = \"" << hetzner << "/v1\"\ntoken_file = \"" << directory_.file("token")
      << "\"\n"
      << "[tailnet]\napi = \"" << tailnet << "\"\nlogin_server = \"" << login
      << "\"\noauth_client_id = \"bench\"\noauth_client_secret_file = \"" << directory_.file("oauth")
      << "\"\n"
      << "[policy]\nadmins = [\"console:*\"]\n"
      // What is compared with the database now and then is nobody's up or down.
      << "[limits]\npoll_actions = \"20ms\"\npoll_devices = \"20ms\"\nreconcile = \"1h\"\n";
}

std::chrono::duration<double, std::milli> Scene::start() {
  bot_.reset();
  const std::string here = directory_.path().string();
  bot_.emplace(std::vector<std::string>{bot_program_, "--config", directory_.file("devbox.toml")},
               std::map<std::string, std::string>{{"STATE_DIRECTORY", here}, {"RUNTIME_DIRECTORY", here}});
  bot_->until_shown(prompt);
  return bot_->age();
}

void Scene::say(const std::string& line, const std::string& answer) {
  bot_->type(line + "\r");
  bot_->until_shown(answer);
}

Requests Scene::requests() {
  Requests found;
  const auto of_hetzner = hetzner_->get("/_sim/requests");
  for (const auto& request : of_hetzner)
    (is_look_at_a_server(request) ? found.looks : found.hetzner) += is_counted(request);
  const auto of_tailnet = tailnet_->get("/_sim/requests");
  for (const auto& request : of_tailnet) found.tailnet += is_counted(request);
  return found;
}

}  // namespace bench
