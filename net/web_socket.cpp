#include "net/web_socket.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "net/error.hpp"
#include "net/resolve.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"
#include "net/web_socket_layer.hpp"

namespace net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using boost::system::system_error;
namespace {

std::string web_socket_sentence(const error_code& failure, const websocket::close_reason& reason) {
  if (failure == websocket::error::closed)
    return fmt::format("closed: {} {}", reason.code,
                       std::string_view(reason.reason.data(), reason.reason.size()));
  if (failure == beast::error::timeout) return "nothing was heard of it for too long";
  if (failure == asio::error::eof) return "closed without a word";
  return failure.message();
}

/// Where the members of a WebSocket's URL go wrong is for whoever dials it to say.
std::string place_of(const Endpoint& endpoint) { return fmt::format("{}:{}", endpoint.host, endpoint.port); }

}  // namespace

struct WebSocket::State {
  State(std::shared_ptr<Stream> stream, const WebSocketOptions& options)
      : socket(WebSocketLayer(std::move(stream))), silence(options.silence) {
    socket.next_layer().stream().expires_never();
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = options.handshake;
    timeout.idle_timeout = websocket::stream_base::none();
    socket.set_option(timeout);
    socket.auto_fragment(false);
    socket.read_message_max(options.message_limit);
  }
  /// From now on silence is death. Not during the handshake, which has a limit of its own.
  void begin() {
    is_open = true;
    if (silence <= Duration::zero()) return;
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = silence;
    timeout.idle_timeout = silence;
    timeout.keep_alive_pings = true;
    socket.set_option(timeout);
  }
  void finish(const std::string& how) {
    if (!is_open) return;
    is_open = false;
    end = how;
    queue.clear();
    socket.next_layer().stream().close();
  }

  static void write_next(const std::shared_ptr<State>& state);

  websocket::stream<WebSocketLayer, false> socket;
  Duration silence;
  beast::flat_buffer buffer;
  std::deque<std::string> queue;
  bool is_writing = false;
  bool is_open = false;
  std::string end;
};

/// Begins at once, so that an answer is on its way before anything else is done.
void WebSocket::State::write_next(const std::shared_ptr<State>& state) {
  auto text = std::make_shared<std::string>(std::move(state->queue.front()));
  state->queue.pop_front();
  state->is_writing = true;
  const auto bytes = asio::buffer(*text);
  state->socket.async_write(bytes, [state, text](const error_code& failure, std::size_t) {
    state->is_writing = false;
    if (failure) return state->finish(web_socket_sentence(failure, state->socket.reason()));
    if (!state->queue.empty()) write_next(state);
  });
}

WebSocket::~WebSocket() { abort(); }

awaitable<std::optional<WebSocket::Message>> WebSocket::read() {
  const auto state = state_;
  if (!state->is_open) co_return std::nullopt;
  error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  co_await state->socket.async_read(state->buffer, token);
  if (failure) {
    state->finish(web_socket_sentence(failure, state->socket.reason()));
    co_return std::nullopt;
  }
  Message message;
  message.text = beast::buffers_to_string(state->buffer.data());
  message.is_binary = !state->socket.got_text();
  state->buffer.consume(state->buffer.size());
  co_return message;
}

void WebSocket::send(std::string text) {
  if (!state_->is_open) return;
  state_->queue.push_back(std::move(text));
  if (!state_->is_writing) State::write_next(state_);
}

void WebSocket::ping(std::string payload) {
  if (!state_->is_open) return;
  auto kept = std::make_shared<std::string>(std::move(payload));
  const websocket::ping_data data(kept->data(), kept->size());
  state_->socket.async_ping(data, [state = state_](const error_code&) {});
}

awaitable<void> WebSocket::close(Duration at_most) {
  const auto state = state_;
  if (!state->is_open) co_return;
  asio::steady_timer limit(state->socket.get_executor(), at_most);
  limit.async_wait([state](const error_code& failure) {
    if (!failure) state->finish("we closed it, and no answer came");
  });
  error_code failure;
  auto token = asio::redirect_error(asio::use_awaitable, failure);
  const websocket::close_reason reason(websocket::close_code::going_away);
  co_await state->socket.async_close(reason, token);
  limit.cancel();
  state->finish("we closed it");
}

void WebSocket::abort(bool reset) {
  if (reset && state_->is_open) state_->socket.next_layer().stream().reset_on_close();
  state_->finish("we cut it");
}

void WebSocket::fall_silent() { state_->socket.next_layer().fall_silent(); }

bool WebSocket::is_open() const { return state_->is_open; }
const std::string& WebSocket::end() const { return state_->end; }
std::size_t WebSocket::queued() const { return state_->queue.size() + (state_->is_writing ? 1 : 0); }

awaitable<std::shared_ptr<WebSocket>> WebSocket::dial(Executor executor, std::string url,
                                                      WebSocketOptions options) {
  const auto link = parse_link(url);
  const auto deadline = std::chrono::steady_clock::now() + options.handshake;
  std::string why;
  try {
    auto addresses = co_await resolve(link.endpoint.host, link.endpoint.port, deadline);
    auto stream = std::make_shared<Stream>(executor);
    stream->expires_at(deadline);
    co_await stream->connect(addresses);
    std::shared_ptr<asio::ssl::context> tls;
    if (link.endpoint.tls) {
      tls = client_tls(options.ca_file);
      co_await stream->be_tls_client(*tls, link.endpoint.host);
    }
    auto state = std::make_shared<State>(std::move(stream), options);
    websocket::response_type answer;
    error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    const auto host = link.endpoint.authority();
    co_await state->socket.async_handshake(answer, host, link.target, token);
    if (failure == websocket::error::upgrade_declined)
      throw Error(fmt::format("it answered {} to the handshake", answer.result_int()));
    if (failure) throw system_error(failure);
    state->begin();
    co_return std::make_shared<WebSocket>(std::move(state));
  } catch (const system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    why = error.code() == beast::error::timeout ? "it took too long" : error.code().message();
  } catch (const Error& error) {
    why = error.what();
  }
  throw NotSent(fmt::format("no WebSocket with {}: {}", place_of(link.endpoint), why));
}

awaitable<std::shared_ptr<WebSocket>> accept_web_socket(std::shared_ptr<Stream> stream,
                                                        const HttpRequest& request,
                                                        WebSocketOptions options) {
  beast::http::request<beast::http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(request.target);
  for (const auto& [name, value] : request.headers) message.insert(name, value);
  auto state = std::make_shared<WebSocket::State>(std::move(stream), options);
  co_await state->socket.async_accept(message, asio::use_awaitable);
  state->begin();
  co_return std::make_shared<WebSocket>(std::move(state));
}

}  // namespace net
