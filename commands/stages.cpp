#include "commands/stages.hpp"

#include <algorithm>
#include <array>

#include "commands/nearest.hpp"
#include "commands/printable.hpp"
#include "commands/times.hpp"

namespace commands {
namespace {

constexpr const char* note = "stage";
constexpr std::size_t most_kept = 16;
constexpr std::size_t shown_name = 64;
constexpr std::size_t shown_detail = 200;
constexpr std::size_t shortest_secret = 48;

/// A stage in people's words: "its volume" failed; "its volume is mounted" when it is done, and what the next
/// one waits for when it is not.
struct Words {
  std::string_view name;
  std::string_view subject;
  std::string_view done;
  std::string_view missing;
};

constexpr std::array words = {
    Words{"install", "its installation", "its programs are installed", "its programs were not installed"},
    Words{"join", "its join", "it says that it has joined", "it told of nothing after that"},
    Words{"volume", "its volume", "its volume is mounted", "its volume was not mounted"},
    Words{"serve", "serving the editor in the tailnet", "the editor is served",
          "the editor was not served to the tailnet"},
    Words{"editor", "its editor", "the editor answers", "the editor did not answer"},
    Words{"ready", "getting ready", "it is ready", "it did not say that it is ready"},
};

const Words* find_words(std::string_view name) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Words& one) { return one.name == name; });
  return found == words.end() ? nullptr : &*found;
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// Keys of the tailnet by their beginning, tokens of ours and headscale's older keys by being long and hex.
bool looks_secret(std::string_view word) {
  if (word.starts_with("tskey-") || word.starts_with("hskey-")) return true;
  return word.size() >= shortest_secret &&
         word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string without_secrets(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_word);
    const auto length = static_cast<std::size_t>(end - text.begin());
    const auto word = text.substr(0, length);
    kept += looks_secret(word) ? "[secret]" : std::string(word);
    text.remove_prefix(length);
    if (text.empty()) break;
    kept += text.front();
    text.remove_prefix(1);
  }
  return kept;
}

/// The stage that everything waits for: the one after the last that is done.
const Words& awaited(const std::vector<Stage>& stages, const Words*& done) {
  const auto* next = &words[1];  // what needs no installation does not tell of one
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto last = last_of(stages, words[i].name);
    if (!last || last->failed) continue;
    done = &words[i];
    next = &words[std::min(i + 1, words.size() - 1)];
  }
  return *next;
}

}  // namespace

bool is_stage(std::string_view word) { return find_words(word) != nullptr; }

std::string stage_names() {
  std::string list;
  for (const auto& one : words) list += (list.empty() ? "" : ", ") + std::string(one.name);
  return list;
}

std::optional<std::string> near_stage(std::string_view word) {
  std::array<std::string_view, words.size()> names;
  std::transform(words.begin(), words.end(), names.begin(), [](const Words& one) { return one.name; });
  return nearest(word, names);
}

std::optional<Stage> stage_in(const nlohmann::json& report, net::Time heard) {
  Stage stage;
  stage.name = report.value("stage", "");
  if (!is_stage(stage.name)) return std::nullopt;
  stage.failed = report.value("state", "") == "failed";
  stage.detail = without_secrets(report.value("detail", ""));
  if (stage.failed) stage.log = without_secrets(report.value("log", ""));
  stage.uptime = report.value("uptime", 0.0);
  stage.at = storage::to_ms(heard);
  return stage;
}

void keep_stage(storage::Journal& journal, const std::string& operation, const Stage& stage) {
  const auto before = stages_of(journal, operation);
  const auto last = last_of(before, stage.name);
  if (last && last->failed == stage.failed && last->detail == stage.detail) return;
  if (before.size() < most_kept) journal.note(operation, note, nlohmann::json(stage).dump());
}

std::vector<Stage> stages_of(storage::Journal& journal, const std::string& operation) {
  std::vector<Stage> stages;
  for (const auto& text : journal.notes(operation, note))
    stages.push_back(nlohmann::json::parse(text).get<Stage>());
  return stages;
}

std::optional<Stage> last_of(const std::vector<Stage>& stages, std::string_view name) {
  const auto found =
      std::find_if(stages.rbegin(), stages.rend(), [&](const Stage& one) { return one.name == name; });
  if (found == stages.rend()) return std::nullopt;
  return *found;
}

std::optional<Stage> failed_of(const std::vector<Stage>& stages) {
  for (const auto& one : words)
    if (auto last = last_of(stages, one.name); last && last->failed) return last;
  return std::nullopt;
}

std::string failure_sentence(const std::string& stage, const std::string& detail) {
  const auto* known = find_words(stage);
  const auto subject = known ? std::string(known->subject) : "\"" + cut(printable(stage), shown_name) + "\"";
  const auto why = cut(printable(without_secrets(detail)), shown_detail);
  return "the workspace says that " + subject + " failed" + (why.empty() ? "." : ": " + why);
}

std::string late_sentence(const std::string& step, net::Duration limit, const std::vector<Stage>& stages) {
  const auto within = " within " + span_text(std::max<net::Duration>(limit, std::chrono::seconds(1))) + ".";
  if (step == "boot") return "the server did not start" + within;
  const Words* done = nullptr;
  const auto& missing = awaited(stages, done);
  const auto joined = last_of(stages, "join");
  if (step == "join tailnet" && joined && !joined->failed)
    return "the machine says that it has joined the tailnet, but the tailnet did not show it" + within;
  if (step == "join tailnet") return "the machine did not join the tailnet" + within;
  if (!done) return "the machine joined the tailnet, but has said nothing" + within;
  const auto so_far = done->name == "join" ? "" : ", " + std::string(done->done);
  return "the machine joined the tailnet" + so_far + ", but " + std::string(missing.missing) + within;
}

std::string scheme_in(std::string_view detail) { return detail == "http" ? "http" : "https"; }

}  // namespace commands
