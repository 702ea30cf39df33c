#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace bot {

/// Cuts a byte stream into lines. A line over the limit comes out as its first limit + 1 bytes, so that
/// whoever refuses long lines still can and nobody stores them.
class Lines {
 public:
  explicit Lines(std::size_t limit) : limit_(limit) {}
  void feed(std::string_view bytes);
  /// The next whole line, without its end.
  std::optional<std::string> next();
  /// At the end of the stream: what came after the last line's end.
  std::optional<std::string> rest();
  /// The line that is coming is over the limit already.
  [[nodiscard]] bool is_too_long() const;

 private:
  std::size_t limit_;
  std::string buffer_;
  std::size_t searched_ = 0;
};

}  // namespace bot
