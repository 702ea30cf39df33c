#include "bot/control_request.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bot/control_line.hpp"

namespace bot {
namespace {

class Connection {
 public:
  Connection(std::string path, std::chrono::seconds patience) : path_(std::move(path)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof(address.sun_path)) fail("its path is too long");
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) fail(std::strerror(errno));
    const timeval limit{static_cast<time_t>(patience.count()), 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
    const auto why = errno;
    ::close(descriptor_);
    fail(std::strerror(why));
  }
  ~Connection() { ::close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) fail_with(errno);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  std::string read_line() {
    std::string line;
    char byte = 0;
    for (;;) {
      const auto count = ::recv(descriptor_, &byte, 1, 0);
      if (count < 0) fail_with(errno);
      if (count == 0) fail("it hung up");
      if (byte == '\n') return line;
      line += byte;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw NobodyThere("The process at " + path_ + " does not answer: " + why + ".");
  }
  [[noreturn]] void fail_with(int why) const {
    fail(why == EAGAIN || why == EWOULDBLOCK ? "it took too long" : std::strerror(why));
  }

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace

nlohmann::json ask_control(const std::string& socket, const nlohmann::json& request,
                           std::chrono::seconds patience) {
  Connection connection(socket, patience);
  // Without a room, nothing but the answer comes: no message of the chat.
  connection.write(control_line(nlohmann::json{{"rooms", nlohmann::json::array()}}) + control_line(request));
  const auto answer = nlohmann::json::parse(connection.read_line(), nullptr, false);
  if (!answer.is_object())
    throw NobodyThere("What listens at " + socket + " does not speak like a devbox process.");
  if (answer.contains("error"))
    throw std::runtime_error(answer.value("error", "it refused without a reason"));
  return answer;
}

}  // namespace bot
