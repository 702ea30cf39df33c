#include "tests/faults/control_room.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

}  // namespace

void ControlRoom::say(const std::string& sender, const std::string& text, const std::string& room) {
  const auto key = name_ + "-" + std::to_string(said_.size() + 1);
  said_.push_back({{"key", key}, {"room", room}, {"sender", sender}, {"text", text}});
  if (rooms_.insert(room).second) disconnect();  // it is introduced anew
  if (socket_ >= 0) write(said_.back());
}

bool ControlRoom::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    disconnect();
    return false;
  }
  write({{"rooms", rooms_}});
  for (const auto& line : said_)
    if (!acknowledged_.contains(line["key"])) write(line);
  return true;
}

void ControlRoom::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  input_.clear();
  status_.reset();
}

bool ControlRoom::write(const json& object) {
  const auto line = object.dump() + "\n";
  if (socket_ >= 0 &&
      ::send(socket_, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size()))
    return true;
  disconnect();
  return false;
}

bool ControlRoom::pump(std::chrono::milliseconds time) {
  const auto until = steady_clock::now() + time;
  if (socket_ < 0 && !connect()) {
    ::usleep(5000);
    return false;
  }
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
    pollfd readable{socket_, POLLIN, 0};
    if (left < 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return true;
    char chunk[16384];
    const auto count = ::read(socket_, chunk, sizeof chunk);
    if (count <= 0) {
      disconnect();
      return false;
    }
    input_.append(chunk, static_cast<std::size_t>(count));
    for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      const auto line = json::parse(input_.substr(0, end));
      input_.erase(0, end + 1);
      take(line);
      if (socket_ < 0) return false;
    }
    if (status_) return true;
  }
}

void ControlRoom::take(const json& line) {
  if (line.contains("ack")) acknowledged_.insert(line["ack"]);
  if (line.contains("unfinished")) status_ = line;
  if (!line.contains("key")) return;
  const std::string key = line["key"];
  const auto [known, is_new] = texts_.try_emplace(key, line["text"]);
  if (!is_new && line["text"] != known->second) changed_.push_back(line["text"]);
  const bool is_progress = line.value("edits", "") != "";
  if (is_new && !is_progress) {
    shown_.push_back({{"key", key}, {"text", line["text"]}});
    if (!on_message(static_cast<int>(shown_.size()), false)) return disconnect();
  }
  if (!write({{"ack", key}})) return;
  const bool asks = !line.value("choices", json::array()).empty() && answered_.insert(key).second;
  if (asks) questions_.push_back(line);
  // The bot may have read the acknowledgement before it was killed: the message does not come again.
  if (is_new && !is_progress && !on_message(static_cast<int>(shown_.size()), true)) disconnect();
  if (asks && says_yes) accept(line);
}

void ControlRoom::accept(const json& question) {
  say(question["mentions"][0], "!devbox " + question["choices"][0]["word"].get<std::string>(),
      question["room"]);
}

bool ControlRoom::is_settled() {
  status_.reset();
  if (acknowledged_.size() < said_.size() || !write({{"do", "status"}})) return false;
  const auto until = steady_clock::now() + std::chrono::seconds(2);
  while (!status_ && steady_clock::now() < until)
    if (!pump(std::chrono::milliseconds(200))) return false;
  if (!status_) return false;
  const auto& status = *status_;
  return status["inbox"] == 0 && status["unfinished"] == 0 && status["outbox"] == 0;
}

}  // namespace faults
