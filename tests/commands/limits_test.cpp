#include <fstream>
#include <regex>
#include <sstream>

#include "commands/settings.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;

namespace {

/// What the part of a workspace's own files that stands in brackets says.
int number_in(const std::string& source, const std::string& pattern) {
  std::ifstream in(DEVBOX_SOURCE_DIR "/deploy/" + source);
  std::stringstream text;
  text << in.rdbuf();
  const auto whole = text.str();
  std::smatch found;
  if (!std::regex_search(whole, found, std::regex(pattern))) return 0;
  return std::stoi(found[1]);
}

std::chrono::minutes limit_of(const std::string& stage) {
  const auto minutes =
      number_in("cloud-init/devbox-" + stage + ".service", "\nTimeoutStartSec=([0-9]+)min\n");
  CHECK(minutes > 0);
  return std::chrono::minutes(minutes);
}

}  // namespace

TEST_CASE("a workspace gives up a stage, and says why, before the bot does") {
  const commands::Limits limits;
  const auto boot = 1min;
  CHECK(boot + limit_of("install") + limit_of("join") < limits.stage_join);
  CHECK(limit_of("volume") + limit_of("serve") < limits.stage_editor);
  const std::chrono::seconds editor(number_in("agent/agent", "DEVBOX_EDITOR_LIMIT:-([0-9]+)"));
  CHECK(editor > 0s);
  CHECK(limit_of("volume") + editor < limits.stage_editor);
  const std::chrono::seconds copy(number_in("cloud-init/volume", "DEVBOX_COPY_LIMIT:-([0-9]+)"));
  CHECK(copy > 0s);
  CHECK(2min + copy < limit_of("volume"));
}
