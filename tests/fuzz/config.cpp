#include "bot/config.hpp"

#include <stdlib.h>

#include <fstream>

#include "tests/fuzz/entries.hpp"
#include "tests/temp_dir.hpp"

namespace fuzz {
namespace {

/// The configuration's file, and the credentials it may name: "token" is one.
struct Place {
  Place() {
    std::ofstream(directory.file("token")) << "secret\n";
    setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1);
  }
  TempDir directory;
  std::string file = directory.file("devbox.toml");
};

}  // namespace

void config(std::string_view bytes) {
  static const Place place;
  std::ofstream(place.file, std::ios::binary) << bytes;
  try {
    const auto config = bot::read_config(place.file);
    require(!config.hetzner_token.empty(), "a configuration that is read is complete");
    require(!config.database.empty(), "a database has a place");
  } catch (const bot::ConfigError& error) {
    require(std::string(error.what()).starts_with(place.file + ": "), "a refusal names the file");
  }
}

}  // namespace fuzz
