#include "net/resolve.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/system/system_error.hpp>
#include <memory>

namespace net {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

/// Shared with the lookup, which may end long after we stopped waiting.
struct Lookup {
  Lookup(const Executor& executor, std::chrono::steady_clock::time_point deadline)
      : resolver(executor), answered(executor, deadline) {}
  tcp::resolver resolver;
  asio::steady_timer answered;
  bool done = false;
  boost::system::error_code failure;
  std::vector<tcp::endpoint> found;
};

void start(const std::shared_ptr<Lookup>& lookup, const std::string& host, std::uint16_t port) {
  lookup->resolver.async_resolve(host, std::to_string(port), [lookup](auto failure, const auto& results) {
    lookup->done = true;
    lookup->failure = failure;
    for (const auto& result : results) lookup->found.push_back(result.endpoint());
    lookup->answered.cancel();
  });
}

}  // namespace

awaitable<std::vector<tcp::endpoint>> resolve(std::string host, std::uint16_t port,
                                              std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(host, failure);
  if (!failure) {
    std::vector<tcp::endpoint> one(1, tcp::endpoint(address, port));
    co_return one;
  }
  auto executor = co_await asio::this_coro::executor;
  auto lookup = std::make_shared<Lookup>(executor, deadline);
  start(lookup, host, port);
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  co_await lookup->answered.async_wait(token);
  if (lookup->done)
    failure = lookup->failure;
  else if (!failure)
    failure = boost::beast::error::timeout;
  if (failure) throw boost::system::system_error(failure);
  co_return lookup->found;
}

}  // namespace net
