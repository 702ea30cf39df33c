#include "tests/world/room.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace world {

void Room::say(const std::string& person, const std::string& text) {
  said_.push_back({{"key", "m" + std::to_string(said_.size() + 1)},
                   {"room", person},
                   {"sender", "console:" + person},
                   {"text", text},
                   {"direct", false}});
  if (socket_ >= 0) write(said_.back());
}

void Room::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return hang_up();
  for (const auto& line : said_)
    if (!acknowledged_.contains(line["key"])) write(line);
}

void Room::hang_up() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  input_.clear();
}

void Room::write(const nlohmann::json& object) {
  const auto line = object.dump() + "\n";
  if (socket_ < 0) return;
  if (::send(socket_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) hang_up();
}

bool Room::look() {
  bool found = false;
  if (socket_ < 0) connect();
  char chunk[16384];
  for (ssize_t count = 1; count > 0 && socket_ >= 0;) {
    count = ::recv(socket_, chunk, sizeof chunk, MSG_DONTWAIT);
    if (count > 0) input_.append(chunk, static_cast<std::size_t>(count));
    if (count == 0) hang_up();
  }
  for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
    const auto line = nlohmann::json::parse(input_.substr(0, end));
    input_.erase(0, end + 1);
    take(line);
    found = true;
  }
  return found;
}

void Room::take(const nlohmann::json& line) {
  if (line.contains("ack")) acknowledged_.insert(line["ack"]);
  if (!line.contains("key")) return;
  const std::string key = line["key"];
  write({{"ack", key}});
  if (!keys_.insert(key).second || line["edits"] != "") return;
  Reply reply{key, line["room"], line["text"], line["mentions"], {}};
  for (const auto& choice : line["choices"]) reply.choices.push_back(choice["word"]);
  replies_.push_back(std::move(reply));
}

}  // namespace world
