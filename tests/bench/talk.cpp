#include "tests/bench/talk.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr auto room = "bench";
constexpr timeval patience{10, 0};

}  // namespace

Talk::Talk(const std::string& socket, std::string sender)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), sender_(std::move(sender)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("nobody listens on " + socket);
  write({{"rooms", {room}}});
}

Talk::~Talk() { ::close(socket_); }

std::chrono::duration<double, std::milli> Talk::ask(const std::string& line) {
  const auto key = "bench-" + std::to_string(++said_);
  const auto began = std::chrono::steady_clock::now();
  write({{"key", key}, {"room", room}, {"sender", sender_}, {"text", line}});
  nlohmann::json answer;
  while (!answer.contains("text")) answer = next_line();
  const auto took = std::chrono::steady_clock::now() - began;
  write({{"ack", answer["key"]}});
  return took;
}

void Talk::write(const nlohmann::json& object) const {
  const auto line = object.dump() + "\n";
  if (::send(socket_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("the control socket was closed");
}

nlohmann::json Talk::next_line() {
  auto end = input_.find('\n');
  for (; end == std::string::npos; end = input_.find('\n')) {
    char chunk[16384];
    const auto count = ::recv(socket_, chunk, sizeof chunk, 0);
    if (count <= 0) throw std::runtime_error("the control socket does not answer");
    input_.append(chunk, static_cast<std::size_t>(count));
  }
  auto line = nlohmann::json::parse(input_.substr(0, end));
  input_.erase(0, end + 1);
  return line;
}

}  // namespace bench
