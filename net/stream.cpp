#include "net/stream.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>

#include "net/error.hpp"

namespace net {
namespace asio = boost::asio;
namespace {

/// The name goes into the handshake (SNI) and must be in the certificate; an address only the latter.
void expect_host(SSL* ssl, const std::string& host) {
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  auto* verified = SSL_get0_param(ssl);
  if (!not_an_address) {
    X509_VERIFY_PARAM_set1_ip_asc(verified, host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, host.c_str());
  X509_VERIFY_PARAM_set_hostflags(verified, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(verified, host.c_str(), host.size());
}

}  // namespace

Stream::Stream(tcp::socket socket) : tcp_(std::move(socket)) {
  boost::system::error_code already_gone;
  tcp_.socket().set_option(tcp::no_delay(true), already_gone);
}

awaitable<void> Stream::connect(std::vector<tcp::endpoint> addresses) {
  co_await tcp_.async_connect(addresses, asio::use_awaitable);
  tcp_.socket().set_option(tcp::no_delay(true));
}

awaitable<void> Stream::be_tls_client(asio::ssl::context& context, std::string host) {
  tls_.emplace(tcp_, context);
  expect_host(tls_->native_handle(), host);
  boost::system::error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  co_await tls_->async_handshake(asio::ssl::stream_base::client, token);
  const auto verdict = SSL_get_verify_result(tls_->native_handle());
  if (failure && verdict != X509_V_OK)
    throw Error(std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict));
  if (failure) throw boost::system::system_error(failure);
}

awaitable<void> Stream::be_tls_server(asio::ssl::context& context) {
  tls_.emplace(tcp_, context);
  co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
}

awaitable<std::size_t> Stream::read_some(asio::mutable_buffer into) {
  boost::system::error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  std::size_t size = 0;
  if (tls_)
    size = co_await tls_->async_read_some(into, token);
  else
    size = co_await tcp_.async_read_some(into, token);
  if (failure == asio::error::eof) co_return 0;
  if (failure) throw boost::system::system_error(failure);
  co_return size;
}

awaitable<void> Stream::write(std::string bytes) {
  const auto buffer = asio::buffer(std::as_const(bytes));
  if (tls_)
    co_await asio::async_write(*tls_, buffer, asio::use_awaitable);
  else
    co_await asio::async_write(tcp_, buffer, asio::use_awaitable);
}

void Stream::say_no_more() {
  boost::system::error_code gone;
  tcp_.socket().shutdown(tcp::socket::shutdown_send, gone);
}

void Stream::reset_on_close() {
  boost::system::error_code gone;
  tcp_.socket().set_option(boost::asio::socket_base::linger(true, 0), gone);
}

awaitable<void> Stream::linger() {
  boost::system::error_code gone;
  say_no_more();
  char bytes[4096];
  const auto into = asio::buffer(bytes);
  auto token = asio::redirect_error(asio::use_awaitable, gone);
  while (!gone) co_await tcp_.async_read_some(into, token);
}

bool Stream::is_quiet() {
  char byte = 0;
  const auto got = ::recv(tcp_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace net
