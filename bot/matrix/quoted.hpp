#pragma once
#include <string>

namespace bot::matrix {

/// Old clients put what they answer before the answer: "> <@a:hs> …" lines and an empty one, and <mx-reply>
/// in HTML. What the answer itself says.
std::string without_quote(std::string body);
std::string html_without_quote(std::string html);

}  // namespace bot::matrix
