#include "tests/weeks/wires.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "tests/catch.hpp"

using boost::asio::ip::tcp;

TEST_CASE("wires are silent when all that was sent has arrived, read or not") {
  boost::asio::io_context io(1);
  REQUIRE(weeks::are_silent());
  tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  CHECK(weeks::are_silent());
  tcp::socket client(io);
  client.connect(acceptor.local_endpoint());
  CHECK_FALSE(weeks::are_silent());
  tcp::socket server(io);
  acceptor.accept(server);
  CHECK(weeks::are_silent());
  boost::asio::write(client, boost::asio::buffer(std::string(1000, 'x')));
  CHECK(weeks::are_silent());
  CHECK(server.available() == 1000);
  // More than the other side takes before it reads: the rest is with us.
  client.non_blocking(true);
  const std::string much(64 * 1024, 'x');
  boost::system::error_code full;
  while (!full) client.write_some(boost::asio::buffer(much), full);
  CHECK_FALSE(weeks::are_silent());
  std::string read(64 * 1024, ' ');
  server.non_blocking(true);
  boost::system::error_code empty;
  for (int tries = 0; tries < 1'000'000 && !weeks::are_silent(); ++tries)
    server.read_some(boost::asio::buffer(read), empty);
  CHECK(weeks::are_silent());
  client.close();
  for (int tries = 0; tries < 1'000'000 && !weeks::are_silent(); ++tries) {
  }
  CHECK(weeks::are_silent());
}
