#pragma once
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace bot {

/// A report that is not one; `what()` names the field.
struct BadReport : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The report in `body` (DESIGN, Report) with what we know of it and nothing else: types checked, strings
/// and lists cut to sane lengths, all of them but the log to one line, numbers taken into range, unknown
/// keys left out. Throws BadReport.
nlohmann::json checked_report(const std::string& body);

}  // namespace bot
