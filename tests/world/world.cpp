#include "tests/world/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>

namespace world {

World::Process::Process(World& world) : storage(world.config_.database) {
  if (::pipe2(input, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the terminal");
  ::setenv("RUNTIME_DIRECTORY", world.dir_.path().c_str(), 1);
  bot::ConsoleOptions console;
  console.in = input[0];
  console.out = input[1];
  console.login = "nobody";
  program = std::make_unique<bot::Program>(io, world.clock_, world.random_, storage, world.config_, console);
  // Machines that run report to where they were told.
  world.config_.listen = "127.0.0.1:" + std::to_string(program->reports_port());
  program->start();
}

World::Process::~Process() {
  for (const int end : input) ::close(end);
}

World::World(Setting setting)
    : simulators_(setting.speed, setting.catalogue, setting.tailnet), room_(dir_.file("control")) {
  configure(setting);
  meanwhile_ = setting.meanwhile;
  process_ = std::make_unique<Process>(*this);
  // What is read at start is not what an operation asks for.
  until([&] { return count("GET /v1/pricing") >= 1; });
}

void World::configure(const Setting& setting) {
  config_.hetzner_endpoint = simulators_.hetzner.url + "/v1";
  config_.hetzner_token = Simulators::token;
  config_.tailnet_api = config_.settings.login_server = simulators_.tailnet.url;
  config_.oauth_client_id = "world";
  config_.oauth_client_secret = Simulators::oauth_secret;
  if (setting.tailnet.headscale != 0) {
    config_.tailnet_kind = "headscale";
    config_.headscale_key = Simulators::token;
    config_.headscale_user = "devbox";
    config_.tailnet_domain = "tail1234.ts.net";
  }
  config_.database = dir_.file("devbox.db");
  config_.settings.policy.members = {"console:*"};
  auto& limits = config_.settings.limits;
  const auto scaled = [&](net::Duration time) {
    return std::max<net::Duration>(1ms, std::chrono::duration_cast<net::Duration>(time / setting.speed));
  };
  limits.poll_actions = scaled(limits.poll_actions);
  limits.poll_devices = scaled(limits.poll_devices);
  limits.retry = 5ms;
  setting.configure(config_);
}

void World::restart() {
  room_.hang_up();
  process_.reset();
  process_ = std::make_unique<Process>(*this);
}

void World::until(const std::function<bool()>& reached) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) {
      std::string heard;
      for (const auto& reply : room_.replies()) heard += "\n" + reply.text;
      throw std::runtime_error("what the story waits for did not come; heard:" + heard);
    }
    process_->io.run_one_for(1ms);
    meanwhile_();
    room_.look();
  }
}

void World::begin(const std::string& person, const std::string& line) {
  room_.say(person, line);
  until([&] { return room_.is_heard() && storage().inbox.unhandled().empty(); });
}

Texts World::say(const std::string& person, const std::string& line) {
  news();
  begin(person, line);
  return until_quiet();
}

bool World::is_quiet() {
  if (!room_.is_heard() || !storage().inbox.unhandled().empty() || storage().outbox.pending() > 0)
    return false;
  std::map<std::string, bool> waits;  // for each workspace where something has not ended, and what has none
  for (const auto& one : storage().journal.unfinished()) {
    const auto key = one.workspace == 0 ? one.id : std::to_string(one.workspace);
    waits[key] = waits[key] || one.state == "waiting";
  }
  return std::all_of(waits.begin(), waits.end(), [](const auto& one) { return one.second; });
}

Texts World::until_quiet() {
  until([&] { return is_quiet(); });
  return news();
}

void World::until_step(const std::string& step) {
  const auto operation = storage().journal.unfinished().back().id;
  until([&] { return storage().journal.steps(operation).contains(step); });
}

Texts World::news() {
  Texts texts;
  for (; told_ < room_.replies().size(); ++told_) texts.push_back(room_.replies()[told_].text);
  return texts;
}

int World::heard(const std::string& beginning) const {
  const auto& all = room_.replies();
  return static_cast<int>(std::count_if(all.begin(), all.end(),
                                        [&](const auto& one) { return one.text.starts_with(beginning); }));
}

json World::ips() {
  auto found = json::array();
  const auto all = get("/v1/primary_ips");
  for (const auto& ip : all["primary_ips"])
    if (ip["type"] == "ipv4") found.push_back(ip);
  return found;
}

int World::usable_keys() {
  int usable = 0;
  const auto keys = simulators_.tailnet.ask("GET", "/_sim/keys");
  for (const auto& key : keys) usable += !key["used"].get<bool>() && !key["revoked"].get<bool>();
  return usable;
}

int World::count(const std::string& beginning) {
  int found = 0;
  const auto all = requests();
  for (const auto& one : all)
    found += (one["method"].get<std::string>() + " " + one["path"].get<std::string>()).starts_with(beginning);
  return found;
}

std::string plain(std::string text) {
  const std::regex paid("paid until ([A-Z][a-z]{2} )?[0-9]{2}:[0-9]{2}");
  return std::regex_replace(text, paid, "paid until T");
}

}  // namespace world
