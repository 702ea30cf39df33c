#pragma once
#include <string>

#include "tailnet/attempts.hpp"
#include "tailnet/types.hpp"

namespace tailnet {

/// What an answer says, told by whose it is.
class Answers {
 public:
  explicit Answers(const Options& options) : options_(options) {}

  /// Its body, null when it has none. Throws Error when the request, which was for `wish`, did not succeed:
  /// the API's own words, cut, without a secret, and what to do. `token`: a further secret, "" = none.
  [[nodiscard]] nlohmann::json body_of(const std::string& wish, const Attempt& last,
                                       const std::string& token = "") const;

 private:
  [[nodiscard]] Error refusal(const std::string& wish, const Attempt& last, const std::string& token) const;
  [[nodiscard]] std::string advice(int status, const std::string& words) const;
  [[nodiscard]] std::string without_secrets(std::string words, const std::string& token) const;

  Options options_;
};

/// "Tailscale", "headscale": who is asked.
std::string name_of(Kind kind);

/// What `read` makes of a body; one of another shape than the API's is an Error.
template <class Read>
auto read_answer(Kind kind, const std::string& wish, Read read) {
  try {
    return read();
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    throw Error(200, name_of(kind) + " was asked to " + wish + ": its answer has an unknown form");
  }
}

}  // namespace tailnet
