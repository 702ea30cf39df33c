#include "commands/public_key.hpp"

#include "commands/grammar.hpp"
#include "commands/request.hpp"
#include "commands/typing.hpp"
#include "tests/catch.hpp"

using namespace commands;

namespace {

const std::string ed25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIHsIZEnK1RyIMubz9aOQDsoYwrBAjG7R78nmyk/d5Opx";
const std::string nistp256 =
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCnN+q7KKyjFMzb6Pm2KwfwTKhkmwNE/"
    "WRAXo3RrkuMxfpPwd5jJ0nMoXzmkOSdQ1W7y55GnDaOKY1FAjBbeJCw=";
const std::string nistp384 =
    "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBJvDLxek0vE2TD8dgs83lCSvu6PcSnqMh9QlA7dq6o3yf6J3sG+"
    "ekLRrMQdHi9ewIbBltzSUsshC/vow1j2+sYqAQwoE/iq25gvrCuDge7s8lIBRj+oev0HQDgZ4Nm5/qg==";
const std::string nistp521 =
    "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADQicsLQDKPm4O2DnyKG0D5manFneZ7WVDh97qTfSI7FC5JMh2j"
    "8IDolY6cqjE5bu2+7sYdNdBS72c11g/snS2EigF7cqyuOwAIa78RPEdb5qltpPdl/SxssODTy8/DVqwDHmtHiGNDRKpUy/"
    "SmlLDmmsfHFjZcBGluJ1XCsVbHrYSQuw==";
const std::string rsa_1024 =
    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQDX6zNJrVf4pTslWBq/"
    "xN7Ddyb9eSE0knNcXUHXOm8GtRV5m6YFxIUrwGtQgewX01PvlJgJ1cpA/"
    "q02rRQFwvaAHGP9g+pw1PEBKq468moEpX6K3kzhPdUc4drt44cGQOv7iZs5gt1fxFgSPqe6U3qNeer0mJRA2MRBxIKleNNsDQ==";
const std::string rsa_2048 =
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQCv9ilklKdjNVNvFbvuP0xsvqYkmPtbcLvM8ZEpg6wFEycHPDCPFWLOG6Mf2QPAXEO70MX48o+"
    "AqsbGsCmy1cD3K72+IHJ5AtNFISednRkhOnxFR+L/U5tutspwiZ+RiXlGIczGRxWv3e1bTVyHSMC6sfB9bB2pYAVq7T/2h2rBtg+"
    "d3sUOIeQbGSyttrrzHE6HnQpLtvJ+iRd46EcQUjxGZ19J+5pXgpQG4zhYickztTs49mZjh7xlmCgVD/sY9rBUAhayIPI74tmYo3/"
    "nkQWLQyRK6B8uXyPlecIdPS9RF/kPib2GOFU1wgzy8HkviPBxQstNLbUfLQClbWP9nS+L";
const std::string sk_ed25519 =
    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gAAAABHNzaDo=";
const std::string sk_nistp256 =
    "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
    "GBka"
    "GxwdHh8gAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAAAAAEc3NoOg==";

std::string refusal(const std::string& line) {
  try {
    return "taken: " + parse_public_key(line).shown();
  } catch (const Error& error) {
    return error.what();
  }
}

const std::string cut_off =
    "That key is cut off or mistyped. Paste the whole line of the .pub file: type, key and comment. Nothing "
    "was "
    "done.";

}  // namespace

TEST_CASE("a public key has ssh-keygen's fingerprints") {
  const auto key = parse_public_key("ssh-ed25519 " + ed25519 + " alice@laptop");
  CHECK(key.md5 == "ce:a3:f3:c1:8e:f6:3e:50:5c:ae:72:0f:78:7b:a0:c0");
  CHECK(key.shown() == "ssh-ed25519 alice@laptop, SHA256:WZ2qUacYdgcfJbOZ64GbtsiQVF7oc0u71VYMG/GpfNw");
  CHECK(key.line() == "ssh-ed25519 " + ed25519 + " alice@laptop");
  const auto rsa = parse_public_key("ssh-rsa " + rsa_2048);
  CHECK(rsa.md5 == "35:95:fc:41:b7:69:67:e3:b3:5a:4e:d4:70:74:e5:d7");
  CHECK(rsa.shown() == "ssh-rsa 2048 bits, SHA256:QrxXZuRHZGrY/FGqMSQqZTWeqoUdwMN4FRtiboLbiw0");
  CHECK(rsa.line() == "ssh-rsa " + rsa_2048);
}

TEST_CASE("every kind of key that OpenSSH makes is taken, in whatever case its type is typed") {
  const std::pair<std::string, std::string> rows[] = {
      {"ssh-ed25519", ed25519},
      {"SSH-Ed25519", ed25519},
      {"ecdsa-sha2-nistp256", nistp256},
      {"ecdsa-sha2-nistp384", nistp384},
      {"ecdsa-sha2-nistp521", nistp521},
      {"ssh-rsa", rsa_2048},
      {"sk-ssh-ed25519@openssh.com", sk_ed25519},
      {"sk-ecdsa-sha2-nistp256@openssh.com", sk_nistp256},
  };
  for (const auto& [type, key] : rows) {
    CAPTURE(type);
    CHECK(parse_public_key(type + " " + key).base64 == key);
  }
}

TEST_CASE("a key that cannot be meant is refused with what is wrong with it") {
  CHECK(refusal("") ==
        "An ssh public key is missing: the one line of ~/.ssh/id_ed25519.pub or the like, as in key add "
        "ssh-ed25519 AAAA… alice@laptop. Nothing was done.");
  CHECK(refusal("ssh-dss AAAA") ==
        "\"ssh-dss\" is no type of ssh key that is taken: ssh-ed25519, ecdsa-sha2-nistp256 (384, 521), their "
        "sk- forms, ssh-rsa from 2048 bits on. Nothing was done.");
  CHECK(refusal("ssh-ed25519") == "After ssh-ed25519 the key itself is missing. Nothing was done.");
  CHECK(refusal("ssh-rsa " + ed25519) ==
        "The line says ssh-rsa, but the key in it is ssh-ed25519. Nothing was done.");
  CHECK(refusal("ssh-rsa " + rsa_1024) ==
        "That RSA key has 1024 bits, and fewer than 2048 are no protection. `ssh-keygen -t ed25519` makes a "
        "good one. Nothing was done.");
}

TEST_CASE("a key that is cut anywhere, or has a digit that is none, is refused") {
  for (const auto& [type, key] : {std::pair{"ssh-ed25519 ", ed25519}, std::pair{"ssh-rsa ", rsa_2048},
                                  std::pair{"ecdsa-sha2-nistp256 ", nistp256}})
    for (std::size_t size = 1; size < key.size(); ++size) {
      CAPTURE(type, size);
      CHECK(refusal(type + key.substr(0, size)) == cut_off);
    }
  CHECK(refusal("ssh-ed25519 " + ed25519 + "AAAA") == cut_off);
  CHECK(refusal("ssh-ed25519 " + ed25519.substr(0, 40) + "*" + ed25519.substr(41)) == cut_off);
  CHECK(refusal("ssh-ed25519 ====") == cut_off);
  CHECK(refusal("ssh-ed25519 " + std::string(8, 'A')) == cut_off);
}

TEST_CASE("a comment is shown as it can be shown") {
  CHECK(
      parse_public_key("ssh-ed25519 " + ed25519 + "  Alice's \t new\x1b[31m laptop ").comment.find('\x1b') ==
      std::string::npos);
  CHECK(parse_public_key("ssh-ed25519 " + ed25519 + " " + std::string(500, 'x')).comment.size() <= 100);
}

TEST_CASE("a key comes through the grammar as it was pasted") {
  for (const auto& line :
       {"ssh-ed25519 " + ed25519 + " alice@laptop", "ecdsa-sha2-nistp256 " + nistp256 + " x",
        "ecdsa-sha2-nistp384 " + nistp384, "sk-ssh-ed25519@openssh.com " + sk_ed25519}) {
    for (const auto& typed : {"key add " + line, "key add \"" + line + "\""}) {
      CAPTURE(typed);
      const auto request = parse(plain_typing(typed));
      std::string joined;
      for (auto word = request.words.begin() + 1; word != request.words.end(); ++word)
        joined += (joined.empty() ? "" : " ") + *word;
      CHECK(parse_public_key(joined).line() == line);
    }
  }
}

TEST_CASE("a private key is known by any of its forms") {
  CHECK(holds_private_key("-----BEGIN OPENSSH PRIVATE KEY-----"));
  CHECK(holds_private_key("!devbox key add\n-----BEGIN RSA PRIVATE KEY-----\nMIIE"));
  CHECK(holds_private_key("—BEGIN EC PRIVATE KEY—"));
  CHECK(holds_private_key("PuTTY-User-Key-File-3: ssh-ed25519"));
  CHECK(holds_private_key("key add b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"));
  CHECK_FALSE(holds_private_key("key add ssh-ed25519 " + ed25519 + " not my private key"));
}
