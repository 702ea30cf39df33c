#include "bot/program.hpp"

#include <malloc.h>

#include <boost/asio/post.hpp>

#include "bot/options.hpp"
#include "bot/state.hpp"
#include "commands/ledger.hpp"
#include "net/spawn.hpp"

namespace bot {

net::ClientOptions client_options(const Config& config) {
  net::ClientOptions options;
  options.ca_file = config.ca_file;
  return options;
}

hetzner::ApiOptions api_options(const Config& config) {
  hetzner::ApiOptions options;
  options.token = config.hetzner_token;
  options.timeout = config.settings.limits.request;
  options.retry = config.settings.limits.retry;
  options.refill = config.settings.limits.retry;
  options.cool_down = 30 * config.settings.limits.retry;
  return options;
}

namespace {

hetzner::PollOptions poll_options(const Config& config) {
  hetzner::PollOptions options;
  options.first = config.settings.limits.poll_actions;
  return options;
}

}  // namespace

tailnet::Options tailnet_options(const Config& config) {
  tailnet::Options options;
  options.tag = config.settings.tag;
  options.domain = config.tailnet_domain;
  options.oauth_client_id = config.oauth_client_id;
  options.oauth_client_secret = config.oauth_client_secret;
  options.timeout = config.settings.limits.request;
  options.poll = config.settings.limits.poll_devices;
  options.retry = config.settings.limits.retry;
  return options;
}

Program::Program(boost::asio::io_context& io, net::Clock& clock, net::Random& random,
                 storage::Storage& storage, const Config& config, const ConsoleOptions& console)
    : io_(io),
      settings_(config.settings),
      storage_(storage),
      hetzner_client_(io.get_executor(), net::parse_endpoint(config.hetzner_endpoint),
                      client_options(config)),
      api_(hetzner_client_, clock, random, api_options(config)),
      actions_(io.get_executor(), api_, clock, poll_options(config)),
      cloud_(api_, actions_, clock),
      tailnet_client_(io.get_executor(), net::parse_endpoint(config.tailnet_api), client_options(config)),
      tailnet_(io.get_executor(), tailnet_client_, clock, random, tailnet_options(config)),
      reports_(io.get_executor(), clock, storage_,
               own_secret(directory_of(config.database), "report-key", random)),
      reports_server_(io.get_executor(), clock, reports_, config.listen),
      project_(io.get_executor(), cloud_, clock, random),
      world_{io.get_executor(), clock, random, storage_, cloud_, tailnet_, reports_, project_, settings_},
      runner_(world_),
      reconciler_(world_),
      scheduler_(world_, runner_),
      console_(io.get_executor(), random, console),
      control_(io.get_executor(), clock, runtime_directory() + "/control",
               [this](nlohmann::json request) { return answer(std::move(request)); }),
      sender_(io.get_executor(), clock, random, storage_, {&console_, &control_}),
      bot_(world_, runner_, listened_to(console.is_service)),
      session_(world_, console_, [this](int status) { quit(status); }) {
  if (settings_.public_url.empty())
    settings_.public_url = "http://127.0.0.1:" + std::to_string(reports_server_.port());
  project_.on_read = [this](const auto& offer) { commands::price_holdings(world_, offer); };
  reports_.on_ready = [this] { tailnet_.poke(); };
  world_.voice.said = [this] { sender_.wake(); };
  world_.voice.progress = [this](const auto& key, auto text) { sender_.progress(key, std::move(text)); };
  world_.voice.settled = [this](const auto& key) { sender_.settled(key); };
  runner_.on_pause = [this](const auto&) {
    session_.look();
    // The cloud's answers are large and gone; what they took lies between what stays, where free() keeps it.
    ::malloc_trim(0);
  };
  bot_.on_handled = [this] { session_.look(); };
  sender_.on_delivered = [this] { session_.look(); };
}

void Program::start() {
  net::spawn(io_.get_executor(), "prices, keys and firewalls", project_.keep_fresh());
  net::spawn(io_.get_executor(), "reconciler", reconciler_.run());
  net::spawn(io_.get_executor(), "sender to the terminal", sender_.run(console_));
  net::spawn(io_.get_executor(), "sender to the control socket", sender_.run(control_));
  bot_.start();
  net::spawn(io_.get_executor(), "scheduler", scheduler_.run());
}

net::awaitable<nlohmann::json> Program::answer(nlohmann::json request) {
  const auto what = request.value("do", "");
  if (what == "status")
    co_return nlohmann::json{{"inbox", storage_.inbox.unhandled().size()},
                             {"unfinished", storage_.journal.unfinished().size()},
                             {"outbox", storage_.outbox.pending()}};
  if (what == "backup") {
    const auto file = request.value("file", "");
    storage_.database.backup(file);
    co_return nlohmann::json{{"backup", file}};
  }
  throw std::runtime_error("the control socket does not know \"" + what + "\": status, backup");
}

/// What a terminal left behind is still sent: it goes to the log of whoever started the service.
std::vector<Chat*> Program::listened_to(bool is_service) {
  if (is_service) return {&control_};
  return {&console_, &control_};
}

void Program::quit(int status) {
  status_ = status;
  // Not at once: whoever calls may be in the middle of something that wants its end.
  boost::asio::post(io_, [this] { io_.stop(); });
}

}  // namespace bot
