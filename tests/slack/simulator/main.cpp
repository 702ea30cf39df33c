#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "net/url.hpp"
#include "tests/slack/simulator/simulator.hpp"

namespace {

constexpr int failed = 1;
constexpr int usage = 2;

/// "" when `listen` is a loopback address with a port; else what is wrong.
std::string listen_fault(const std::string& listen) {
  const auto host = net::listen_host(listen);
  return host && net::is_loopback(*host) ? "" : "it must look like 127.0.0.1:8009, on a loopback address";
}

void serve(slack::simulator::Team& team, const slack::simulator::Options& options) {
  boost::asio::io_context io(1);
  net::SystemClock clock;
  slack::simulator::Simulator simulator(io.get_executor(), clock, team, options);
  boost::asio::signal_set stop(io, SIGTERM, SIGINT);
  stop.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  fmt::print("slack-sim listening on {}\n", simulator.api_url());
  std::fflush(stdout);
  io.run();
}

}  // namespace

/// slack-sim: a workspace of Slack for tests and benchmarks. Exit: 0 · 1 failed · 2 usage.
int main(int argc, char** argv) {
  slack::simulator::Team team;
  slack::simulator::Options options;
  CLI::App app("A workspace of Slack as a simulator, on a loopback address", "slack-sim");
  app.add_option("--listen", options.listen, "127.0.0.1:PORT")->required()->check(listen_fault);
  auto* certificate = app.add_option("--cert", options.certificate_file, "PEM chain: https and wss");
  app.add_option("--key", options.private_key_file, "its private key")->needs(certificate);
  app.add_option("--app-token", team.app_token, "xapp-…")->capture_default_str();
  app.add_option("--bot-token", team.bot_token, "xoxb-…")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  try {
    serve(team, options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "slack-sim: {}\n", error.what());
    return failed;
  }
  return 0;
}
