#include "net/http.hpp"

#include <fmt/chrono.h>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <ctime>

#include "net/error.hpp"
#include "net/message.hpp"

namespace net {
namespace beast = boost::beast;
namespace {

/// A line break inside a value would start a header, or a request, of somebody else's choice.
std::string_view one_line(std::string_view text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    throw NotSent("a header or target with a line break is not sent");
  return text;
}

void add_headers(std::string& text, const Headers& headers) {
  for (const auto& [name, value] : headers)
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", one_line(name), one_line(value));
}

}  // namespace

std::optional<std::string> find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (beast::iequals({key.data(), key.size()}, {name.data(), name.size()})) return value;
  return std::nullopt;
}

Headers headers_of(const beast::http::fields& fields) {
  Headers headers;
  for (const auto& field : fields) headers.emplace_back(field.name_string(), field.value());
  return headers;
}

std::string encode(const HttpRequest& request, const std::string& authority, const std::string& base_path) {
  auto text = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nUser-Agent: devbox/0.1\r\n",
                          one_line(request.method), base_path, one_line(request.target), authority);
  add_headers(text, request.headers);
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", request.body.size());
  text += "\r\n";
  return text += request.body;
}

std::string encode(const HttpResponse& response, bool keep_alive, bool head_only) {
  const auto reason = beast::http::obsolete_reason(beast::http::int_to_status(response.status));
  auto text = fmt::format("HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", response.status,
                          std::string_view(reason.data(), reason.size()), fmt::gmtime(std::time(nullptr)));
  add_headers(text, response.headers);
  if (!keep_alive) text += "Connection: close\r\n";
  const bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (has_body) fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", response.body.size());
  text += "\r\n";
  if (has_body && !head_only) text += response.body;
  return text;
}

}  // namespace net
