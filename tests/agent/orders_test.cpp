#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "tests/agent/workspace.hpp"
#include "tests/catch.hpp"

using agent::test::Workspace;
using nlohmann::json;

namespace {

using Lines = std::vector<std::string>;

/// The volume on /home and on a kept directory, with things of others below both, and a stand-in of umount
/// that obeys.
void mount_volume(Workspace& here) {
  const auto top = here.dir.path().string();
  here.write("proc/self/mountinfo",
             "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
             "26 22 8:16 / " +
                 top +
                 "/home rw - ext4 /dev/sdb rw\n"
                 "27 22 8:16 /.devbox/keep/docker " +
                 top +
                 "/var/lib/docker rw - ext4 /dev/sdb rw\n"
                 "28 27 0:40 / " +
                 top +
                 "/var/lib/docker/overlay2/x rw - overlay overlay rw\n"
                 "29 22 0:41 / /elsewhere rw - tmpfs tmpfs rw\n"
                 "30 26 0:50 / " +
                 top + "/home/dev/my\\040drive rw - fuse.sshfs host: rw\n");
  here.stand_in(
      "umount",
      "[ ! -e \"$DEVBOX_ROOT/busy\" ] || [ \"$1\" != \"$DEVBOX_ROOT/home\" ] || exit 32\n"
      "gone=$(printf %s \"$1\" | sed 's/ /\\\\040/g') table=$DEVBOX_ROOT/proc/self/mountinfo\n"
      "GONE=$gone awk '$5 != ENVIRON[\"GONE\"]' \"$table\" >\"$table.new\" && mv \"$table.new\" \"$table\"");
}

Lines without_place(Lines lines, const std::string& place) {
  for (auto& line : lines)
    for (std::size_t at = 0; (at = line.find(place)) != std::string::npos;) line.erase(at, place.size());
  return lines;
}

bool is_done(const json& said) { return said.contains("done"); }

/// A process of ours that stands for somebody else's; killed with this object.
struct Somebody {
  Somebody() : id(fork()) {
    if (id != 0) return;
    execl("/bin/sleep", "sleep", "1000", nullptr);
    _exit(127);
  }
  ~Somebody() {
    kill(id, SIGKILL);
    waitpid(id, nullptr, 0);
  }
  Somebody(const Somebody&) = delete;
  Somebody& operator=(const Somebody&) = delete;
  /// The signal that has ended it; 0 while it lives.
  [[nodiscard]] int ended_by() const {
    siginfo_t about{};
    waitid(P_PID, static_cast<id_t>(id), &about, WEXITED | WNOHANG | WNOWAIT);
    return about.si_status;
  }
  pid_t id;
};

}  // namespace

TEST_CASE("prepare_stop ends editor, containers and logins, writes out, unmounts from below, and says so") {
  Workspace here;
  mount_volume(here);
  here.stand_in("docker", "[ \"$1\" != ps ] || echo 4e1f c0de");
  const Somebody person;
  here.process(person.id, "vim", 1000, "/user.slice/user-1000.slice/session-1.scope");
  here.ready();
  const auto report = here.obeyed("prepare_stop", "op2/flush");
  CHECK(report["done"] == json{{"id", "op2/flush"}, {"ok", true}, {"error", ""}});
  CHECK(report["stage"] == "stop");
  CHECK(report["ready"] == false);
  CHECK(report["detail"] == "");
  CHECK(here.calls("systemctl stop code-server.service").size() == 1);
  CHECK(here.calls("docker stop") == Lines{"docker stop -t 10 4e1f c0de"});
  CHECK(here.calls("systemctl stop docker") ==
        Lines{"systemctl stop docker.socket docker.service containerd.service"});
  CHECK(here.calls("loginctl") == Lines{"loginctl terminate-user 1000"});
  CHECK(person.ended_by() == SIGTERM);
  CHECK(here.calls("sync").size() == 1);
  CHECK(without_place(here.calls("umount"), here.dir.path().string()) ==
        Lines{"umount /home/dev/my drive", "umount /var/lib/docker/overlay2/x", "umount /var/lib/docker",
              "umount /home"});
  CHECK(here.calls("mount").empty());
  CHECK(here.read("proc/self/mountinfo").find("/elsewhere") != std::string::npos);
  CHECK(std::filesystem::exists(here.dir.file("run/nologin")));
}

TEST_CASE("an order that comes again is not done again, only told again") {
  Workspace here;
  mount_volume(here);
  here.ready();
  here.obeyed("prepare_stop", "op2/flush");
  here.next(is_done);
  // A bot that has been started again, which does not know that it was told.
  const net::HttpResponse again{200, {}, R"({"do":"prepare_stop","id":"op2/flush"})"};
  here.scripted = {again};
  here.stage("extra\tok\t");
  CHECK(here.next(is_done)["done"]["ok"] == true);
  here.kill_agent();
  here.scripted = {again};
  here.start();
  CHECK(here.next(is_done)["done"]["ok"] == true);
  CHECK(here.calls("systemctl stop code-server.service").size() == 1);
  CHECK(here.obeyed("prepare_stop", "op3/flush")["done"]["ok"] == true);
  CHECK(here.calls("systemctl stop code-server.service").size() == 2);
}

TEST_CASE("who still holds the volume is killed, and it is made read-only when that does not help") {
  Workspace here;
  mount_volume(here);
  here.write("busy", "");
  const Somebody holder;
  here.process(holder.id, "stubborn", 0, "/system.slice/stubborn.service");
  std::filesystem::create_symlink(here.dir.file("home/dev"),
                                  here.dir.path() / "proc" / std::to_string(holder.id) / "cwd");
  here.ready();
  const auto report = here.obeyed("prepare_stop", "op2/flush");
  CHECK(report["done"]["ok"] == true);
  CHECK(report["detail"] == "read-only");
  CHECK(holder.ended_by() == SIGTERM);
  CHECK(here.calls("systemctl stop stubborn") == Lines{"systemctl stop stubborn.service"});
  CHECK(without_place(here.calls("mount"), here.dir.path().string()) == Lines{"mount -o remount,ro /home"});
  CHECK(here.calls("sync").size() == 2);
}

TEST_CASE(
    "a volume that stays in use is not called flushed: who uses it is named, and the work is given back") {
  Workspace here;
  mount_volume(here);
  here.write("busy", "");
  here.stand_in("mount", "exit 32");
  here.process(9999998, "systemd", 0, "/init.scope");
  here.process(9999999, "stub\"born", 0, "/system.slice/stubborn.service");
  std::filesystem::create_directory_symlink(here.dir.file("home"), here.dir.path() / "proc/9999999/root");
  std::filesystem::create_directory_symlink(here.dir.file("home"), here.dir.path() / "proc/9999998/cwd");
  here.ready();
  const auto report = here.obeyed("prepare_stop", "op2/flush");
  CHECK(report["done"] == json{{"id", "op2/flush"},
                               {"ok", false},
                               {"error", "/home could not be unmounted, stub\"born (9999999) uses it"}});
  CHECK(report["ready"] == true);
  auto begun = here.calls("systemctl --no-block");
  REQUIRE(begun.size() == 6);
  CHECK(begun.front() == "systemctl --no-block restart devbox-volume.service");
  std::sort(begun.begin(), begun.end());
  CHECK(begun ==
        Lines{"systemctl --no-block restart devbox-volume.service",
              "systemctl --no-block start code-server.service",
              "systemctl --no-block start containerd.service", "systemctl --no-block start docker.service",
              "systemctl --no-block start docker.socket", "systemctl --no-block start stubborn.service"});
  CHECK_FALSE(std::filesystem::exists(here.dir.file("run/nologin")));
}

TEST_CASE("what is mounted nowhere is flushed already, and docker that does not run is not begun") {
  Workspace here;
  here.stand_in("systemctl", "[ \"$1\" != is-active ]");
  here.ready();
  CHECK(here.obeyed("prepare_stop", "op2/flush")["done"]["ok"] == true);
  CHECK(here.calls("umount").empty());
  CHECK(here.calls("docker").empty());
}

TEST_CASE("a workspace that is still there 10 minutes after it was brought to rest starts again") {
  Workspace here;
  std::filesystem::remove(here.dir.path() / "proc/uptime");
  here.write("proc/uptime", "100.0 1.0\n");
  here.ready();
  here.obeyed("prepare_stop", "op2/flush");
  here.write("proc/uptime.new", "699.0 1.0\n");
  std::filesystem::rename(here.dir.file("proc/uptime.new"), here.dir.file("proc/uptime"));
  const auto wakes = here.calls("sleep 10").size();
  here.until([&] { return here.calls("sleep 10").size() > wakes + 3; });
  CHECK(here.calls("systemctl reboot").empty());
  here.write("proc/uptime.new", "700.0 1.0\n");
  std::filesystem::rename(here.dir.file("proc/uptime.new"), here.dir.file("proc/uptime"));
  here.until([&] { return !here.calls("systemctl reboot").empty(); });
  here.stage("extra\tok\t");
  here.next([](const auto& said) { return said["stage"] == "extra"; });
  CHECK(here.calls("systemctl reboot").size() == 1);
}

TEST_CASE("grow grows the file system of the volume") {
  Workspace here;
  here.ready();
  CHECK(here.obeyed("grow", "op2/grow")["done"]["ok"] == true);
  CHECK(here.calls("resize2fs").size() == 1);
  here.stand_in("resize2fs", "echo 'resize2fs: no space\nin \"sight\"' >&2; exit 1");
  const auto report = here.obeyed("grow", "op3/grow");
  CHECK(report["done"] == json{{"id", "op3/grow"}, {"ok", false}, {"error", "in \"sight\""}});
}
