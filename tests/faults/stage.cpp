#include "tests/faults/stage.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace faults {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int hetzner_port = 8001;
constexpr int tailnet_port = 8002;
constexpr int reports_port = 8003;

std::string contents(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_private(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  ::chmod(file.c_str(), 0600);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

void until_it_answers(Service& service) {
  for (int tries = 0;; ++tries) {
    try {
      service.get("/_sim/requests");
      return;
    } catch (const std::exception&) {
      if (tries > 1000) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

json labels_of(const json& object) {
  auto labels = object["labels"];
  labels.erase("devbox-operation");
  return labels;
}

json sorted(json list) {
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

Stage::Stage(const Binaries& binaries, std::string directory, std::string address, const std::string& chat)
    : binaries_(binaries),
      directory_(std::move(directory)),
      address_(std::move(address)),
      room_(room_of(chat, directory_, address_)) {
  for (const auto* folder : {"/state", "/run"}) fs::create_directories(directory_ + folder);
  write_private(file("token"), token);
  write_private(file("oauth"), "driver-secret");
}

void Stage::copy_from(const Stage& prepared) {
  room_->take_over(*prepared.room_);
  fs::copy(prepared.file("state"), file("state"),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  for (const auto* name : {"hetzner.json", "tailnet.json"}) {
    if (!fs::exists(prepared.file(name))) continue;
    auto text = contents(prepared.file(name));
    replace_all(text, prepared.address_, address_);
    write_private(file(name), text);
  }
}

void Stage::start_simulators() {
  const auto listen = [&](int port) { return address_ + ":" + std::to_string(port); };
  Child::Start hetzner{{binaries_.directory + "/hetzner-sim", "--listen", listen(hetzner_port), "--token",
                        token, "--speed", "1000", "--state", file("hetzner.json")},
                       {},
                       file("hetzner.log")};
  if (!hook.empty()) hetzner.words.insert(hetzner.words.end(), {"--hook", hook});
  hetzner_process_ = std::make_unique<Child>(hetzner);
  tailnet_process_ = std::make_unique<Child>(
      Child::Start{{binaries_.directory + "/tailnet-sim", "--listen", listen(tailnet_port), "--oauth",
                    "driver:driver-secret", "--api-key", token, "--state", file("tailnet.json")},
                   {},
                   file("tailnet.log")});
  hetzner_process_->release();
  tailnet_process_->release();
  hetzner_.emplace(url(hetzner_port), token);
  tailnet_.emplace(url(tailnet_port), token);
  room_->open();
  until_it_answers(*hetzner_);
  until_it_answers(*tailnet_);
}

void Stage::write_config() const {
  std::ofstream out(file("devbox.toml"));
  out << "[bot]\nname = \"faults\"\nlog = \"info\"\n"
      << "[http]\nlisten = \"" << address_ << ":" << reports_port << "\"\npublic_url = \""
      << url(reports_port) << "\"\n"
      << "[hetzner]\nendpoint = \"" << url(hetzner_port) << "/v1\"\ntoken_file = \"" << file("token")
      << "\"\n"
      << "[tailnet]\napi = \"" << url(tailnet_port) << "\"\nlogin_server = \"" << url(tailnet_port)
      << "\"\noauth_client_id = \"driver\"\noauth_client_secret_file = \"" << file("oauth") << "\"\n"
      << "[policy]\nadmins = [\"console:*\", \"matrix:@*:devbox.test\", \"slack:T1/*\"]\n"
      << room_->config()
      << "[limits]\npoll_actions = \"20ms\"\npoll_devices = \"20ms\"\nretry = \"10ms\"\nrequest = \"500ms\"\n"
      << "flush = \"3s\"\nshutdown = \"3s\"\nundo_watch = \"" << undo_watch.count() << "ms\"\n"
      << limits;
}

void Stage::hold_bot(const std::map<std::string, std::string>& environment) {
  write_config();
  std::map<std::string, std::string> all = {{"STATE_DIRECTORY", file("state")},
                                            {"RUNTIME_DIRECTORY", file("run")}};
  all.insert(environment.begin(), environment.end());
  if (environment.contains("COMMITS") || environment.contains("KILL"))
    all["LD_PRELOAD"] = binaries_.commit_library;
  bot_ = std::make_unique<Child>(
      Child::Start{{binaries_.bot, "--config", file("devbox.toml")}, all, file("devboxd.log")});
}

void Stage::stop() {
  room_->close();
  for (auto* process : {&bot_, &hetzner_process_, &tailnet_process_})
    if (*process) (*process)->kill();
}

std::vector<json> Stage::kept() {
  std::vector<json> ids;
  for (const std::string kind : {"volumes", "primary_ips"}) {
    const auto answer = hetzner_->get("/v1/" + kind);
    for (const auto& one : answer[kind])
      if (kind == "volumes" || one["type"] == "ipv4") ids.push_back(one["id"]);
  }
  return ids;
}

json Stage::world() {
  json servers = json::array(), volumes = json::array(), ips = json::array(), devices = json::array();
  const auto found_servers = hetzner_->get("/v1/servers");
  for (const auto& one : found_servers["servers"])
    servers.push_back({{"name", one["name"]},
                       {"status", one["status"]},
                       {"type", one["server_type"]["name"]},
                       {"volumes", one["volumes"].size()},
                       {"labels", labels_of(one)}});
  const auto found_volumes = hetzner_->get("/v1/volumes");
  for (const auto& one : found_volumes["volumes"])
    volumes.push_back({{"name", one["name"]},
                       {"size", one["size"]},
                       {"used", !one["server"].is_null()},
                       {"labels", labels_of(one)}});
  const auto found_ips = hetzner_->get("/v1/primary_ips");
  for (const auto& one : found_ips["primary_ips"])
    if (one["type"] == "ipv4")  // the IPv6 of a server comes and goes with it
      ips.push_back({{"name", one["name"]},
                     {"ip", one["ip"]},
                     {"used", !one["assignee_id"].is_null()},
                     {"labels", labels_of(one)}});
  json ssh_keys = json::array();
  const auto found_ssh_keys = hetzner_->get("/v1/ssh_keys");
  for (const auto& one : found_ssh_keys["ssh_keys"])
    ssh_keys.push_back({{"name", one["name"]}, {"labels", one["labels"]}});
  const auto found_devices = tailnet_->get("/_sim/devices");
  for (const auto& one : found_devices) devices.push_back(one["name"]);
  int usable = 0;
  const auto keys = tailnet_->get("/_sim/keys");
  for (const auto& key : keys) usable += !key["used"].get<bool>() && !key["revoked"].get<bool>();
  json hours = json::array();
  const auto bill = hetzner_->get(std::string("/_sim/bill?token=") + token);
  for (const auto& line : bill["lines"])
    if (line["resource"] == "server" || line["resource"] == "primary_ip")
      hours.push_back({line["resource"], line["hours"]});
  return {{"servers", sorted(servers)},  {"volumes", sorted(volumes)}, {"ips", sorted(ips)},
          {"devices", sorted(devices)},  {"usable keys", usable},      {"hours", sorted(hours)},
          {"ssh keys", sorted(ssh_keys)}};
}

}  // namespace faults
