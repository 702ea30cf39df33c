#include "bot/matrix/quoted.hpp"

#include <string_view>

namespace bot::matrix {

std::string without_quote(std::string body) {
  if (!body.starts_with("> <@") && !body.starts_with("> * <@")) return body;
  const std::string_view text = body;
  std::size_t at = 0;
  while (text.substr(at).starts_with('>')) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return body;
    at = end + 1;
  }
  if (!text.substr(at).starts_with('\n')) return body;
  return body.substr(at + 1);
}

std::string html_without_quote(std::string html) {
  constexpr std::string_view end = "</mx-reply>";
  if (!html.starts_with("<mx-reply>")) return html;
  const auto at = html.find(end);
  return at == std::string::npos ? html : html.substr(at + end.size());
}

}  // namespace bot::matrix
