#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bot {

/// A page of metrics in Prometheus's text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/): a family is described once, its samples
/// follow it.
class Exposition {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  /// What only grows; its name ends in _total (or _seconds_total, …).
  void counter(std::string_view name, std::string_view help);
  void gauge(std::string_view name, std::string_view help);
  /// A sample of the family described last.
  void sample(double value) { sample({}, value); }
  void sample(const Labels& labels, double value);

  [[nodiscard]] const std::string& text() const { return text_; }
  static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  void family(std::string_view name, std::string_view help, std::string_view type);
  std::string text_;
  std::string name_;
};

}  // namespace bot
