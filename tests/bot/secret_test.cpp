#include "bot/secret.hpp"

#include <filesystem>

#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

TEST_CASE("a secret is one line of a file that only its owner reads") {
  const WrittenConfig written;
  CHECK(read_secret(written.write("a", "abc\n")) == "abc");
  CHECK(read_secret(written.write("a", "abc\r\n")) == "abc");
  CHECK(read_secret(written.write("a", "abc")) == "abc");
  CHECK(read_secret(written.write("a", "abc", 0400)) == "abc");
}

TEST_CASE("a secret that others can read is refused with what to run") {
  const WrittenConfig written;
  for (const mode_t mode : {0640, 0604, 0620, 0644, 0601}) {
    const auto path = written.write("open", "abc\n", mode);
    CHECK_THROWS_WITH(read_secret(path),
                      path + " can be read by others than its owner. Run: chmod 600 " + path);
  }
}

TEST_CASE("what is no secret is refused, and never quoted") {
  const WrittenConfig written;
  const auto path = written.path("a");
  for (const auto* text : {"", "\n", "\r\n"}) {
    written.write("a", text);
    CHECK_THROWS_WITH(read_secret(path), path + " is empty");
  }
  for (const auto* text : {"abc\ndef\n", "abc def", "abc\tdef", "\xc3\xa4"}) {
    written.write("a", text);
    CHECK_THROWS_WITH(read_secret(path), path + " must hold the secret alone, on one line");
  }
  written.write("a", std::string(70000, 'x'));
  CHECK_THROWS_WITH(read_secret(path), path + " is too long for a secret");
  CHECK_THROWS_WITH(read_secret(written.path("none")),
                    "cannot read " + written.path("none") + ": No such file or directory");
  std::filesystem::create_directory(written.path("folder"));
  CHECK_THROWS_WITH(read_secret(written.path("folder")), written.path("folder") + " is not a file");
}

TEST_CASE("a bare name is one of systemd's credentials, whatever its mode") {
  const WrittenConfig written;
  written.write("hetzner-token", "abc\n", 0440);
  {
    const Environment credentials("CREDENTIALS_DIRECTORY", written.path(".").c_str());
    CHECK(read_secret("hetzner-token") == "abc");
  }
  const Environment credentials("CREDENTIALS_DIRECTORY", nullptr);
  CHECK_THROWS_WITH(
      read_secret("hetzner-token"),
      "\"hetzner-token\" is a bare name, to be read from $CREDENTIALS_DIRECTORY, which is not set. "
      "Give a path, or let systemd load it (LoadCredential=)");
}

TEST_CASE("the configuration's sentence names the key of a bad secret") {
  const WrittenConfig written;
  const auto path = written.write("hetzner-token", "abc\n", 0644);
  CHECK(written.refusal(written.complete()) == "line 2: [hetzner] token_file: " + path +
                                                   " can be read by others than its owner. Run: chmod 600 " +
                                                   path);
}
