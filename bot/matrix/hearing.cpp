#include "bot/matrix/hearing.hpp"

#include <algorithm>

#include "bot/matrix/pill.hpp"
#include "commands/grammar.hpp"
#include "commands/table.hpp"
#include "commands/typing.hpp"
#include "commands/utf8.hpp"

namespace bot::matrix {
namespace {

constexpr std::string_view punctuation = ":,.!?;";

bool begins_with(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && commands::lower(line.substr(0, name.size())) == commands::lower(name);
}

/// No name goes on here: "devbox2", "@devbox:example.org".
bool is_end_of_name(std::string_view rest) {
  const auto next = std::min(rest.find_first_not_of(punctuation), rest.size());
  return next == rest.size() || rest[next] == ' ';
}

bool begins_with_verb(std::string_view line) {
  auto word = line.substr(0, line.find(' '));
  while (word.ends_with(':') || word.ends_with(',')) word.remove_suffix(1);
  return commands::find_command(commands::lower(word)) != nullptr;
}

/// The line without the words that are `name` and what punctuation follows them.
std::string without(std::string_view line, const std::string& name) {
  const auto lowered = commands::lower(line);
  const auto wanted = commands::lower(name);
  std::string left;
  std::size_t kept = 0;
  for (auto at = lowered.find(wanted); at != std::string::npos; at = lowered.find(wanted, kept)) {
    const auto end = at + wanted.size();
    const bool is_word = is_end_of_name(line.substr(end));
    left += line.substr(kept, (is_word ? at : end) - kept);
    kept = is_word ? std::min(line.find(' ', end), line.size()) : end;
  }
  return left + std::string(line.substr(kept));
}

/// One message and all that is us in it.
class Listening {
 public:
  Listening(const Text& text, const Self& self)
      : self_(self),
        pills_(pills_in(text.html)),
        body_(with_ids(text.body, pills_, self.user)),
        line_(commands::plain_typing(body_)) {
    const auto is_us = [&](const Pill& pill) { return pill.user == self.user; };
    is_mentioned_ = std::find(text.mentions.begin(), text.mentions.end(), self.user) != text.mentions.end() ||
                    std::any_of(pills_.begin(), pills_.end(), is_us);
    const auto at_local_part = self.user.substr(0, self.user.find(':'));
    names_ = {self.user, at_local_part};
    for (const auto& pill : pills_)
      if (is_us(pill)) names_.push_back(commands::plain_typing(pill.label));
    bare_names_ = {at_local_part.substr(std::min<std::size_t>(1, at_local_part.size()))};
    const auto display_name = commands::plain_typing(self.display_name);
    if (!display_name.empty()) {
      names_.push_back("@" + display_name);
      bare_names_.push_back(display_name);
    }
    const auto is_longer = [](const std::string& a, const std::string& b) { return a.size() > b.size(); };
    std::sort(names_.begin(), names_.end(), is_longer);  // "@devbox bot" before "@devbox"
    std::sort(bare_names_.begin(), bare_names_.end(), is_longer);
  }

  [[nodiscard]] bool is_blank() const { return line_.empty(); }
  [[nodiscard]] const std::string& body() const { return body_; }

  /// "@devbox:example.org up" of another devbox, or a pill of somebody.
  [[nodiscard]] bool calls_another() const {
    if (!pills_.empty() && pills_[0].at_start) return pills_[0].user != self_.user;
    if (!line_.starts_with('@')) return false;
    auto word = std::string_view(line_).substr(0, line_.find(' '));
    while (word.ends_with(':') || word.ends_with(',')) word.remove_suffix(1);
    return word.find(':') != std::string_view::npos && commands::lower(word) != commands::lower(self_.user);
  }

  /// What follows our name at the start.
  [[nodiscard]] std::optional<std::string> called() const {
    for (const auto& name : names_)
      if (!name.empty() && begins_with(line_, name) && is_end_of_name(line_.substr(name.size())))
        return after(name);
    for (const auto& name : bare_names_) {
      if (name.empty() || !begins_with(line_, name)) continue;
      const auto rest = std::string_view(line_).substr(name.size());
      const bool is_call = rest.starts_with(':') || rest.starts_with(',');
      if (!is_call && !is_end_of_name(rest)) continue;
      // "Devbox is slow today" is about us, not to us.
      const bool asks = rest.starts_with(' ') && begins_with_verb(after(name));
      if (is_call || is_mentioned_ || asks) return after(name);
    }
    return std::nullopt;
  }

  /// The line without us, when it mentions us and asks for something.
  [[nodiscard]] std::optional<std::string> asked() const {
    if (!is_mentioned_ || !begins_with_verb(line_)) return std::nullopt;
    auto line = line_;
    for (const auto& name : names_)
      if (!name.empty()) line = without(line, " " + name);
    return commands::plain_typing(line);
  }

 private:
  [[nodiscard]] std::string after(const std::string& name) const {
    const auto rest = line_.find_first_not_of(' ', line_.find_first_not_of(punctuation, name.size()));
    return rest == std::string::npos ? "help" : line_.substr(rest);
  }

  const Self& self_;
  std::vector<Pill> pills_;
  std::string body_;  ///< with ids where people are mentioned
  std::string line_;
  bool is_mentioned_ = false;
  std::vector<std::string> names_;       ///< each of them calls us wherever it stands
  std::vector<std::string> bare_names_;  ///< words that may be said of something else
};

}  // namespace

std::optional<Heard> heard(const Text& text, const Self& self, bool is_direct_room) {
  const Listening line(text, self);
  if (line.is_blank()) return std::nullopt;
  if (!line.calls_another()) {
    if (auto said = line.called()) return Heard{std::move(*said), true};
    if (commands::addressed(line.body(), self.prefix, false)) return Heard{line.body(), is_direct_room};
  }
  if (auto said = line.asked()) return Heard{std::move(*said), true};
  if (is_direct_room) return Heard{line.body(), true};
  return std::nullopt;
}

}  // namespace bot::matrix
