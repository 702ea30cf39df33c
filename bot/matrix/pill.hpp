#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bot::matrix {

/// A link to a person in formatted_body, as clients send a mention: matrix.to or matrix:u/, percent-encoded
/// or not. https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions
struct Pill {
  std::string user;   ///< "@a:hs"
  std::string label;  ///< what stands for it in the body
  bool at_start = false;
  std::size_t before = 0;  ///< how often that stands in the text before it
};

std::vector<Pill> pills_in(std::string_view html);

/// The body with people's ids in place of their labels, which anybody can choose; one at the start, and
/// `self`, stay as they are.
std::string with_ids(std::string body, const std::vector<Pill>& pills, const std::string& self);

}  // namespace bot::matrix
