#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace net {

/// What became of the requests to one peer since the process started, for whoever counts (/metrics).
struct Tally {
  /// By method and result: "2xx" … "5xx", "not_sent", "no_answer", "cancelled".
  std::map<std::pair<std::string, std::string>, std::uint64_t> requests;
  std::uint64_t rate_limited = 0;  ///< of them, answered 429
  std::uint64_t repeated = 0;      ///< of them, sent again; counted by whoever repeats
};

}  // namespace net
