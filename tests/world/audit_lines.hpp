#pragma once
#include <regex>
#include <string>
#include <vector>

namespace world {

/// Lines of `audit` without their times, of which nobody knows whether they are of today, and without the
/// codes of questions.
inline std::vector<std::string> lines_of_audit(const std::string& text) {
  static const std::regex code("\\b(yes|no) \\d{4}\\b"), until("until [^·]*·");
  std::vector<std::string> lines;
  for (auto at = text.find('\n'); at != std::string::npos;) {
    const auto end = text.find('\n', at + 1);
    auto line = text.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    line = line.substr(line.find(" · ") + std::string(" · ").size());
    line = std::regex_replace(line, code, "$1");
    lines.push_back(std::regex_replace(line, until, "until … ·"));
    at = end;
  }
  return lines;
}

/// What a team's day comes to: a request that its asker tries to approve, its approval, a share, what is
/// refused to the other, and a stop by the other; a question about the trash that only its asker answers, and
/// the way back. `has_others_presses`: what others press reaches the bot's inbox.
inline std::vector<std::string> a_day_of(const std::string& root, const std::string& alice,
                                         const std::string& bob, const std::string& room,
                                         bool has_others_presses) {
  const auto in = " · " + room;
  std::vector<std::string> day = {
      alice + " · !devbox request cpx42 \"training run\" · Operators are asked: it is request 1." + in,
      alice + " · approve 1 · refused: `approve` is for operators. Nothing was done." + in,
      root + " · approve 1 · request 1 approved" + in,
      alice + " · up cpx42 · done (begun by request 1)" + in,
      alice + " · !devbox share " + bob + " 2h · alice is shared with " + bob + " until …" + in,
      bob +
          " · !devbox delete alice · refused: That workspace is not yours: `delete` is for its owner and "
          "operators. Nothing was done." +
          in,
      bob + " · !devbox down alice · done · €0.11" + in,
      bob + " · yes · Nothing is waiting for your answer." + in,
      alice + " · yes · Understood: yes." + in,
      alice + " · !devbox delete main · done" + in,
      alice +
          " · !devbox undelete main · ✓ alice is back: 20 GB volume and IPv4 203.0.113.1 in "
          "fsn1, €1.64 a month." +
          in};
  if (!has_others_presses) day.erase(day.begin() + 7);
  return day;
}

}  // namespace world
