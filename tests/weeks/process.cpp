#include "tests/weeks/process.hpp"

#include "net/spawn.hpp"

namespace weeks {
namespace {

constexpr auto secret = "weeks-secret";

hetzner::simulator::Options hetzner_of_the_story() {
  hetzner::simulator::Options options;
  options.tokens = {Outside::token};
  return options;
}

tailnet::simulator::Options tailnet_of_the_story() {
  tailnet::simulator::Options options;
  options.oauth_id = "weeks";
  options.oauth_secret = secret;
  return options;
}

std::string loopback(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

bot::ConsoleOptions nobody() {
  bot::ConsoleOptions console;
  console.login = "nobody";
  console.is_service = true;
  return console;
}

}  // namespace

Outside::Outside(StoryClock& clock)
    : hetzner_(io_.get_executor(), clock, hetzner_of_the_story()),
      tailnet_(io_.get_executor(), clock, tailnet_of_the_story()),
      client_(io_.get_executor(), net::parse_endpoint(loopback(hetzner_.port()))) {}

std::size_t Outside::poll() {
  io_.restart();
  return io_.poll();
}

void Outside::ask(const std::string& method, const std::string& path, const nlohmann::json& body) {
  request_ = {method, path, {{"Authorization", std::string("Bearer ") + token}}, ""};
  if (!body.is_null()) request_.body = body.dump();
  answer_.reset();
  const auto fetch = [](Outside& self) -> net::awaitable<void> {
    const auto soon = std::chrono::seconds(10);
    const auto response = co_await self.client_.fetch(self.request_, soon);
    self.answer_ = response;
  };
  net::spawn(io_.get_executor(), "a look at the simulator", fetch(*this));
}

nlohmann::json Outside::answer() {
  if (!answer_) throw std::runtime_error(request_.target + " was not answered");
  if (answer_->status >= 300) throw std::runtime_error(request_.target + " was answered " + answer_->body);
  return nlohmann::json::parse(answer_->body);
}

void Outside::configure(bot::Config& config) const {
  config.hetzner_endpoint = loopback(hetzner_.port()) + "/v1";
  config.hetzner_token = token;
  config.tailnet_api = config.settings.login_server = loopback(tailnet_.port());
  config.oauth_client_id = "weeks";
  config.oauth_client_secret = secret;
}

Process::Process(bot::Config& config, StoryClock& clock, net::Random& random)
    : storage(config.database), program(io, clock, random, storage, config, nobody()) {
  // The next process listens where this one did.
  config.listen = "127.0.0.1:" + std::to_string(program.reports_port());
  program.start();
}

bool Process::poll_one() {
  io.restart();
  return io.poll_one() > 0;
}

}  // namespace weeks
