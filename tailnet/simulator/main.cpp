#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <map>

#include "net/url.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace {

constexpr int failed = 1;
constexpr int usage = 2;

/// "" when `listen` is a loopback address with a port; else what is wrong.
std::string listen_fault(const std::string& listen) {
  const auto host = net::listen_host(listen);
  return host && net::is_loopback(*host) ? "" : "it must look like 127.0.0.1:8080, on a loopback address";
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

/// tailnet-sim: the Tailscale API v2 or headscale's v1 for tests and demonstrations. Exit: 0 · 1 failed · 2
/// usage.
int main(int argc, char** argv) {
  tailnet::simulator::Options options;
  std::string oauth;
  const std::map<std::string, int> versions = {{"0.26", 26}, {"0.28", 28}, {"0.29", 29}};
  CLI::App app("The Tailscale API v2 or headscale's v1 as a simulator, on a loopback address", "tailnet-sim");
  app.add_option("--listen", options.listen, "127.0.0.1:PORT")->required()->check(listen_fault);
  auto* client = app.add_option("--oauth", oauth, "ID:SECRET of the OAuth client")->check(oauth_fault);
  auto* key = app.add_option("--api-key", options.api_key, "a further accepted token; headscale's API key");
  auto* headscale = app.add_option("--headscale", options.headscale, "answer as this version of headscale")
                        ->transform(CLI::CheckedTransformer(versions))
                        ->excludes(client)
                        ->needs(key);
  app.add_option("--state", options.state_file, "file that keeps its state");
  app.add_option("--tag", options.tag, "the one tag its policy knows")->capture_default_str();
  app.add_option("--domain", options.domain, "of the machines' names")->capture_default_str();
  try {
    app.parse(argc, argv);
    if (client->empty() && headscale->empty()) throw CLI::RequiredError("--oauth");
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
