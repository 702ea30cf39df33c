#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "bot/keys_of_config.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

std::string example() {
  std::ifstream in(DEVBOX_SOURCE_DIR "/deploy/devbox.example.toml");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Keys that have no default are written "# key = value"; of a section that may be left out, the heading,
/// too.
std::string with_all_keys(const std::string& text) {
  return std::regex_replace(text, std::regex("\n# (?=[a-z_]+ = |\\[)"), "\n");
}

/// Those of features to come: "# key = value  # later: …".
std::string with_later_keys(const std::string& text) {
  return std::regex_replace(text, std::regex("\n# (?=[a-z_]+ = [^\n]* # later)"), "\n");
}

std::string without_optional_sections(const std::string& text) {
  return std::regex_replace(text, std::regex("\n# \\[[a-z]+\\].*(\n# .*)*"), "\n");
}

std::vector<std::string> keys_in(const std::string& text) {
  std::vector<std::string> keys;
  const auto table = toml::parse(text);
  for (const auto& [section, values] : table)
    for (const auto& [key, value] : *values.as_table())
      keys.push_back(std::string(section.str()) + "." + std::string(key.str()));
  return keys;
}

}  // namespace

TEST_CASE("the example shows the defaults") {
  const WrittenConfig written;
  const Environment credentials("CREDENTIALS_DIRECTORY", written.path(".").c_str());
  const Environment state("STATE_DIRECTORY", "/var/lib/devbox");
  Config expected;
  expected.database = "/var/lib/devbox/devbox.db";
  expected.hetzner_token = "token-of-hetzner";
  expected.oauth_client_id = "CLIENT-ID";
  expected.oauth_client_secret = "secret-of-oauth";
  const auto config = written.read(example());
  CHECK(config == expected);
  CHECK(config.remarks == std::vector<std::string>());
}

TEST_CASE("every key that is read stands in the example, each with a comment") {
  auto in_example = keys_in(with_all_keys(example()));
  std::vector<std::string> known;
  for (const auto& key : config_keys()) known.push_back(key.section + "." + key.name);
  std::sort(in_example.begin(), in_example.end());
  std::sort(known.begin(), known.end());
  CHECK(in_example == known);

  std::istringstream lines(example());
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    const bool has_key = std::regex_search(line, std::regex("^(# )?[a-z_]+ = "));
    CHECK((!has_key || line.find("  # ") != std::string::npos || line.find("] # ") != std::string::npos));
  }
}

TEST_CASE("a key of a feature to come is checked and remarked upon") {
  const WrittenConfig written;
  const Environment credentials("CREDENTIALS_DIRECTORY", written.path(".").c_str());
  const auto text = with_later_keys(without_optional_sections(example()));
  const auto remarks = written.read(text).remarks;
  CHECK(remarks.size() == keys_in(text).size() - keys_in(example()).size());
  CHECK(std::count(remarks.begin(), remarks.end(), "[policy] budget has no effect yet") == 1);
  CHECK(written.refusal(written.complete("[policy]\nbudget = 25\n")) ==
        "line 7: [policy] budget: must be a text in quotes");
  CHECK(written.refusal(written.complete("[policy]\nbudget = \"much\"\n")) ==
        "line 7: [policy] budget: must be an amount like \"25.00\"");
}
