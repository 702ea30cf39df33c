#include "hetzner/simulator/command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace hetzner::simulator {
namespace asio = boost::asio;
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct FileActions {
  FileActions() {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

pid_t start(const std::string& command, std::vector<std::string> environment) {
  for (char** each = environ; *each; ++each) environment.emplace_back(*each);
  std::vector<char*> variables;
  for (auto& each : environment) variables.push_back(each.data());
  variables.push_back(nullptr);
  std::string shell = "/bin/sh", option = "-c", text = command;
  char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  const FileActions files;
  pid_t child = 0;
  const int error = posix_spawn(&child, shell.c_str(), &files.actions, nullptr, arguments, variables.data());
  if (error) fail(error, "cannot run the hook");
  return child;
}

}  // namespace

net::awaitable<bool> run_command(std::string command, std::vector<std::string> environment) {
  const auto executor = co_await asio::this_coro::executor;
  const pid_t child = start(command, std::move(environment));
  // Not pidfd_open(): glibc 2.36 declares it without extern "C".
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  if (handle < 0) fail(errno, "cannot watch the hook");
  asio::posix::stream_descriptor ended(executor, handle);
  const auto readable = asio::posix::stream_descriptor::wait_read;
  co_await ended.async_wait(readable, asio::use_awaitable);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  co_return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

PrivateFile::PrivateFile(const std::string& text) {
  path_ = (std::filesystem::temp_directory_path() / "hetzner-sim-XXXXXX").string();
  const int file = ::mkostemp(path_.data(), O_CLOEXEC);
  if (file < 0) fail(errno, "cannot make a temporary file");
  const auto written = ::write(file, text.data(), text.size());
  ::close(file);
  if (written != static_cast<ssize_t>(text.size())) fail(EIO, "cannot write a temporary file");
}

PrivateFile::~PrivateFile() { ::unlink(path_.c_str()); }

}  // namespace hetzner::simulator
