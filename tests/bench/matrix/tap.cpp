#include "tests/bench/matrix/tap.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "net/url.hpp"

namespace bench {
namespace {

sockaddr_in address_of(const std::string& url) {
  const auto endpoint = net::parse_endpoint(url);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  if (endpoint.tls || ::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error(url + " must be like http://127.0.0.1:8008");
  return address;
}

int new_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) throw std::runtime_error("no socket");
  return made;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Tap::Tap(const std::string& homeserver, std::string command)
    : command_(std::move(command)), behind_(address_of(homeserver)), listener_(new_socket()) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  auto* name = reinterpret_cast<sockaddr*>(&own);
  const bool listens = ::bind(listener_, name, size) == 0 && ::listen(listener_, SOMAXCONN) == 0 &&
                       ::getsockname(listener_, name, &size) == 0;
  if (!listens || ::pipe(stop_) != 0) throw std::runtime_error("cannot listen on 127.0.0.1");
  url_ = "http://127.0.0.1:" + std::to_string(ntohs(own.sin_port));
  thread_ = std::thread([this] { run(); });
}

Tap::~Tap() {
  ::close(stop_[1]);
  thread_.join();
  for (const auto& pair : pairs_) {
    ::close(pair.bot);
    ::close(pair.homeserver);
  }
  ::close(stop_[0]);
  ::close(listener_);
}

void Tap::clear() {
  const std::lock_guard lock(mutex_);
  traffic_ = {};
}

Traffic Tap::traffic() {
  const std::lock_guard lock(mutex_);
  return traffic_;
}

void Tap::give_up() { throw std::runtime_error("the bot did nothing for a minute"); }

void Tap::run() {
  for (;;) {
    std::vector<pollfd> watched = {{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& pair : pairs_) {
      watched.push_back({pair.bot, POLLIN, 0});
      watched.push_back({pair.homeserver, POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents) return;
    std::vector<Pair> open;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const auto& pair = pairs_[i];
      const bool lives = (!watched[2 + 2 * i].revents || pass_on(pair, true)) &&
                         (!watched[3 + 2 * i].revents || pass_on(pair, false));
      if (lives) {
        open.push_back(pair);
      } else {
        ::close(pair.bot);
        ::close(pair.homeserver);
      }
    }
    pairs_ = std::move(open);
    if (watched[1].revents) take_on();
  }
}

void Tap::take_on() {
  const Pair pair{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), new_socket()};
  send_at_once(pair.bot);
  send_at_once(pair.homeserver);
  ::connect(pair.homeserver, reinterpret_cast<const sockaddr*>(&behind_), sizeof behind_);
  pairs_.push_back(pair);
}

bool Tap::pass_on(const Pair& pair, bool is_from_bot) {
  const auto count = ::recv(is_from_bot ? pair.bot : pair.homeserver, chunk_.data(), chunk_.size(), 0);
  if (count <= 0) return false;
  const std::string_view bytes(chunk_.data(), static_cast<std::size_t>(count));
  is_from_bot ? note_request(bytes) : note_answer(bytes);
  return write_all(is_from_bot ? pair.homeserver : pair.bot, bytes);
}

/// A bot waits for an answer before it writes its next request on that connection, so a request begins a
/// chunk.
void Tap::note_request(std::string_view bytes) {
  const auto now = std::chrono::steady_clock::now();
  const auto line = bytes.substr(0, bytes.find('\r'));
  const std::lock_guard lock(mutex_);
  if (line.starts_with("GET ") && line.find("/sync") != std::string_view::npos) {
    if (++traffic_.syncs == 2) traffic_.resumed = now;
  } else if (line.starts_with("PUT ") && line.find("/send/m.room.message/") != std::string_view::npos) {
    ++traffic_.sends;
    if (traffic_.told && !traffic_.replied) traffic_.replied = now;
  } else {
    return;
  }
  changed_.notify_all();
}

void Tap::note_answer(std::string_view bytes) {
  if (bytes.find(command_) == std::string_view::npos) return;
  const std::lock_guard lock(mutex_);
  if (!traffic_.told) traffic_.told = std::chrono::steady_clock::now();
}

}  // namespace bench
