#include "bot/lines.hpp"

namespace bot {

void Lines::feed(std::string_view bytes) {
  // Of a line that is too long already only its end matters.
  if (is_too_long() && bytes.find('\n') == std::string_view::npos) return;
  if (is_too_long()) bytes.remove_prefix(bytes.find('\n'));
  buffer_ += bytes;
  if (buffer_.find('\n', searched_) == std::string::npos && buffer_.size() > limit_ + 1) {
    buffer_.resize(limit_ + 1);
    searched_ = buffer_.size();
  }
}

std::optional<std::string> Lines::next() {
  const auto end = buffer_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  searched_ = 0;
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > limit_) line.resize(limit_ + 1);
  return line;
}

std::optional<std::string> Lines::rest() {
  if (buffer_.empty()) return std::nullopt;
  auto line = std::move(buffer_);
  buffer_.clear();
  searched_ = 0;
  return line;
}

bool Lines::is_too_long() const { return searched_ > limit_; }

}  // namespace bot
