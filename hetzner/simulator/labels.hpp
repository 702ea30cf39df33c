#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hetzner/simulator/model.hpp"

namespace hetzner::simulator {

/// The labels of a body; throws Refusal 422 on a key or value that the API does not take.
Labels labels_from(const nlohmann::json& value);

/// A label selector: "k=v,k!=v,k,!k,k in (a,b),k notin (a,b)", comma = and. Throws Refusal 422.
class Selector {
 public:
  explicit Selector(std::string_view text);
  [[nodiscard]] bool matches(const Labels& labels) const;

 private:
  struct Term {
    std::string key;
    enum class Kind { exists, absent, in, not_in } kind = Kind::exists;
    std::vector<std::string> values;
    [[nodiscard]] bool matches(const Labels& labels) const;
  };
  static Term parse(std::string_view text);
  std::vector<Term> terms_;
};

}  // namespace hetzner::simulator
