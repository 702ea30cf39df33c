#include <algorithm>
#include <filesystem>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::has_lease;
using agent::test::Workspace;
using nlohmann::json;

namespace {

std::pair<int, std::string> devboxctl(const Workspace& here, const std::string& arguments) {
  return here.shell("'" + here.dir.file("usr/local/bin/devboxctl") + "' " + arguments);
}

std::size_t leases(const Workspace& here) {
  const auto all = std::filesystem::directory_iterator(here.dir.path() / "run/devbox/leases");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Seconds from now to the end of the lease `keep`.
long long kept(const Workspace& here) {
  return std::stoll(
      here.shell("echo $(($(cat \"$DEVBOX_ROOT/run/devbox/leases/keep\") - $(date +%s)))").second);
}

}  // namespace

TEST_CASE("what devboxctl does not understand is answered with one line and 2") {
  Workspace here;
  std::filesystem::create_directories(here.dir.path() / "run/devbox/leases");
  for (const auto* words :
       {"", "help", "keep", "keep 3", "keep 3x", "keep h", "keep -3h", "keep 0h", "keep 3h2", "keep 99999h",
        "keep 1h 2h", "keep ''", "run", "run --", "status now", "'keep 3h'", "lease x"}) {
    INFO(words);
    const auto [code, output] = devboxctl(here, words);
    CHECK(code == 2);
    CHECK(output == "usage: devboxctl run [--] COMMAND… | keep 90m|3h|1h30m|2d|off | status\n");
  }
  CHECK(leases(here) == 0);
}

TEST_CASE("keep makes a lease of the length that was said, and ends it") {
  Workspace here;
  std::filesystem::create_directories(here.dir.path() / "run/devbox/leases");
  const std::vector<std::pair<std::string, long long>> lengths = {
      {"90m", 5400}, {"3h", 10800}, {"1h30m", 5400}, {"2d", 172800}, {"08h", 28800}, {"1d2h3m", 93780}};
  for (const auto& [text, seconds] : lengths) {
    INFO(text);
    const auto [code, output] = devboxctl(here, "keep " + text);
    CHECK(code == 0);
    CHECK(output.starts_with("kept until "));
    const auto left = kept(here);
    CHECK(left <= seconds);
    CHECK(left > seconds - 60);
    CHECK(leases(here) == 1);
  }
  CHECK(devboxctl(here, "keep off") == std::pair<int, std::string>{0, ""});
  CHECK(leases(here) == 0);
  std::filesystem::remove_all(here.dir.path() / "run/devbox/leases");
  CHECK(devboxctl(here, "keep 1h").first == 1);
}

TEST_CASE("a lease is told to the bot at once, and its end, too") {
  Workspace here;
  here.ready();
  here.next();
  devboxctl(here, "keep 3h");
  const auto report = here.next(has_lease);
  CHECK(report["leases"][0]["id"] == "keep");
  devboxctl(here, "keep 5h");
  const auto later =
      here.next([&](const auto& said) { return has_lease(said) && said["leases"] != report["leases"]; });
  CHECK(later["leases"][0]["until"].get<long long>() >= report["leases"][0]["until"].get<long long>() + 7000);
  devboxctl(here, "keep off");
  here.next([](const auto& said) { return said.contains("leases") && said["leases"].empty(); });
}

TEST_CASE("run has the command's exit code, output, input and arguments, and a lease while it runs") {
  Workspace here;
  std::filesystem::create_directories(here.dir.path() / "run/devbox/leases");
  const auto see = [&](const std::string& command) { return devboxctl(here, command); };
  CHECK(see("run -- sh -c 'exit 7'").first == 7);
  CHECK(see("run printf '<%s>' 'a b' ''").second == "<a b><>");
  CHECK(here.shell("echo input | '" + here.dir.file("usr/local/bin/devboxctl") + "' run -- cat").second ==
        "input\n");
  CHECK(see("run -- sh -c 'kill -TERM $$'").first == 128 + 15);
  CHECK(see("run -- /nowhere/at-all").first == 127);
  const auto [code, names] = see("run -- sh -c 'ls \"$DEVBOX_ROOT/run/devbox/leases\"'");
  CHECK(names.find("sh-") != std::string::npos);
  here.until([&] { return leases(here) == 0; });
}

TEST_CASE("a signal to run is a signal to its command, and the lease ends with it") {
  Workspace here;
  std::filesystem::create_directories(here.dir.path() / "run/devbox/leases");
  const auto [code, output] = here.shell("'" + here.dir.file("usr/local/bin/devboxctl") +
                                         "' run -- /bin/sleep 1000 & "
                                         "until grep -q sleep /proc/$!/comm; do "
                                         "/bin/sleep 0.05; done; kill -INT $!; kill -TERM $!; wait $!; "
                                         "echo $?; kill -0 $! 2>/dev/null || echo gone");
  CHECK(output.ends_with("143\ngone\n"));
  here.until([&] { return leases(here) == 0; });
}

TEST_CASE("run goes on where there is no agent, and says so") {
  Workspace here;
  const auto [code, output] = devboxctl(here, "run -- echo done");
  CHECK(code == 0);
  CHECK(output.find("no lease") != std::string::npos);
  CHECK(output.ends_with("done\n"));
}

TEST_CASE("status shows what the bot was told last, and before that how far the boot is") {
  Workspace here;
  here.write("run/devbox/stages", "1.00\tvolume\tfailed\tit is gone\n");
  CHECK(devboxctl(here, "status").second ==
        "the bot has not been reached yet\n  volume failed: it is gone\n");
  std::filesystem::remove(here.dir.path() / "run/devbox/stages");
  here.ready();
  here.obeyed("grow", "op2/grow");
  here.write("dev/pts/3", "");
  devboxctl(here, "keep 3h");
  here.next(has_lease);
  here.until([&] { return here.read("run/devbox/status.json").find("keep") != std::string::npos; });
  const auto [code, output] = devboxctl(here, "status");
  INFO(output);
  CHECK(code == 0);
  for (const auto* line :
       {"bot     heard ", "order   grow ", "stage   ready ok https\n", "logins  pts/3 idle ",
        "tmux    none\n", "editor  used ", "work    ", "lease   keep until ", "dirty   none\n"}) {
    INFO(line);
    CHECK(("\n" + output).find("\n" + std::string(line)) != std::string::npos);
  }
}
