#include "tests/world/world.hpp"

#include <unistd.h>

#include <cstdlib>
#include <set>

namespace world {
namespace {

constexpr auto token = "world-token";

hetzner::simulator::Options hetzner_options(const Setting& setting) {
  hetzner::simulator::Options options;
  options.tokens = {token};
  options.read_only_tokens = {"read-only"};
  options.speed = setting.speed;
  return options;
}

tailnet::simulator::Options tailnet_options() {
  tailnet::simulator::Options options;
  options.oauth_id = "world";
  options.oauth_secret = "world-secret";
  options.api_key = token;
  return options;
}

std::string url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

World::World(Setting setting)
    : setting_(std::move(setting)),
      hetzner_(loop_.io.get_executor(), loop_.clock, hetzner_options(setting_)),
      tailnet_(loop_.io.get_executor(), loop_.clock, tailnet_options()),
      hetzner_client_(loop_.io.get_executor(), net::parse_endpoint(url(hetzner_.port()))),
      tailnet_client_(loop_.io.get_executor(), net::parse_endpoint(url(tailnet_.port()))) {
  if (::pipe(input_) != 0) throw std::runtime_error("no pipe for the terminal");
  ::setenv("RUNTIME_DIRECTORY", dir_.path().c_str(), 1);
  start();
}

World::~World() {
  ::close(input_[0]);
  ::close(input_[1]);
}

void World::start() {
  bot::Config config;
  config.listen = "127.0.0.1:" + std::to_string(reports_port_);
  config.hetzner_endpoint = url(hetzner_.port()) + "/v1";
  config.hetzner_token = token;
  config.tailnet_api = config.settings.login_server = url(tailnet_.port());
  config.oauth_client_id = "world";
  config.oauth_client_secret = "world-secret";
  config.database = dir_.file("devbox.db");
  config.settings.policy.members = {"console:*"};
  auto& limits = config.settings.limits;
  const auto scaled = [&](net::Duration time) {
    return std::max<net::Duration>(std::chrono::milliseconds(1),
                                   std::chrono::duration_cast<net::Duration>(time / setting_.speed));
  };
  limits.poll_actions = scaled(limits.poll_actions);
  limits.poll_devices = scaled(limits.poll_devices);
  limits.retry = std::chrono::milliseconds(5);
  setting_.configure(config);
  storage_.emplace(config.database);
  bot::ConsoleOptions console;
  console.in = input_[0];
  console.out = input_[1];
  console.login = "nobody";
  program_.emplace(loop_.io, loop_.clock, loop_.random, *storage_, config, console);
  reports_port_ = program_->reports_port();
  program_->start();
  peer_.emplace(loop_, dir_.file("control"));
  peer_->say({{"rooms", {"room"}}});
  // What is read at start is not what an operation asks for.
  until([&] { return count("GET /v1/pricing") >= 1; });
}

void World::begin(const std::string& person, const std::string& line) {
  peer_->say({{"key", "w" + std::to_string(++said_)},
              {"room", "room"},
              {"sender", "console:" + person},
              {"text", line},
              {"direct", false}});
}

std::vector<std::string> World::say(const std::string& person, const std::string& line) {
  news();
  begin(person, line);
  return until_quiet();
}

void World::until(const std::function<bool()>& reached) {
  // Looked at from outside the loop, for looking may need the loop itself.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("what the story waits for did not come");
    run(loop_.io, loop_.clock.sleep_for(std::chrono::milliseconds(1)));
  }
}

bool World::is_quiet() {
  const auto operations = storage_->journal.unfinished();
  const bool all_wait = std::all_of(operations.begin(), operations.end(),
                                    [](const auto& one) { return one.state == "waiting"; });
  return storage_->inbox.unhandled().empty() && all_wait && storage_->outbox.pending() == 0;
}

std::vector<std::string> World::until_quiet() {
  const auto wanted = "control/w" + std::to_string(said_);
  // The line has come when its row is there.
  until([&] { return storage_->inbox.knows(wanted); });
  until([&] { return is_quiet(); });
  return news();
}

std::vector<std::string> World::news() {
  std::vector<std::string> texts;
  std::set<std::string> keys;
  std::size_t number = 0;
  for (const auto& line : peer_->lines()) {
    if (!line.contains("text") || line["edits"] != "" || !keys.insert(line["key"]).second) continue;
    if (number++ >= told_) texts.push_back(line["text"]);
  }
  told_ = number;
  return texts;
}

json World::ask(const std::string& method, const std::string& path, const json& body) {
  return ask(hetzner_client_, method, path, body);
}

json World::ask(net::Client& client, const std::string& method, const std::string& path, const json& body) {
  net::HttpRequest request;
  request.method = method;
  request.target = path;
  request.headers = {{"Authorization", std::string("Bearer ") + token},
                     {"Content-Type", "application/json"},
                     {"User-Agent", "story"}};
  if (!body.is_null()) request.body = body.dump();
  const auto response = run(loop_.io, client.fetch(request, std::chrono::seconds(10)));
  if (response.status >= 300) throw std::runtime_error(path + " was answered " + response.body);
  return response.body.empty() ? json() : json::parse(response.body);
}

json World::ips() {
  auto found = json::array();
  const auto all = get("/v1/primary_ips");
  for (const auto& ip : all["primary_ips"])
    if (ip["type"] == "ipv4") found.push_back(ip);
  return found;
}

json World::devices() { return ask(tailnet_client_, "GET", "/_sim/devices", nullptr); }

int World::usable_keys() {
  int usable = 0;
  const auto keys = ask(tailnet_client_, "GET", "/_sim/keys", nullptr);
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

}  // namespace world
