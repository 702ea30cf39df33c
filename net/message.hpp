#pragma once
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/system/system_error.hpp>

#include "net/http.hpp"
#include "net/stream.hpp"

namespace net {

/// The bytes of one HTTP/1.1 message and back, for client.cpp and server.cpp.
std::string encode(const HttpRequest& request, const std::string& authority, const std::string& base_path);
std::string encode(const HttpResponse& response, bool keep_alive, bool head_only);
Headers headers_of(const boost::beast::http::fields& fields);

/// What a server lets a request be.
template <class Parser>
void limit(Parser& parser, std::size_t body_limit) {
  parser.header_limit(32 * 1024);
  parser.body_limit(body_limit);
}

template <class Message>
HttpRequest request_of(Message& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = headers_of(message);
  request.body = std::move(message.body());
  return request;
}

/// Gives what is in `buffer` to the parser and leaves there what belongs to the next message.
template <bool is_request>
void parse(boost::beast::flat_buffer& buffer, boost::beast::http::basic_parser<is_request>& parser) {
  if (buffer.size() == 0 || parser.is_done()) return;
  boost::system::error_code failure;
  buffer.consume(parser.put(buffer.data(), failure));
  if (failure && failure != boost::beast::http::error::need_more) throw boost::system::system_error(failure);
}

/// Reads until the parser has its header, or its whole message when the parser is eager; false when the
/// other side closed before the first byte.
template <bool is_request>
awaitable<bool> read_message(Stream& stream, boost::beast::flat_buffer& buffer,
                             boost::beast::http::basic_parser<is_request>& parser) {
  for (;;) {
    parse(buffer, parser);
    if (parser.eager() ? parser.is_done() : parser.is_header_done()) co_return true;
    const auto room = buffer.prepare(16 * 1024);
    const auto size = co_await stream.read_some(room);
    if (size == 0) break;
    buffer.commit(size);
  }
  if (!parser.got_some()) co_return false;
  boost::system::error_code failure;
  parser.put_eof(failure);
  if (failure) throw boost::system::system_error(failure);
  co_return parser.is_done();
}

}  // namespace net
