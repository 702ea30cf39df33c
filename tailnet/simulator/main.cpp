#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "net/spawn.hpp"
#include "tailnet/simulator/simulator.hpp"

namespace {

using tailnet::simulator::Options;

std::string refuse_other_than_loopback(const std::string& listen) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(listen.substr(0, listen.rfind(':')), failure);
  const bool loopback = listen.rfind(':') != std::string::npos && !failure && address.is_loopback();
  return loopback ? "" : "the simulator listens on a loopback address only: 127.0.0.1:PORT";
}

int serve(const Options& options) {
  boost::asio::io_context io(1);
  net::SystemClock clock;
  int result = 0;
  net::on_death([&](const std::string&, const std::string&) {
    result = 1;
    io.stop();
  });
  tailnet::simulator::Simulator simulator(io.get_executor(), clock, options);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  std::cout << "tailnet-sim listening on http://127.0.0.1:" << simulator.port() << std::endl;
  io.run();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::string oauth;
  CLI::App app{"The Tailscale API, simulated"};
  app.add_option("--listen", options.listen, "HOST:PORT, loopback only; port 0 = any")
      ->check(refuse_other_than_loopback);
  app.add_option("--oauth", oauth, "ID:SECRET of the OAuth client")
      ->required()
      ->check([](const std::string& text) {
        return text.find(':') == std::string::npos ? "must look like ID:SECRET" : "";
      });
  app.add_option("--api-key", options.api_key, "a further bearer token that is accepted");
  app.add_option("--state", options.state_file, "keep the state in this file");
  app.add_option("--tag", options.tag, "the one tag that its policy knows");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.oauth_id = oauth.substr(0, oauth.find(':'));
  options.oauth_secret = oauth.substr(oauth.find(':') + 1);
  try {
    return serve(options);
  } catch (const std::exception& error) {
    std::cerr << "tailnet-sim: " << error.what() << '\n';
    return 1;
  }
}
