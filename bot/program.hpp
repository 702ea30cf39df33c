#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "bot/bot.hpp"
#include "bot/config.hpp"
#include "bot/console.hpp"
#include "bot/control.hpp"
#include "bot/http_server.hpp"
#include "bot/matrix/matrix.hpp"
#include "bot/metrics.hpp"
#include "bot/notify.hpp"
#include "bot/scheduler.hpp"
#include "bot/sender.hpp"
#include "bot/slack/slack.hpp"
#include "bot/terminal_session.hpp"
#include "commands/keeper.hpp"
#include "commands/project.hpp"
#include "commands/reconciler.hpp"
#include "commands/reports.hpp"
#include "commands/runner.hpp"
#include "commands/services.hpp"
#include "hetzner/cloud.hpp"
#include "net/client.hpp"
#include "net/random.hpp"
#include "storage/storage.hpp"
#include "tailnet/tailnet.hpp"

namespace bot {

/// The whole bot over one configuration, its parts in the order they are made. Everything long-lived is
/// here or in main.
class Program {
 public:
  Program(boost::asio::io_context& io, net::Clock& clock, net::Random& random, storage::Storage& storage,
          const Config& config, const ConsoleOptions& console);

  /// Recovers, listens, sends. Returns at once; the io_context runs it.
  void start();
  /// Says goodbye to the chats' servers, in a second or so, and stops.
  void leave();
  /// 0, or 1 when an operation of the terminal failed; once the io_context has stopped.
  [[nodiscard]] int status() const { return status_; }
  /// What systemd hears of it.
  [[nodiscard]] Notifier::Watched watched();
  [[nodiscard]] std::uint16_t reports_port() const { return http_server_.port(); }
  /// What the reports endpoint hands its reports to.
  [[nodiscard]] commands::Reports& reports() { return reports_; }

 private:
  net::awaitable<nlohmann::json> answer(nlohmann::json request);
  std::vector<Chat*> chats();
  std::vector<Chat*> listened_to(bool is_service);
  std::vector<Route> routes();
  std::map<std::string, const net::Tally*> tallies();
  void quit(int status);
  net::awaitable<void> say_goodbye();

  boost::asio::io_context& io_;
  commands::Settings settings_;
  storage::Storage& storage_;
  net::Client hetzner_client_;
  hetzner::Api api_;
  hetzner::Actions actions_;
  hetzner::Cloud cloud_;
  net::Client tailnet_client_;
  tailnet::Tailnet tailnet_;
  commands::Reports reports_;
  ReportEndpoint report_endpoint_;
  HttpServer http_server_;
  commands::Project project_;
  commands::Services world_;
  commands::Runner runner_;
  commands::Reconciler reconciler_;
  Scheduler scheduler_;
  commands::Keeper keeper_;
  Console console_;
  Control control_;
  std::unique_ptr<matrix::Matrix> matrix_;  ///< null without [matrix]
  std::unique_ptr<slack::Slack> slack_;     ///< null without [slack]
  Sender sender_;
  Chats chats_;  ///< those that are listened to
  Bot bot_;
  TerminalSession session_;
  Metrics metrics_;
  int status_ = 0;
};

}  // namespace bot
