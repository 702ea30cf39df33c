#include "net/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <set>

#include "net/error.hpp"
#include "net/message.hpp"
#include "net/spawn.hpp"
#include "net/web_socket.hpp"

namespace net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::system_error;
namespace {

using Parser = http::request_parser<http::string_body>;

asio::ssl::context tls_context(const ServerOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  boost::system::error_code failure;
  context.use_certificate_chain_file(options.certificate_file, failure);
  if (failure)
    throw Error("cannot use the certificate " + options.certificate_file + ": " + failure.message());
  context.use_private_key_file(options.private_key_file, asio::ssl::context::pem, failure);
  if (failure)
    throw Error("cannot use the private key " + options.private_key_file + ": " + failure.message());
  return context;
}

tcp::acceptor listen_on(const Executor& executor, const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos)
    throw Error("cannot listen on \"" + listen + "\": it must look like 127.0.0.1:8080");
  auto host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  try {
    tcp::resolver resolver(executor);
    const auto found = resolver.resolve(host, listen.substr(colon + 1), tcp::resolver::passive);
    return tcp::acceptor(executor, found.begin()->endpoint());
  } catch (const system_error& error) {
    throw Error("cannot listen on " + listen + ": " + error.code().message());
  }
}

HttpResponse refusal(int status, std::string_view code, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = fmt::format(R"({{"error":{{"code":"{}","message":"{}","details":null}}}})", code, message);
  return response;
}

/// What a request that could not be read is told; nullopt when nobody is there to be told.
std::optional<HttpResponse> refusal_of(const boost::system::error_code& failure) {
  if (failure == http::error::body_limit)
    return refusal(413, "request_too_large", "the request is too large");
  if (failure == http::error::partial_message) return std::nullopt;
  if (failure.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return refusal(400, "bad_request", "this is not an HTTP/1.1 request");
}

std::string bytes_to_send(const HttpResponse& response, bool keep_alive, bool head_only) {
  if (response.delivery == Delivery::cut_before) return "";
  if (response.delivery == Delivery::garbage) return "\x01\x02 this is not HTTP\r\n\r\n";
  auto bytes = encode(response, keep_alive, head_only);
  if (response.delivery == Delivery::cut_half)
    bytes.resize(response.body.empty() ? bytes.size() / 2 : bytes.size() - (response.body.size() + 1) / 2);
  return bytes;
}

/// A byte now and then, until all are sent or the other side has had enough. As long as that takes.
awaitable<void> drip(Stream& stream, std::string bytes, Duration pause) {
  asio::steady_timer timer(stream.executor());
  stream.expires_never();
  for (const char byte : bytes) {
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
    const std::string one(1, byte);
    co_await stream.write(one);
  }
}

struct Connection : std::enable_shared_from_this<Connection> {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
  void time_out_after(Duration time) { stream.expires_at(std::chrono::steady_clock::now() + time); }
  Stream stream;
  std::optional<std::chrono::steady_clock::time_point> waits_since;  ///< for a whole request
  boost::beast::flat_buffer buffer;
  asio::cancellation_signal stop;
};

}  // namespace

/// Shared by the listener and every connection, so that a handler may end after the Server is gone.
struct Server::State {
  State(const Executor& executor, const std::string& listen, Handler handler_, ServerOptions options_)
      : acceptor(listen_on(executor, listen)),
        port(acceptor.local_endpoint().port()),
        handler(std::move(handler_)),
        options(std::move(options_)) {
    if (!options.certificate_file.empty()) tls.emplace(tls_context(options));
  }

  static awaitable<void> accept(std::shared_ptr<State> state);
  static void start(const std::shared_ptr<State>& state, tcp::socket socket);
  static awaitable<void> serve(std::shared_ptr<State> state, std::shared_ptr<Connection> connection);
  /// True when another request may follow on the connection.
  awaitable<bool> exchange(Connection& connection);
  bool make_room();
  static awaitable<void> upgrade(Connection& connection, const HttpRequest& request, HttpResponse response);
  awaitable<bool> read_request(Connection& connection, Parser& parser);
  awaitable<void> refuse(Connection& connection, HttpResponse response);
  awaitable<HttpResponse> answer(const HttpRequest& request);
  void stop();

  tcp::acceptor acceptor;
  std::uint16_t port;
  Handler handler;
  ServerOptions options;
  std::optional<asio::ssl::context> tls;
  std::set<std::shared_ptr<Connection>> connections;
};

awaitable<void> Server::State::accept(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->acceptor.get_executor());
  while (state->acceptor.is_open()) {
    boost::system::error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    auto socket = co_await state->acceptor.async_accept(token);
    if (!failure) {
      start(state, std::move(socket));
    } else if (state->acceptor.is_open()) {
      // Out of file descriptors, most likely: without a pause this loop would spin.
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::use_awaitable);
    }
  }
}

void Server::State::start(const std::shared_ptr<State>& state, tcp::socket socket) {
  if (state->connections.size() >= state->options.connections && !state->make_room()) return;
  auto connection = std::make_shared<Connection>(std::move(socket));
  state->connections.insert(connection);
  auto ended = [state, connection](const std::exception_ptr& failure) {
    connection->stream.close();
    state->connections.erase(connection);
    if (failure) spdlog::error("a connection ended with an unexpected exception");
  };
  asio::co_spawn(state->acceptor.get_executor(), serve(state, connection),
                 asio::bind_cancellation_slot(connection->stop.slot(), std::move(ended)));
}

bool Server::State::make_room() {
  const auto waits_longer = [](const auto& one, const auto& other) {
    return one->waits_since && (!other->waits_since || *one->waits_since < *other->waits_since);
  };
  const auto longest = std::min_element(connections.begin(), connections.end(), waits_longer);
  if (longest == connections.end() || !(*longest)->waits_since) return false;
  const auto connection = *longest;
  connection->stream.close();
  connection->waits_since.reset();
  return connections.erase(connection) == 1;
}

awaitable<void> Server::State::serve(std::shared_ptr<State> state, std::shared_ptr<Connection> connection) {
  try {
    connection->time_out_after(state->options.idle);
    connection->waits_since = std::chrono::steady_clock::now();
    if (state->tls) co_await connection->stream.be_tls_server(*state->tls);
    for (bool more = true; more;) more = co_await state->exchange(*connection);
  } catch (const system_error& error) {
    spdlog::debug("a connection ended: {}", error.what());
  }
}

awaitable<bool> Server::State::exchange(Connection& connection) {
  connection.time_out_after(options.idle);
  connection.waits_since = std::chrono::steady_clock::now();
  Parser parser;
  bool asked = false;
  std::optional<HttpResponse> refused;
  try {
    asked = co_await read_request(connection, parser);
  } catch (const system_error& error) {
    refused = refusal_of(error.code());
    if (!refused) throw;
  }
  if (refused) co_await refuse(connection, *refused);
  if (!asked) co_return false;

  connection.waits_since.reset();
  const auto request = request_of(parser.get());
  auto response = co_await answer(request);
  if (response.upgrade) {
    co_await upgrade(connection, request, std::move(response));
    co_return false;
  }
  const bool keep_alive = parser.keep_alive() && response.delivery == Delivery::whole;
  auto bytes = bytes_to_send(response, keep_alive, request.method == "HEAD");
  connection.time_out_after(options.idle);
  if (response.delivery == Delivery::drip)
    co_await drip(connection.stream, std::move(bytes), response.pause);
  else if (!bytes.empty())
    co_await connection.stream.write(bytes);
  if (response.sent) response.sent();
  co_return keep_alive;
}

/// A handshake that is none ends the connection; the rest is up to whoever talks.
awaitable<void> Server::State::upgrade(Connection& connection, const HttpRequest& request,
                                       HttpResponse response) {
  const std::shared_ptr<Stream> stream(connection.shared_from_this(), &connection.stream);
  WebSocketOptions served;
  served.silence = Duration::zero();
  auto socket = co_await accept_web_socket(stream, request, served);
  if (response.sent) response.sent();
  co_await response.upgrade(socket);
}

awaitable<bool> Server::State::read_request(Connection& connection, Parser& parser) {
  limit(parser, options.body_limit);
  const bool asked = co_await read_message(connection.stream, connection.buffer, parser);
  if (!asked) co_return false;
  const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto expect = parser.get()[http::field::expect];
  if (!parser.is_done() && boost::beast::iequals(expect, "100-continue"))
    co_await connection.stream.write(go_on);
  parser.eager(true);
  co_return co_await read_message(connection.stream, connection.buffer, parser);
}

awaitable<void> Server::State::refuse(Connection& connection, HttpResponse response) {
  const auto bytes = encode(response, false, false);
  connection.time_out_after(std::chrono::seconds(2));
  co_await connection.stream.write(bytes);
  co_await connection.stream.linger();
}

awaitable<HttpResponse> Server::State::answer(const HttpRequest& request) {
  try {
    co_return co_await handler(request);
  } catch (const std::exception& error) {
    if (!acceptor.is_open()) throw;
    spdlog::error("{} {} failed: {}", request.method, request.target, error.what());
  }
  co_return refusal(500, "server_error", "internal error");
}

void Server::State::stop() {
  boost::system::error_code ignored;
  acceptor.close(ignored);
  for (const auto& connection : connections) {
    connection->stream.close();
    // Later, for the one who stops us may be a handler.
    asio::post(acceptor.get_executor(),
               [connection] { connection->stop.emit(asio::cancellation_type::terminal); });
  }
}

Server::Server(Executor executor, const std::string& listen, Handler handler, ServerOptions options)
    : state_(std::make_shared<State>(executor, listen, std::move(handler), std::move(options))) {
  spawn(executor, "http server on " + listen, State::accept(state_));
}
Server::~Server() { stop(); }

std::uint16_t Server::port() const { return state_->port; }
void Server::stop() { state_->stop(); }

}  // namespace net
