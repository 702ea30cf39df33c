#include "hetzner/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

using nlohmann::json;

constexpr std::size_t longest_message = 300;

/// Code of an error that came without an envelope.
std::string code_of(int status) {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 405:
      return "method_not_allowed";
    case 429:
      return "rate_limit_exceeded";
    case 500:
      return "server_error";
    case 502:
      return "bad_gateway";
    case 503:
      return "unavailable";
    case 504:
      return "timeout";
    default:
      return "unknown_error";
  }
}

/// A text of the error's envelope, whatever kind of value stands there.
std::string text_in(const json* object, const char* key) {
  const auto* found = object ? reading::find(*object, key) : nullptr;
  return found && found->is_string() ? found->get<std::string>() : "";
}

/// details.fields[0].name or details.limits[0].name.
std::string first_named(const json* error) {
  const auto* details = error ? reading::find(*error, "details") : nullptr;
  if (!details) return "";
  for (const auto* key : {"fields", "limits"}) {
    const auto* list = reading::find(*details, key);
    if (list && list->is_array() && !list->empty()) return text_in(&list->front(), "name");
  }
  return "";
}

/// At most `longest_message` bytes, not ending inside a UTF-8 character.
std::string cut(std::string text) {
  if (text.size() <= longest_message) return text;
  auto end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

ApiError error_of(int status, const json& body) {
  const auto* error = reading::find(body, "error");
  auto code = text_in(error, "code");
  auto message = text_in(error, "message");
  if (code.empty()) {
    code = code_of(status);
    message = fmt::format("HTTP status {} without a reason", status);
  }
  return {status, code, cut(message), first_named(error)};
}

bool will_pass(const ApiError& error) {
  return error.status == 429 || error.code == "rate_limit_exceeded" || error.code == "locked" ||
         error.code == "conflict";
}

net::Duration retry_after(const net::Headers& headers) {
  const auto header = net::find_header(headers, "Retry-After");
  int seconds = 0;
  if (header) std::from_chars(header->data(), header->data() + header->size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 0, 3600));
}

/// An answer that says it is something else, as a log-in page does, is not the API's whatever stands in it.
bool may_be_json(const net::Headers& headers) {
  const auto type = net::find_header(headers, "Content-Type");
  return !type || type->starts_with("application/json");
}

}  // namespace

Reply reply_of(const net::HttpResponse& response) {
  const bool well = response.status >= 200 && response.status < 300;
  Reply reply;
  if (well && response.body.empty()) return reply;
  reply.body = may_be_json(response.headers) ? json::parse(response.body, nullptr, false)
                                             : json(json::value_t::discarded);
  if (well && !reply.body.is_discarded()) return reply;
  if (well) {
    reply.kind = Reply::Kind::unknown;
    reply.why = fmt::format("the answer, HTTP status {}, is not JSON", response.status);
    return reply;
  }
  reply.error = error_of(response.status, reply.body);
  reply.why = reply.error->what();
  reply.wait = retry_after(response.headers);
  if (will_pass(*reply.error)) {
    reply.kind = Reply::Kind::again;
  } else if (response.status >= 500 || response.status == 408) {
    reply.kind = Reply::Kind::unknown;
  } else {
    reply.kind = Reply::Kind::refused;
  }
  return reply;
}

}  // namespace hetzner
