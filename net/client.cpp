#include "net/client.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/error.hpp"
#include "net/message.hpp"
#include "net/resolve.hpp"
#include "net/tls.hpp"

namespace net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::system_error;
namespace {

std::string sentence(const system_error& error) {
  const auto code = error.code();
  if (code == boost::beast::error::timeout) return "it took too long";
  if (code == http::error::end_of_stream || code == http::error::partial_message ||
      code == asio::ssl::error::stream_truncated)
    return "the connection was closed before the end of the answer";
  if (code == http::error::body_limit) return "the answer is too large";
  if (code.category() == make_error_code(http::error::bad_version).category())
    return "the answer is not HTTP: " + code.message();
  return code.message();
}

/// A request on its way: `sent` tells the two kinds of failure apart.
struct Exchange {
  std::string method;
  std::string bytes;
  Stream::Deadline deadline;
  bool sent = false;
};

}  // namespace

struct Client::State {
  struct Kept {
    std::unique_ptr<Stream> stream;
    std::chrono::steady_clock::time_point since;
  };

  State(Executor executor_, Endpoint endpoint_, ClientOptions options_)
      : executor(std::move(executor_)), endpoint(std::move(endpoint_)), options(std::move(options_)) {
    if (endpoint.tls) tls = client_tls(options.ca_file);
  }

  std::unique_ptr<Stream> find_kept();
  awaitable<std::unique_ptr<Stream>> connect(Stream::Deadline deadline);
  awaitable<HttpResponse> read_answer(Stream& stream, bool head_only, bool& reusable);
  awaitable<HttpResponse> exchange(Exchange& ask);
  void count(const Exchange& ask, std::string result) {
    ++options.tally->requests[{ask.method, std::move(result)}];
  }
  static awaitable<HttpResponse> fetch(std::shared_ptr<State> state, Exchange ask);

  Executor executor;
  Endpoint endpoint;
  ClientOptions options;
  std::shared_ptr<asio::ssl::context> tls;
  std::vector<Kept> kept;
};

std::unique_ptr<Stream> Client::State::find_kept() {
  const auto oldest = std::chrono::steady_clock::now() - options.idle;
  std::erase_if(kept, [&](const Kept& one) { return one.since < oldest || !one.stream->is_quiet(); });
  if (kept.empty()) return nullptr;
  auto stream = std::move(kept.back().stream);
  kept.pop_back();
  return stream;
}

awaitable<std::unique_ptr<Stream>> Client::State::connect(Stream::Deadline deadline) {
  auto addresses = co_await resolve(endpoint.host, endpoint.port, deadline);
  auto stream = std::make_unique<Stream>(executor);
  stream->expires_at(deadline);
  co_await stream->connect(addresses);
  if (tls) co_await stream->be_tls_client(*tls, endpoint.host);
  co_return stream;
}

awaitable<HttpResponse> Client::State::read_answer(Stream& stream, bool head_only, bool& reusable) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.skip(head_only);
    parser.header_limit(64 * 1024);
    parser.body_limit(options.body_limit);
    const bool answered = co_await read_message(stream, buffer, parser);
    if (!answered) throw system_error(http::error::end_of_stream);
    reusable = parser.keep_alive() && buffer.size() == 0;
    const bool interim = parser.get().result_int() < 200;
    if (interim) continue;
    HttpResponse response;
    response.status = static_cast<int>(parser.get().result_int());
    response.headers = headers_of(parser.get());
    response.body = std::move(parser.get().body());
    co_return response;
  }
}

awaitable<HttpResponse> Client::State::exchange(Exchange& ask) {
  auto stream = find_kept();
  if (!stream) stream = co_await connect(ask.deadline);
  stream->expires_at(ask.deadline);
  ask.sent = true;
  co_await stream->write(ask.bytes);
  const bool head_only = ask.method == "HEAD";
  bool reusable = false;
  auto response = co_await read_answer(*stream, head_only, reusable);
  if (reusable) kept.push_back(Kept{std::move(stream), std::chrono::steady_clock::now()});
  co_return response;
}

awaitable<HttpResponse> Client::State::fetch(std::shared_ptr<State> state, Exchange ask) {
  std::string why;
  try {
    auto response = co_await state->exchange(ask);
    state->count(ask, std::to_string(response.status / 100) + "xx");
    if (response.status == 429) ++state->options.tally->rate_limited;
    co_return response;
  } catch (const system_error& error) {
    if (error.code() == asio::error::operation_aborted) {
      state->count(ask, "cancelled");
      throw;
    }
    why = sentence(error);
  } catch (const Error& error) {
    why = error.what();
  }
  state->count(ask, ask.sent ? "no_answer" : "not_sent");
  const auto peer = fmt::format("{}:{}", state->endpoint.host, state->endpoint.port);
  if (!ask.sent) throw NotSent(fmt::format("cannot reach {}: {}", peer, why));
  throw NoAnswer(fmt::format("no answer from {}: {}", peer, why));
}

Client::Client(Executor executor, Endpoint endpoint, ClientOptions options)
    : state_(std::make_shared<State>(std::move(executor), std::move(endpoint), std::move(options))) {}
Client::~Client() = default;

awaitable<HttpResponse> Client::fetch(const HttpRequest& request, Duration timeout) {
  Exchange ask;
  ask.method = request.method;
  ask.bytes = encode(request, state_->endpoint.authority(), state_->endpoint.path);
  ask.deadline = std::chrono::steady_clock::now() + timeout;
  return State::fetch(state_, std::move(ask));
}

const Endpoint& Client::endpoint() const { return state_->endpoint; }
Tally& Client::tally() { return *state_->options.tally; }

}  // namespace net
