#include "net/spawn.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include "net/error.hpp"
#include "tests/catch.hpp"

using net::awaitable;

namespace {

awaitable<void> dies() {
  throw net::Error("the floor is gone");
  co_return;
}
awaitable<void> ends() { co_return; }
awaitable<void> is_cancelled() {
  throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return;
}

/// What on_death was told while the task ran.
std::vector<std::pair<std::string, std::string>> deaths_of(awaitable<void> task) {
  std::vector<std::pair<std::string, std::string>> deaths;
  net::on_death([&](const std::string& name, const std::exception_ptr& why) {
    try {
      std::rethrow_exception(why);
    } catch (const std::exception& error) {
      deaths.emplace_back(name, error.what());
    }
  });
  boost::asio::io_context io;
  net::spawn(io.get_executor(), "the reconciler", std::move(task));
  io.run();
  net::on_death({});
  return deaths;
}

}  // namespace

TEST_CASE("the death of a task is told with its name and its reason") {
  const auto deaths = deaths_of(dies());
  REQUIRE(deaths.size() == 1);
  CHECK(deaths[0].first == "the reconciler");
  CHECK(deaths[0].second == "the floor is gone");
}

TEST_CASE("a task that ends or is cancelled is no death") {
  CHECK(deaths_of(ends()).empty());
  CHECK(deaths_of(is_cancelled()).empty());
}
