#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>

#include "tailnet/simulator/simulator.hpp"

namespace {

constexpr int failed = 1;
constexpr int usage = 2;

/// "" when `listen` is a loopback address with a port; else what is wrong.
std::string listen_fault(const std::string& listen) {
  const auto colon = listen.rfind(':');
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(host, failure);
  const bool is_loopback = host == "localhost" || (!failure && address.is_loopback());
  return colon != std::string::npos && is_loopback
             ? ""
             : "it must look like 127.0.0.1:8080, on a loopback address";
}

/// "" when `text` is ID:SECRET; else what is wrong.
std::string oauth_fault(const std::string& text) {
  const auto colon = text.find(':');
  const bool ok = colon != std::string::npos && colon > 0 && colon + 1 < text.size();
  return ok ? "" : "it must look like ID:SECRET";
}

void serve(const tailnet::simulator::Options& options) {
  boost::asio::io_context io(1);
  net::SystemClock clock;
  const tailnet::simulator::Simulator simulator(io.get_executor(), clock, options);
  boost::asio::signal_set stop(io, SIGTERM, SIGINT);
  stop.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  const auto host = options.listen.substr(0, options.listen.rfind(':'));
  fmt::print("tailnet-sim listening on http://{}:{}\n", host, simulator.port());
  std::fflush(stdout);
  io.run();
}

}  // namespace

/// tailnet-sim: the Tailscale API v2 for tests and demonstrations. Exit: 0 · 1 failed · 2 usage.
int main(int argc, char** argv) {
  tailnet::simulator::Options options;
  std::string oauth;
  CLI::App app("The Tailscale API v2 as a simulator, on a loopback address", "tailnet-sim");
  app.add_option("--listen", options.listen, "127.0.0.1:PORT")->required()->check(listen_fault);
  app.add_option("--oauth", oauth, "ID:SECRET of the OAuth client")->required()->check(oauth_fault);
  app.add_option("--api-key", options.api_key, "a further accepted token");
  app.add_option("--state", options.state_file, "file that keeps its state");
  app.add_option("--tag", options.tag, "the one tag its policy knows")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  options.oauth_id = oauth.substr(0, oauth.find(':'));
  options.oauth_secret = oauth.substr(oauth.find(':') + 1);
  try {
    serve(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "tailnet-sim: {}\n", error.what());
    return failed;
  }
  return 0;
}
