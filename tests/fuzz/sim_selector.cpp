#include "hetzner/simulator/labels.hpp"
#include "hetzner/simulator/refusal.hpp"
#include "tests/fuzz/entries.hpp"

namespace fuzz {
namespace {

using hetzner::simulator::Labels;
using hetzner::simulator::Refusal;
using hetzner::simulator::Selector;

const Labels sets_of_labels[] = {
    {}, {{"a", "b"}}, {{"a", ""}, {"owner", "alice"}}, {{"example.com/env", "prod"}}};

void choose(std::string_view bytes) {
  const Selector selector(bytes);
  const std::string text(bytes);
  for (const auto& labels : sets_of_labels) {
    const bool chosen = selector.matches(labels);
    require(Selector(text + "," + text).matches(labels) == chosen, "a term said twice says the same");
    require(Selector(" " + text + " ").matches(labels) == chosen, "spaces around it say nothing");
    require(!Selector(text + ",nonesuch").matches(labels), "every term has to hold");
  }
}

}  // namespace

/// As a selector, and as a label's key and value.
void sim_selector(std::string_view bytes) {
  try {
    choose(bytes);
  } catch (const Refusal& refusal) {
    require(refusal.status == 422 && refusal.code == "invalid_input", "a selector that is none is refused");
  }
  const std::string word(bytes);
  for (const auto& body : {nlohmann::json{{word, "b"}}, nlohmann::json{{"a", word}}, nlohmann::json(word)}) {
    try {
      const auto labels = hetzner::simulator::labels_from(body);
      require(nlohmann::json(labels) == body, "labels are taken as they are");
    } catch (const Refusal& refusal) {
      require(refusal.status == 422, "labels that are none are refused");
    }
  }
}

}  // namespace fuzz
