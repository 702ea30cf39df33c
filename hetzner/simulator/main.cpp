#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "hetzner/simulator/simulator.hpp"
#include "net/spawn.hpp"
#include "net/url.hpp"

namespace {

using hetzner::simulator::Options;

/// A simulator has no secrets to keep: nobody but this machine may speak to it.
std::string refuse_other_than_loopback(const std::string& listen) {
  const auto host = net::listen_host(listen);
  if (!host) return "must look like 127.0.0.1:8080";
  return net::is_loopback(*host) ? "" : "the simulator listens on a loopback address only";
}

void take_arguments(CLI::App& app, Options& options) {
  app.add_option("--listen", options.listen, "HOST:PORT, loopback only; port 0 = any")
      ->check(refuse_other_than_loopback);
  app.add_option("--token", options.tokens, "an API token; each is a project of its own")->required();
  app.add_option("--read-only-token", options.read_only_tokens, "the n-th reads the n-th project");
  app.add_option("--speed", options.speed, "divides every duration, not the billing clock")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of the random numbers");
  app.add_option("--state", options.state_file, "keep the state in this file");
  app.add_option("--catalogue", options.catalogue_file, "types, prices, locations and images (JSON)");
  app.add_option("--ipv4-pool", options.ipv4_pool, "where addresses come from (CIDR)");
  app.add_option("--shape", options.shape, "2025: objects as of before 2026, with datacenter and deprecated")
      ->check(CLI::IsMember({2025, 2026}));
  app.add_option("--hook", options.hook, "command run for every event of a machine (SIM_EVENT, SIM_ID, …)");
}

int serve(const Options& options) {
  boost::asio::io_context io(1);
  net::SystemClock clock;
  int result = 0;
  net::on_death([&](const std::string&, const std::exception_ptr&) {
    result = 1;
    io.stop();
  });
  hetzner::simulator::Simulator simulator(io.get_executor(), clock, options);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  std::cout << "hetzner-sim listening on http://127.0.0.1:" << simulator.port() << std::endl;
  io.run();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"The Hetzner Cloud API, simulated"};
  take_arguments(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return serve(options);
  } catch (const std::exception& error) {
    std::cerr << "hetzner-sim: " << error.what() << '\n';
    return 1;
  }
}
