#include "net/request.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/message.hpp"

namespace net {
namespace http = boost::beast::http;

std::optional<HttpRequest> find_request(std::string_view bytes, std::size_t body_limit) {
  http::request_parser<http::string_body> parser;
  limit(parser, body_limit);
  parser.eager(true);
  boost::beast::flat_buffer buffer;
  const auto room = buffer.prepare(bytes.size());
  buffer.commit(boost::asio::buffer_copy(room, boost::asio::buffer(bytes)));
  try {
    parse(buffer, parser);
  } catch (const boost::system::system_error&) {
    return std::nullopt;
  }
  if (!parser.is_done()) return std::nullopt;
  return request_of(parser.get());
}

}  // namespace net
