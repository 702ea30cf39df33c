#include <filesystem>
#include <random>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::Workspace;
using nlohmann::json;

namespace {

/// Lines of bytes that are often, but not always, something special.
std::vector<std::string> random_lines(unsigned seed, std::size_t lines) {
  std::mt19937 random(seed);
  const std::vector<std::string> special = {"\"",
                                            "\\",
                                            "\t",
                                            "\x1b",
                                            "\x7f",
                                            "\xc3\xa4",
                                            "\xe2\x82\xac",
                                            "\xf0\x9f\x98\x80",
                                            "\xc0\xaf",
                                            "\xed\xa0\x80",
                                            "\xf4\x90\x80\x80",
                                            "\xf8\x88\x80\x80\x80",
                                            "\xff",
                                            "\xe2\x82",
                                            "$(x)",
                                            "`",
                                            "'",
                                            "\\u0041",
                                            "\\n",
                                            "%s",
                                            "&",
                                            "/",
                                            "\r"};
  std::vector<std::string> made(lines);
  for (auto& line : made)
    for (auto parts = random() % 40; parts > 0; --parts)
      line += random() % 2 == 0 ? special[random() % special.size()]
                                : std::string(1, static_cast<char>(1 + random() % 255));
  for (auto& line : made)
    for (auto& byte : line)
      if (byte == '\n') byte = 'n';
  return made;
}

/// Valid UTF-8 without control characters: what is told as it is.
bool is_clean(const std::string& text) {
  for (const char byte : text)
    if ((byte >= 0 && byte < ' ' && byte != '\t') || byte == 0x7f) return false;
  try {
    return !json(text).dump().empty();
  } catch (const json::type_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("any bytes become JSON strings, and clean text stays what it is") {
  Workspace here;
  for (const unsigned seed : {1U, 2U, 3U}) {
    INFO(seed);
    const auto lines = random_lines(seed, 500);
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    here.write("text", text);
    const auto [code, output] =
        here.shell(". '" + here.command("ground") + "'; strings 1000 100000 <\"$DEVBOX_ROOT/text\"");
    REQUIRE(code == 0);
    const auto list = json::parse("[" + output + "]");
    REQUIRE(list.size() == lines.size());
    std::size_t compared = 0;
    for (std::size_t n = 0; n < lines.size(); ++n) {
      if (!is_clean(lines[n])) continue;
      CHECK(list[n] == lines[n]);
      ++compared;
    }
    CHECK(compared > 10);
  }
}

TEST_CASE("a report is never larger than the bot takes, whatever there is to say") {
  Workspace here;
  here.stand_in("journalctl", "head -c 9000 /dev/zero | tr '\\0' '\"'");
  here.ready();
  std::string dirty;
  for (int n = 0; n < 60; ++n) dirty += std::string(300, '"') + "\n";
  here.stand_in("setpriv", "cat \"$DEVBOX_ROOT/dirty\"");
  here.write("dirty", dirty);
  const auto until = here.shell("echo $(($(date +%s) + 1000))").second;
  for (int n = 0; n < 200; ++n)
    here.write("run/devbox/leases/" + std::string(50, 'l') + std::to_string(n), until);
  for (int n = 0; n < 50; ++n) here.write("dev/pts/" + std::to_string(n), "");
  const auto report = here.obeyed("ask_work", "op2/ask_work");
  CHECK(report["leases"].size() == 20);
  CHECK(report["logins"].size() == 20);
  CHECK(report["dirty"].size() == 20);
  here.stage("serve\tfailed\t" + std::string(5000, '\\'));
  const auto failed = here.next([](const auto& said) { return said["state"] == "failed"; });
  CHECK(failed["log"].get<std::string>().size() == 3900);
  CHECK(failed["detail"].get<std::string>().size() == 200);
  for (const auto& one : here.sent) CHECK(one.bytes <= 16 * 1024);
  CHECK(here.reports.counts().unreadable == 0);
}

TEST_CASE("who writes nonsense into the pipe wakes the agent and does no more") {
  Workspace here;
  here.ready();
  here.next();
  here.shell(
      "for n in 1 2 3 4 5 6 7 8 9; do printf 'prepare_stop\\n\\0$(touch x)\\nno end' "
      "1<>\"$DEVBOX_ROOT/run/devbox/wake\"; done");
  CHECK(here.obeyed("grow", "op2/grow")["done"]["ok"] == true);
  CHECK(here.calls("systemctl").empty());
  CHECK(here.read("out").empty());
}

TEST_CASE("what hangs does not keep the agent from reporting") {
  Workspace here;
  here.stand_in("df", "exec /bin/sleep 1000");
  here.stand_in("timeout", "[ \"$1\" != 20 ] || set -- 0.5 \"$2\"\nexec /usr/bin/timeout \"$@\"");
  const auto report = here.ready();
  CHECK(report["stage"] == "ready");
  CHECK_FALSE(report.contains("disk"));
}
