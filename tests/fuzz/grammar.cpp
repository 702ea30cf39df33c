#include "commands/grammar.hpp"

#include "commands/duration.hpp"
#include "commands/nearest.hpp"
#include "commands/typing.hpp"
#include "commands/utf8.hpp"
#include "tests/fuzz/entries.hpp"

namespace fuzz {
namespace {

constexpr std::string_view known[] = {"up", "down", "status", "cpx32", "cx22"};

void read_word(const std::string& word) {
  commands::nearest(word, known);
  commands::looks_like_type(word);
  const auto duration = commands::parse_duration(word);
  require(!duration || duration->count() > 0, "a duration is some time");
}

void read_line(std::string_view line) {
  try {
    const auto request = commands::parse(line);
    const nlohmann::json stored = request;
    const auto again = nlohmann::json::parse(stored.dump());
    require(nlohmann::json(again.get<commands::Request>()) == stored, "a request can be stored");
    require(request.words.size() <= 64, "no more than 64 words");
    for (const auto& word : request.words) read_word(word);
  } catch (const commands::Error& error) {
    require(commands::is_utf8(error.what()), "a refusal is text");
  }
}

}  // namespace

void grammar(std::string_view bytes) {
  const auto line = commands::plain_typing(bytes);
  require(line.find_first_of("\r\n\t") == std::string::npos, "plain typing is one line");
  require(!line.starts_with(' ') && !line.ends_with(' '), "plain typing has no spaces around it");
  require(commands::is_utf8(line) || !commands::is_utf8(bytes), "plain typing of text is text");
  read_line(bytes);
  for (const bool direct : {false, true}) {
    const auto said = commands::addressed(bytes, "!devbox", direct);
    require(!said || !said->empty(), "what is said to us is something");
    if (said) read_line(*said);
  }
}

}  // namespace fuzz
