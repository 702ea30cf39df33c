#include "tests/bench/front.hpp"

#include <boost/asio/co_spawn.hpp>

namespace bench {
namespace {

/// What the next hop sets by itself.
bool is_of_one_hop(const std::string& name) {
  const net::Headers one = {{name, ""}};
  for (const auto* set : {"Host", "User-Agent", "Content-Length", "Connection", "Date"})
    if (net::find_header(one, set)) return true;
  return false;
}

net::awaitable<net::HttpResponse> pass_on(net::Client& behind, net::HttpRequest request) {
  std::erase_if(request.headers, [](const auto& header) { return is_of_one_hop(header.first); });
  auto response = co_await behind.fetch(request, std::chrono::seconds(30));
  std::erase_if(response.headers, [](const auto& header) { return is_of_one_hop(header.first); });
  co_return response;
}

}  // namespace

Front::~Front() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

std::string Front::put_before(const std::string& url) {
  auto& behind =
      *behind_.emplace_back(std::make_unique<net::Client>(io_.get_executor(), net::parse_endpoint(url)));
  const auto identity = ca_.issue("DNS:localhost");
  net::ServerOptions options;
  options.certificate_file = identity.certificate_file;
  options.private_key_file = identity.private_key_file;
  const auto& server = servers_.emplace_back(std::make_unique<net::Server>(
      io_.get_executor(), "127.0.0.1:0", [&behind](const auto& request) { return pass_on(behind, request); },
      options));
  return "https://localhost:" + std::to_string(server->port());
}

void Front::start() {
  thread_ = std::thread([this] { io_.run(); });
}

}  // namespace bench
