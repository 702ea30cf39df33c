#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

namespace {

int run(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read(const std::string& file) {
  std::ifstream in(file);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

/// Every first group of `pattern` in the text.
std::set<std::string> found_in(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at)
    found.insert((*at)[1].str());
  return found;
}

/// This build, installed with a prefix into a directory of its own.
struct Installed {
  explicit Installed(const std::string& prefix) : top(dir.file("root") + prefix) {
    const std::string install = "DESTDIR='" + dir.file("root") +
                                "' cmake --install '" DEVBOX_BIN_DIR "/..' --prefix '" + prefix + "' >'" +
                                dir.file("log") + "' 2>&1 </dev/null";
    if (run(install) != 0) throw std::runtime_error(read(dir.file("log")));
  }
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top))
      if (entry.is_regular_file()) files.insert(entry.path().lexically_relative(top).string());
    return files;
  }
  [[nodiscard]] std::string unit() const { return read(top + "/lib/systemd/system/devboxd.service"); }

  TempDir dir;
  std::string top;
};

}  // namespace

TEST_CASE("an installation is the programs, the unit and the documents, and the programs run") {
  const Installed installed("/opt/devbox");
  CHECK(installed.files() == std::set<std::string>{"bin/devboxd", "bin/hetzner-sim", "bin/tailnet-sim",
                                                   "lib/systemd/system/devboxd.service",
                                                   "share/doc/devbox/LICENSE", "share/doc/devbox/README.md",
                                                   "share/doc/devbox/devbox.example.toml",
                                                   "share/doc/devbox/metrics.md",
                                                   "share/doc/devbox/tailnet.md"});
  for (const std::string program : {"devboxd", "hetzner-sim", "tailnet-sim"})
    CHECK(run("'" + installed.top + "/bin/" + program + "' --help >/dev/null 2>&1 </dev/null") == 0);
}

TEST_CASE("the unit starts the program of its own installation") {
  CHECK(found_in(Installed("/opt/devbox").unit(), "\nExecStart=(.*)\n") ==
        std::set<std::string>{"/opt/devbox/bin/devboxd --config /etc/devbox/devbox.toml"});
  CHECK(found_in(Installed("/usr").unit(), "\nExecStart=(.*)\n") ==
        std::set<std::string>{"/usr/bin/devboxd --config /etc/devbox/devbox.toml"});
}

TEST_CASE("the unit loads the secrets that the example names") {
  const auto example = read(DEVBOX_SOURCE_DIR "/deploy/devbox.example.toml");
  CHECK(found_in(Installed("/usr").unit(), "\nLoadCredential=([^:]*):/etc/devbox/credentials/") ==
        found_in(example, "\n[a-z_]*_file = \"([^\"/]+)\""));
}

TEST_CASE("the unit does not start again what would end the same way") {
  CHECK(found_in(Installed("/usr").unit(), "\nRestartPreventExitStatus=(.*)\n") ==
        std::set<std::string>{"2 77 78"});
}

TEST_CASE("the unit waits until the program says that it has started, and listens for signs of life") {
  const auto unit = Installed("/usr").unit();
  CHECK(found_in(unit, "\nType=(.*)\n") == std::set<std::string>{"notify"});
  CHECK(found_in(unit, "\nNotifyAccess=(.*)\n") == std::set<std::string>{"main"});
  CHECK(found_in(unit, "\nWatchdogSec=(.*)\n") == std::set<std::string>{"2min"});
  CHECK(unit.find("\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n") != std::string::npos);
}
