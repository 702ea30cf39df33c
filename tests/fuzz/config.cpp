#include "bot/config.hpp"

#include <stdlib.h>

#include <fstream>

#include "tests/fuzz/entries.hpp"
#include "tests/temp_dir.hpp"

namespace fuzz {
namespace {

/// The credentials that a configuration may name: "token" is one.
struct Credentials {
  Credentials() {
    std::ofstream(directory.file("token")) << "secret\n";
    setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1);
  }
  TempDir directory;
};

}  // namespace

void config(std::string_view bytes) {
  static const Credentials credentials;
  try {
    const auto config = bot::parse_config(std::string(bytes), "fuzz.toml");
    require(!config.hetzner_token.empty(), "a configuration that is read is complete");
    require(!config.database.empty(), "a database has a place");
    require(config.settings.limits.request.count() > 0, "a limit is some time");
  } catch (const bot::ConfigError& error) {
    require(std::string(error.what()).starts_with("fuzz.toml: "), "a refusal names the file");
  }
}

}  // namespace fuzz
