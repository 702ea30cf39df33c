#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::Workspace;
using nlohmann::json;

namespace {

/// What `look` says, the editor not being asked.
json look(Workspace& here) {
  std::filesystem::create_directories(here.dir.path() / "run/devbox/agent");
  std::filesystem::create_directories(here.dir.path() / "run/devbox/leases");
  here.stand_in("curl", "echo '{\"status\":\"alive\",\"lastHeartbeat\":1795000000123}'");
  const auto [code, output] = here.shell("'" + here.command("look") + "'");
  CHECK(code == 0);
  return json::parse("{\"v\":1" + output + "}");
}

void set_uptime(Workspace& here, const std::string& seconds) {
  std::filesystem::remove(here.dir.path() / "proc/uptime");
  here.write("proc/uptime", seconds + ".50 1.00\n");
}

}  // namespace

TEST_CASE("logins are the terminals of people, with the seconds since a key was pressed") {
  Workspace here;
  for (const auto* name : {"0", "12", "ptmx"}) here.write(std::string("dev/pts/") + name, "");
  here.shell("touch -a -d '1 hour ago' \"$DEVBOX_ROOT/dev/pts/12\"");
  const auto report = look(here);
  REQUIRE(report["logins"].size() == 2);
  CHECK(report["logins"][0]["tty"] == "pts/0");
  CHECK(report["logins"][1]["tty"] == "pts/12");
  CHECK(report["logins"][0]["idle"].get<int>() < 3000);
  CHECK(report["logins"][1]["idle"].get<int>() >= 3600);
}

TEST_CASE("the newest activity in the user's tmux is told") {
  Workspace here;
  CHECK_FALSE(look(here).contains("tmux_idle"));
  std::filesystem::create_directories(here.dir.path() / "tmp/tmux-1000");
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = here.dir.file("tmp/tmux-1000/default");
  REQUIRE(path.size() < sizeof address.sun_path);
  std::strcpy(address.sun_path, path.c_str());
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  here.stand_in("tmux", "echo $(($(date +%s) - 7000)); echo $(($(date +%s) - 4000))");
  const auto idle = look(here)["tmux_idle"].get<int>();
  close(listener);
  CHECK(idle >= 3900);
  CHECK(idle < 7000);
  CHECK(here.calls("setpriv --reuid dev").size() == 1);
}

TEST_CASE("jobs are those of people and containers, by the configured names") {
  Workspace here;
  here.process(101, "make", 1000, "/user.slice/user-1000.slice/session-1.scope");
  here.process(102, "make", 1000, "/user.slice/user-1000.slice/session-1.scope");
  here.process(103, "ninja", 0, "/system.slice/docker-0123abcd.scope");
  here.process(104, "docker-compose-", 1000, "/user.slice");
  here.process(105, "sshd", 0, "/system.slice/ssh.service");
  CHECK(look(here)["jobs"] == json::array({"docker-compose-build", "make", "ninja"}));
  here.process(101, "bash", 1000, "/user.slice");
  here.process(102, "makeinfo", 1000, "/user.slice");
  here.process(103, "ninja", 0, "/system.slice/builder.service");
  here.process(104, "make x", 1000, "/user.slice");
  CHECK(look(here)["jobs"] == json::array({"make"}));
  here.process(104, "sh", 1000, "/user.slice");
  CHECK(look(here)["jobs"].empty());
}

TEST_CASE("processor time and I/O are rates since the last look, of control groups and disks") {
  Workspace here;
  const std::string groups = "sys/fs/cgroup/";
  set_uptime(here, "1000");
  here.write(groups + "user.slice/cpu.stat", "usage_usec 500000000\nuser_usec 1\n");
  here.write("sys/block/sda/stat", "   1 0 1000 0 2 0 3000 0 0 0 0\n");
  const auto first = look(here);
  CHECK(first["cpu"] == 0.5);
  CHECK(first["io"] == 2048);
  set_uptime(here, "1005");
  here.write(groups + "user.slice/cpu.stat", "usage_usec 599000000\n");
  CHECK(look(here)["cpu"] == 0.5);
  set_uptime(here, "1010");
  here.write(groups + "user.slice/cpu.stat", "usage_usec 520000000\n");
  here.write(groups + "system.slice/docker-ab12.scope/cpu.stat", "usage_usec 5000000\n");
  here.write(groups + "system.slice/code-server.service/cpu.stat", "usage_usec 1000000\n");
  here.write("sys/block/sda/stat", "12345678 0 9000001000 0 2 0 3000 0 0 0 0\n");
  const auto second = look(here);
  CHECK(second["cpu"] == 2.6);
  CHECK(second["io"] == 460800000000);
  set_uptime(here, "1020");
  std::filesystem::remove_all(here.dir.path() / (groups + "system.slice"));
  CHECK(look(here)["cpu"] == 0.0);
}

TEST_CASE("without control groups of version 2 the processes' own times count") {
  Workspace here;
  set_uptime(here, "1000");
  here.process(101, "a) (b", 1000, "/user.slice");
  here.write("proc/101/stat", "101 (a) (b) R 1 101 101 0 -1 4194304 9 9 9 9 2000 1000 7 7 20 0 1 0 5 0 0\n");
  look(here);
  set_uptime(here, "1020");
  here.write("proc/101/stat", "101 (a) (b) R 1 101 101 0 -1 4194304 9 9 9 9 3000 2000 7 7 20 0 1 0 5 0 0\n");
  CHECK(look(here)["cpu"] == 1.0);
}

TEST_CASE("the editor's traffic is what its connections have moved since the last look") {
  Workspace here;
  set_uptime(here, "1000");
  const auto traffic = [&](const std::string& one, const std::string& other) {
    here.stand_in(
        "ss", "echo '0 0 127.0.0.1:80 127.0.0.1:5001'\necho '\t cubic bytes_sent:9 bytes_acked:" + one +
                  " bytes_received:100 segs_out:3'\n" +
                  (other.empty()
                       ? ""
                       : "echo '0 0 127.0.0.1:80 127.0.0.1:5002'\necho ' x bytes_received:" + other + "'"));
    return look(here)["editor"];
  };
  CHECK(traffic("1000", "") == json{{"heartbeat_ms", 1795000000123}, {"bytes", 1100}});
  set_uptime(here, "1050");
  CHECK(traffic("1500", "40")["bytes"] == 540);
  set_uptime(here, "1100");
  CHECK(traffic("1500", "")["bytes"] == 0);
}

TEST_CASE("leases that have ended are removed, and what is no lease is left out") {
  Workspace here;
  look(here);
  const auto until = here.shell("echo $(($(date +%s) + 100))").second;
  const std::string leases = "run/devbox/leases/";
  here.write(leases + "good", until);
  here.write(leases + "ended", "1000000000\n");
  here.write(leases + "word", "tomorrow\n");
  here.write(leases + "hex", "0x7fffffff\n");
  here.write(leases + "long", "99999999999999999999\n");
  here.write(leases + "empty", "");
  here.write(leases + "odd \"name", until);
  here.write(leases + std::string(65, 'n'), until);
  here.write("secret", until);
  std::filesystem::create_symlink(here.dir.file("secret"), here.dir.path() / (leases + "link"));
  here.shell("mkfifo \"$DEVBOX_ROOT/" + leases + "pipe\"");
  const auto report = look(here);
  CHECK(report["leases"] == json::array({{{"id", "good"}, {"until", std::stoll(until)}}}));
  CHECK_FALSE(std::filesystem::exists(here.dir.file(leases + "ended")));
  CHECK(std::filesystem::exists(here.dir.file(leases + "word")));
}

TEST_CASE("how full disk and memory are is told in percent") {
  Workspace here;
  std::filesystem::remove(here.dir.path() / "proc/meminfo");
  here.write("proc/meminfo", "MemTotal:  4000000 kB\nMemFree:  100 kB\nMemAvailable:  1000000 kB\n");
  here.stand_in("df",
                "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo '/dev/sdb 100 88 12 "
                "88% /home'");
  const auto report = look(here);
  CHECK(report["memory"] == 75);
  CHECK(report["disk"] == 88);
}
