#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

/// What the fuzzers call, each with any bytes: whatever they are, the reader reads or refuses them and the
/// promises checked here hold. An exception that leaves one is a finding.
namespace fuzz {

void grammar(std::string_view bytes);
void report_check(std::string_view bytes);
void control_line(std::string_view bytes);
void config(std::string_view bytes);
void matrix_event(std::string_view bytes);
void sim_request(std::string_view bytes);
void sim_target(std::string_view bytes);
void sim_body(std::string_view bytes);
void sim_selector(std::string_view bytes);

inline void require(bool holds, const std::string& promise) {
  if (!holds) throw std::logic_error("broken: " + promise);
}

}  // namespace fuzz
