#include "bot/program.hpp"

#include <malloc.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "bot/options.hpp"
#include "bot/retention.hpp"
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
  options.kind = config.tailnet_kind == "headscale" ? tailnet::Kind::headscale : tailnet::Kind::tailscale;
  options.domain = config.tailnet_domain;
  options.oauth_client_id = config.oauth_client_id;
  options.oauth_client_secret = config.oauth_client_secret;
  options.api_key = config.headscale_key;
  options.user = config.headscale_user;
  options.timeout = config.settings.limits.request;
  options.poll = config.settings.limits.poll_devices;
  options.retry = config.settings.limits.retry;
  return options;
}

std::optional<matrix::Options> matrix_options(const Config& config) {
  if (!config.matrix) return std::nullopt;
  auto options = *config.matrix;
  options.prefix = config.settings.prefix;
  options.device = config.settings.name;
  options.ca_file = config.ca_file;
  options.request = config.settings.limits.request;
  options.retry = std::min(options.retry, config.settings.limits.retry);
  options.session_file = directory_of(config.database) + "/secrets/matrix-session";
  return options;
}

std::optional<slack::Options> slack_options(const Config& config) {
  if (!config.slack) return std::nullopt;
  auto options = *config.slack;
  options.prefix = config.settings.prefix;
  options.ca_file = config.ca_file;
  options.request = config.settings.limits.request;
  options.retry = std::min(options.retry, config.settings.limits.retry);
  return options;
}

namespace {

std::unique_ptr<slack::Slack> slack_of(const Config& config, net::Executor executor, net::Clock& clock,
                                       net::Random& random, storage::Storage& storage) {
  auto options = slack_options(config);
  if (!options) return nullptr;
  return std::make_unique<slack::Slack>(executor, clock, random, storage, std::move(*options));
}

std::unique_ptr<matrix::Matrix> matrix_of(const Config& config, net::Executor executor, net::Clock& clock,
                                          net::Random& random, storage::Storage& storage) {
  auto options = matrix_options(config);
  if (!options) return nullptr;
  return std::make_unique<matrix::Matrix>(executor, clock, random, storage, std::move(*options));
}

}  // namespace

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
      report_endpoint_(clock, reports_),
      http_server_(io.get_executor(), config.listen, routes()),
      project_(io.get_executor(), cloud_, clock, random),
      world_{io.get_executor(), clock, random, storage_, cloud_, tailnet_, reports_, project_, settings_},
      runner_(world_),
      reconciler_(world_),
      scheduler_(world_, runner_),
      keeper_(world_, runner_),
      console_(io.get_executor(), random, console),
      control_(io.get_executor(), clock, runtime_directory() + "/control",
               [this](nlohmann::json request) { return answer(std::move(request)); }),
      matrix_(matrix_of(config, io.get_executor(), clock, random, storage_)),
      slack_(slack_of(config, io.get_executor(), clock, random, storage_)),
      sender_(io.get_executor(), clock, random, storage_, chats()),
      chats_(listened_to(console.is_service)),
      bot_(world_, runner_, chats_),
      session_(world_, console_, [this](int status) { quit(status); }),
      metrics_({clock, storage, api_, report_endpoint_, sender_, chats_, tallies()}) {
  if (settings_.public_url.empty())
    settings_.public_url = "http://127.0.0.1:" + std::to_string(http_server_.port());
  project_.on_read = [this](const auto& offer) { commands::price_holdings(world_, offer); };
  reports_.on_ready = [this] { tailnet_.poke(); };
  world_.voice.said = [this](const auto& chat) { sender_.wake(chat); };
  world_.voice.progress = [this](const auto& key, auto text) { sender_.progress(key, std::move(text)); };
  world_.voice.settled = [this](const auto& key) { sender_.settled(key); };
  runner_.on_pause = [this](const auto&) {
    session_.look();
    // The cloud's answers are large and gone; what they took lies between what stays, where free() keeps it.
    ::malloc_trim(0);
  };
  if (matrix_) matrix_->on_recovery([this] { sender_.retry(); });
  if (slack_) {
    slack_->on_recovery([this] { sender_.retry(); });
    slack_->why_not = [this](const In& press) { return bot_.why_not(*slack_, press); };
  }
  sender_.on_delivered = [this, is_service = console.is_service] {
    if (!is_service) session_.look();
    storage_.database.tidy();
  };
  if (!console.is_service) bot_.on_handled = [this] { session_.look(); };
}

void Program::start() {
  net::spawn(io_.get_executor(), "prices, keys and firewalls", project_.keep_fresh());
  net::spawn(io_.get_executor(), "reconciler", reconciler_.run());
  for (auto* chat : chats())
    net::spawn(io_.get_executor(), "sender to the chat " + chat->name(), sender_.run(*chat));
  bot_.start();
  net::spawn(io_.get_executor(), "scheduler", scheduler_.run());
  net::spawn(io_.get_executor(), "keeper", keeper_.run());
  net::spawn(io_.get_executor(), "retention", forget_old_messages(world_.clock, storage_));
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

std::vector<Chat*> Program::chats() {
  std::vector<Chat*> all = {&console_, &control_};
  if (matrix_) all.push_back(matrix_.get());
  if (slack_) all.push_back(slack_.get());
  return all;
}

/// What a terminal left behind is still sent: it goes to the log of whoever started the service.
std::vector<Chat*> Program::listened_to(bool is_service) {
  auto heard = chats();
  if (is_service) heard.erase(heard.begin());
  return heard;
}

std::vector<Route> Program::routes() {
  Route report{"POST", "/v1/report", [this](const auto& request, const auto& target) {
                 return report_endpoint_.answer(request, target);
               }};
  return {std::move(report), page("/healthz", [this] { return health_response(chats_); }),
          page("/metrics", [this] { return metrics_.response(); })};
}

std::map<std::string, const net::Tally*> Program::tallies() {
  std::map<std::string, const net::Tally*> peers = {{"hetzner", &hetzner_client_.tally()},
                                                    {"tailnet", &tailnet_client_.tally()}};
  if (matrix_) peers["matrix"] = &matrix_->tally();
  if (slack_) peers["slack"] = &slack_->tally();
  return peers;
}

Notifier::Watched Program::watched() {
  const auto status = [this] {
    return status_line(static_cast<int>(storage_.sessions.running().size()), chats_, world_.clock.now());
  };
  return {[this] { return are_alive(chats_); }, status};
}

void Program::leave() { net::spawn(io_.get_executor(), "goodbye", say_goodbye()); }

net::awaitable<void> Program::say_goodbye() {
  for (auto* chat : chats_) co_await chat->leave();
  io_.stop();
}

void Program::quit(int status) {
  status_ = status;
  // Not at once: whoever calls may be in the middle of something that wants its end.
  boost::asio::post(io_, [this] { io_.stop(); });
}

}  // namespace bot
