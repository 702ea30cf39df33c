#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace matrix::simulator {

/// What Synapse does with answers of /sync: one with the same parameters, of the same device, within two
/// minutes is the same answer, however old. It also knows how far each user's clients have read, and what to
/// say twice when duplicates are on.
struct SyncCache {
  struct Answer {
    std::string body;
    std::int64_t until = 0;
  };
  static constexpr std::int64_t kept_ms = 120'000;
  static constexpr std::size_t most = 4096;

  [[nodiscard]] const std::string* find(const std::string& key, std::int64_t now) const {
    const auto found = answers.find(key);
    return found != answers.end() && found->second.until > now ? &found->second.body : nullptr;
  }
  void keep(const std::string& key, const std::string& body, std::int64_t now) {
    while (!ending.empty() && (ending.front().first <= now || ending.size() >= most)) forget_oldest();
    answers[key] = {body, now + kept_ms};
    ending.emplace_back(now + kept_ms, key);
  }
  void forget_oldest() {
    const auto found = answers.find(ending.front().second);
    if (found != answers.end() && found->second.until == ending.front().first) answers.erase(found);
    ending.pop_front();
  }
  void forget_answers() {
    answers.clear();
    ending.clear();
  }

  std::map<std::string, Answer> answers;
  std::deque<std::pair<std::int64_t, std::string>> ending;  ///< when which answer is too old, in that order
  std::map<std::string, std::uint64_t> acknowledged;        ///< user → the highest `since` it came with
  bool duplicates = false;
  std::map<std::string, std::uint64_t> told_from;  ///< "user/device/next_batch" → where its events began
};

}  // namespace matrix::simulator
