#include "bot/config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bot/config_rules.hpp"
#include "bot/keys_of_config.hpp"
#include "bot/state.hpp"
#include "commands/nearest.hpp"

namespace bot {
namespace {

/// toml++ recurses as deep as a key has dots, and a key is one line.
constexpr std::size_t longest_config_line = 4096;

std::string at_line(const toml::node& node) {
  return "line " + std::to_string(node.source().begin.line) + ": ";
}

std::string meant(std::string_view word, const std::vector<std::string_view>& known) {
  const auto near = commands::nearest(word, known);
  return near ? ". Did you mean \"" + *near + "\"?" : "";
}

std::vector<std::string_view> sections() {
  std::vector<std::string_view> names;
  for (const auto& key : config_keys())
    if (names.empty() || names.back() != key.section) names.push_back(key.section);
  return names;
}

std::vector<std::string_view> keys_of(const std::string& section) {
  std::vector<std::string_view> names;
  for (const auto& key : config_keys())
    if (key.section == section) names.push_back(key.name);
  return names;
}

void take_value(Config& config, const std::string& section, const std::string& name, const toml::node& node) {
  const auto where = at_line(node) + "[" + section + "] " + name;
  const auto is_it = [&](const ConfigKey& key) { return key.section == section && key.name == name; };
  const auto key = std::find_if(config_keys().begin(), config_keys().end(), is_it);
  if (key == config_keys().end()) throw ConfigError(where + " is not known" + meant(name, keys_of(section)));
  try {
    key->set(config, node);
  } catch (const ConfigError& error) {
    throw ConfigError(where + ": " + error.what());
  }
}

void take_section(Config& config, const std::string& section, const toml::node& node) {
  const auto where = at_line(node) + "[" + section + "]";
  const auto known = sections();
  if (std::find(known.begin(), known.end(), section) == known.end())
    throw ConfigError(where + " is not known" + meant(section, known));
  const auto* values = node.as_table();
  if (!values) throw ConfigError(where + " must be a section, not a value");
  if (section == "matrix") config.matrix.emplace();
  if (section == "slack") config.slack.emplace();
  for (const auto& [name, value] : *values) take_value(config, section, std::string(name.str()), value);
}

void refuse_long_lines(const std::string& text) {
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.size() > longest_config_line)
      throw ConfigError("line " + std::to_string(number) + ": is longer than " +
                        std::to_string(longest_config_line) + " bytes");
  }
}

toml::table parse(const std::string& text) {
  refuse_long_lines(text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw ConfigError("line " + std::to_string(error.source().begin.line) + ": " +
                      std::string(error.description()));
  }
}

Config config_of(const std::string& text) {
  Config config;
  const auto root = parse(text);
  for (const auto& [name, node] : root) take_section(config, std::string(name.str()), node);
  if (config.database.empty()) config.database = state_directory() + "/devbox.db";
  try {
    check_rules(config);
  } catch (const Unfit& unfit) {
    const auto* node = root[unfit.section][unfit.key].node();
    throw ConfigError((node ? at_line(*node) : "") + "[" + unfit.section + "] " + unfit.key + ": " +
                      unfit.why);
  }
  return config;
}

}  // namespace

Config parse_config(const std::string& text, const std::string& file) {
  try {
    return config_of(text);
  } catch (const ConfigError& error) {
    throw ConfigError(file + ": " + error.what());
  }
}

Config read_config(const std::string& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) throw ConfigError(file + ": cannot be read");
  std::stringstream text;
  text << in.rdbuf();
  return parse_config(text.str(), file);
}

}  // namespace bot
