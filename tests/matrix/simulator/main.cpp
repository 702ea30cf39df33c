#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "net/url.hpp"
#include "tests/matrix/simulator/simulator.hpp"

namespace {

constexpr int failed = 1;
constexpr int usage = 2;

/// "" when `listen` is a loopback address with a port; else what is wrong.
std::string listen_fault(const std::string& listen) {
  const auto host = net::listen_host(listen);
  return host && net::is_loopback(*host) ? "" : "it must look like 127.0.0.1:8008, on a loopback address";
}

void serve(matrix::simulator::Contents& contents, const matrix::simulator::Options& options,
           const std::vector<std::string>& users) {
  boost::asio::io_context io(1);
  net::SystemClock clock;
  matrix::simulator::Simulator simulator(io.get_executor(), clock, contents, options);
  for (const auto& one : users) {
    const auto colon = one.find(':');
    simulator.home().add_user(one.substr(0, colon), colon == std::string::npos ? "" : one.substr(colon + 1));
  }
  boost::asio::signal_set stop(io, SIGTERM, SIGINT);
  stop.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  fmt::print("matrix-sim listening on {}\n", simulator.url());
  std::fflush(stdout);
  io.run();
}

}  // namespace

/// matrix-sim: a Matrix homeserver for tests and benchmarks. Exit: 0 · 1 failed · 2 usage.
int main(int argc, char** argv) {
  matrix::simulator::Contents contents;
  matrix::simulator::Options options;
  std::vector<std::string> users;
  auto& limits = contents.limits;
  bool is_strict = false;
  CLI::App app("A Matrix homeserver as a simulator, on a loopback address", "matrix-sim");
  app.add_option("--listen", options.listen, "127.0.0.1:PORT")->required()->check(listen_fault);
  auto* certificate = app.add_option("--cert", options.certificate_file, "PEM chain: HTTPS");
  app.add_option("--key", options.private_key_file, "its private key")->needs(certificate);
  app.add_option("--server-name", contents.server_name, "what follows the colon of ids")
      ->capture_default_str();
  app.add_option("--user", users, "NAME[:PASSWORD] of an account; may be repeated");
  app.add_option("--message-rate", limits.messages.per_second, "events a second and user; 0 = any");
  app.add_option("--message-burst", limits.messages.burst, "events at once")->needs("--message-rate");
  app.add_option("--login-rate", limits.logins.per_second, "log-ins a second and user; 0 = any");
  app.add_option("--login-burst", limits.logins.burst, "log-ins at once")->needs("--login-rate");
  app.add_option("--token-lifetime", limits.token_lifetime_s, "seconds; 0 = for ever");
  app.add_flag("--strict", is_strict, "0.5 events a second, 3 at once")->excludes("--message-rate");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  if (is_strict) limits.messages = {0.5, 3};
  try {
    serve(contents, options, users);
  } catch (const std::exception& error) {
    fmt::print(stderr, "matrix-sim: {}\n", error.what());
    return failed;
  }
  return 0;
}
