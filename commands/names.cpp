#include "commands/names.hpp"

#include <algorithm>
#include <cctype>

namespace commands {
namespace {

constexpr std::size_t longest_name = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void trim_end(std::string& label) {
  while (!label.empty() && label.back() == '-') label.pop_back();
}

/// "bob-2" → "bob2".
void join_trailing_number(std::string& label) {
  const auto hyphen = label.rfind('-');
  if (hyphen == std::string::npos) return;
  for (auto at = hyphen + 1; at < label.size(); ++at)
    if (!is_digit(label[at])) return;
  label.erase(hyphen, 1);
  join_trailing_number(label);
}

}  // namespace

std::string dns_label(std::string_view text) {
  std::string label;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && std::isalnum(byte)) {
      label += static_cast<char>(std::tolower(byte));
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
  }
  label.resize(std::min(label.size(), longest_name));
  trim_end(label);
  join_trailing_number(label);
  return label.empty() ? "user" : label;
}

std::string short_name(const storage::PersonRow& person) {
  if (!person.name.empty()) return person.name;
  auto name = person.user;
  if (person.platform == "matrix" && name.starts_with('@')) name = name.substr(1, name.find(':') - 1);
  return name;
}

std::string free_hostname(storage::Workspaces& workspaces, const storage::PersonRow& owner,
                          const std::string& name) {
  const auto person = dns_label(short_name(owner));
  const auto wanted =
      workspaces.of(owner.id).empty() && name == "main" ? person : dns_label(person + "-" + name);
  auto hostname = wanted;
  for (char letter = 'b'; workspaces.find_hostname(hostname); ++letter) {
    if (letter > 'z') throw std::runtime_error("no hostname like " + wanted + " is free");
    hostname = wanted + "-" + letter;
  }
  return hostname;
}

}  // namespace commands
