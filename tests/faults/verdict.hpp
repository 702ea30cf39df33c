#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace faults {

/// How a disturbed run differs from the clean one; all zero is good.
struct Verdict {
  int orphans = 0;     ///< servers, devices or usable keys that the clean run does not leave
  int duplicates = 0;  ///< a second one of what there is one of
  int lost = 0;        ///< replies that did not come
  int doubled = 0;     ///< replies that came under two keys
  int stuck = 0;       ///< it did not end
  int crashed = 0;     ///< the bot ended although nobody killed it
  int missed = 0;      ///< the fault did not happen, which is no fault of the bot's
  std::string what;    ///< the differences; "" = none
  [[nodiscard]] bool is_good() const { return what.empty(); }
  void complain(const std::string& difference) { what += difference + "\n"; }
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Verdict, orphans, duplicates, lost, doubled, stuck, crashed, missed, what)

using Replies = std::vector<std::string>;

bool is_failure(const std::string& reply);
/// Worlds are Stage::world's.
void compare_worlds(Verdict& verdict, const nlohmann::json& found, const nlohmann::json& wanted);
void compare_replies(Verdict& verdict, const Replies& found, const Replies& wanted);
/// The same text under two keys, or another text under the same key.
void judge_repeats(Verdict& verdict, const Replies& changed, const Replies& found, const Replies& wanted);
/// What a failed operation may leave: one reply that says so, or as many as `failures`, and, of what is not
/// billed by the hour of work, at most one of each. A `down` that failed may have left the server.
void judge_failure(Verdict& verdict, const std::string& reaches, const nlohmann::json& world,
                   const Replies& replies, int failures);
/// After the next try: `servers` with as many devices, one volume, one address, no usable key. Without a
/// server volume and address need not be there, for an `up` may have failed before them.
void judge_next_try(Verdict& verdict, const nlohmann::json& world, std::size_t servers);

}  // namespace faults
