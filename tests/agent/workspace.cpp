#include "tests/agent/workspace.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

namespace agent::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::seconds patience{120};

/// The script, for another shell than the one that it names.
std::string in_shell(const std::string& file, const std::string& shell) {
  std::ifstream in(file);
  std::string first;
  std::getline(in, first);
  return "#!" + shell + "\n" + std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

bool has_lease(const json& report) { return report.contains("leases") && !report["leases"].empty(); }

Workspace::Workspace(const std::string& shell)
    : server_(world.io.get_executor(), "127.0.0.1:0",
              {{"POST", "/v1/report",
                [this](const auto& request, const auto& target) { return answer(request, target); }},
               bot::page("/healthz", [this] {
                 return net::HttpResponse{
                     editor_answers ? 200 : 503, {}, R"({"status":"alive","lastHeartbeat":1795000000123})"};
               })}) {
  for (const auto* name :
       {"run/devbox", "proc/sys/kernel/random", "proc/self", "dev/pts", "sys", "tmp", "home/dev"})
    fs::create_directories(dir.path() / name);
  const std::string port = std::to_string(server_.port());
  write("etc/devbox/env",
        "DEVBOX_USER='dev'\nDEVBOX_UID='1000'\nDEVBOX_VOLUME='/dev/disk/by-id/scsi-0HC_Volume_7'\n"
        "DEVBOX_KEEP_DIRS='/var/lib/docker'\nDEVBOX_JOBS='make ninja docker-compose-build'\n"
        "DEVBOX_EDITOR_PORT='" +
            port + "'\nDEVBOX_PUBLIC_URL='http://127.0.0.1:" + port + "'\n");
  write("etc/devbox/token", world.reports.token(world.source) + "\n");
  write("proc/self/mountinfo", "");
  for (const auto* file : {"uptime", "meminfo", "sys/kernel/random/boot_id"})
    fs::create_symlink(std::string("/proc/") + file, dir.path() / "proc" / file);
  for (const auto* script : {"agent", "ground", "look", "scan", "halt"})
    write(std::string("usr/local/lib/devbox/") + script,
          in_shell(std::string(DEVBOX_SOURCE_DIR "/deploy/agent/") + script, shell));
  write("usr/local/bin/devboxctl", in_shell(DEVBOX_SOURCE_DIR "/deploy/agent/devboxctl", shell));
  write("usr/local/lib/devbox/stage",
        "#!/bin/sh\nread -r at _ <\"$DEVBOX_ROOT/proc/uptime\"\n"
        "printf '%s\\t%s\\t%s\\t%s\\n' \"$at\" \"$1\" \"$2\" \"${3:-}\" "
        ">>\"$DEVBOX_ROOT/run/devbox/stages\"\n");
  for (const auto* name :
       {"systemctl", "loginctl", "docker", "umount", "mount", "sync", "resize2fs", "journalctl"})
    stand_in(name);
  stand_in(
      "setpriv",
      "while [ $# -gt 0 ]; do case $1 in --init-groups) shift ;; --*) shift 2 ;; *) break ;; esac; done\n"
      "exec \"$@\"");
  stand_in("id", "echo 1000");
  stand_in("sleep", "exec /bin/sleep 0.2");
}

Workspace::~Workspace() { kill_agent(); }

std::string Workspace::environment() const {
  return "DEVBOX_ROOT='" + dir.path().string() + "' PATH='" + dir.file("bin") + "':\"$PATH\" ";
}

void Workspace::start() {
  const auto command = environment() + "; export DEVBOX_ROOT PATH; exec '" + this->command("agent") +
                       "' >>'" + dir.file("out") + "' 2>&1 </dev/null";
  agent_ = fork();
  if (agent_ != 0) return;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int fd = 3; fd < 256; ++fd) close(fd);
  execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  _exit(127);
}

void Workspace::kill_agent() {
  if (agent_ == 0) return;
  setpgid(agent_, agent_);
  kill(-agent_, SIGKILL);
  waitpid(agent_, nullptr, 0);
  agent_ = 0;
}

void Workspace::stage(const std::string& line, const std::string& uptime) {
  const auto now = read("proc/uptime");
  const auto text = (uptime.empty() ? now.substr(0, now.find(' ')) : uptime) + "\t" + line + "\n";
  std::ofstream(dir.file("run/devbox/stages"), std::ios::app) << text << std::flush;
}

std::pair<int, std::string> Workspace::shell(const std::string& command) const {
  const auto line = environment() + "; export DEVBOX_ROOT PATH; { " + command + "\n} 2>&1";
  FILE* pipe = popen(line.c_str(), "r");
  std::string output;
  std::array<char, 4096> part{};
  for (std::size_t n = 0; (n = fread(part.data(), 1, part.size(), pipe)) > 0;) output.append(part.data(), n);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

void Workspace::stand_in(const std::string& name, const std::string& body) {
  write("bin/" + name, "#!/bin/sh\necho \"" + name + " $*\" >>'" + dir.file("calls") + "'\n" + body + "\n");
}

void Workspace::write(const std::string& file, const std::string& text) const {
  fs::create_directories((dir.path() / file).parent_path());
  std::ofstream(dir.file(file), std::ios::binary) << text << std::flush;
  fs::permissions(dir.file(file), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
}

std::string Workspace::read(const std::string& file) const {
  std::ifstream in(dir.file(file), std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Workspace::calls(const std::string& name) const {
  std::istringstream in(read("calls"));
  std::vector<std::string> found;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name)) found.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  return found;
}

void Workspace::process(int pid, const std::string& name, int uid, const std::string& cgroup) const {
  const auto place = "proc/" + std::to_string(pid) + "/";
  const auto id = std::to_string(uid);
  write(place + "status", "Name:\t" + name + "\nUid:\t" + id + "\t" + id + "\t" + id + "\t" + id + "\n");
  write(place + "comm", name + "\n");
  write(place + "cgroup", "0::" + cgroup + "\n");
}

net::awaitable<net::HttpResponse> Workspace::answer(const net::HttpRequest& request,
                                                    const net::Target& target) {
  sent.push_back(
      {json::parse(request.body, nullptr, false), target.find("wait").value_or(""), request.body.size()});
  if (scripted.empty()) co_return co_await reports.answer(request, target);
  auto response = scripted.front();
  scripted.pop_front();
  co_return response;
}

void Workspace::until(const std::function<bool()>& reached) {
  const auto poll = [&]() -> net::awaitable<void> {
    while (!reached()) co_await world.clock.sleep_for(std::chrono::milliseconds(5));
  };
  run(world.io, poll(), patience);
}

json Workspace::next(const std::function<bool(const json&)>& fits) {
  json found;
  until([&] {
    while (looked_at_ < sent.size()) {
      found = sent[looked_at_++].report;
      if (fits(found)) return true;
    }
    return false;
  });
  return found;
}

json Workspace::ready() {
  for (const auto* line : {"join\tok\t", "volume\tok\t", "serve\tok\thttps"}) stage(line);
  start();
  return next([](const json& report) { return report.value("ready", false); });
}

json Workspace::obeyed(const std::string& verb, const std::string& id) {
  return run(world.io, world.reports.until_done(world.source, commands::Order{verb, id}), patience);
}

}  // namespace agent::test
