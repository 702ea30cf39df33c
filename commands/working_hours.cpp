#include "commands/working_hours.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <sstream>

#include "commands/request.hpp"

namespace commands {
namespace {

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

nlohmann::json stored(const WorkingHours& hours) {
  return {{"text", schedule_text(hours.schedule)},
          {"zone", hours.schedule.zone},
          {"person", hours.person},
          {"chat", hours.place.chat},
          {"room", hours.place.room},
          {"thread", hours.place.thread},
          {"at", storage::to_ms(hours.since)}};
}

std::optional<WorkingHours> working_hours(const nlohmann::json& stored) {
  if (!stored.is_object()) return std::nullopt;
  WorkingHours hours;
  const auto text = stored.value("text", "");
  try {
    hours.schedule = parse_schedule(words_in(text), stored.value("zone", "UTC"));
  } catch (const Error& error) {
    // The time zone database may have lost a name since.
    spdlog::warn("working hours that cannot be read do nothing: \"{}\": {}", text, error.what());
    return std::nullopt;
  }
  hours.person = stored.value("person", std::int64_t{0});
  hours.place = {stored.value("chat", ""), stored.value("room", ""), stored.value("thread", "")};
  hours.since = storage::from_ms(stored.value("at", std::int64_t{0}));
  return hours;
}

std::optional<WorkingHours> working_hours(const storage::WorkspaceRow& workspace) {
  return working_hours(workspace.policy.value("schedule", nlohmann::json()));
}

std::optional<net::Time> closing_of(const storage::WorkspaceRow& workspace,
                                    const storage::SessionRow& session, std::optional<net::Time> held) {
  const auto hours = working_hours(workspace);
  if (!hours) return std::nullopt;
  const auto closing = closing_after(hours->schedule, std::max(session.created, hours->since));
  if (!closing || !held || *held <= *closing) return closing;
  const auto later = shift_at(hours->schedule, *held);
  return later && later->from <= *held ? closing_after(hours->schedule, *held) : closing;
}

}  // namespace commands
