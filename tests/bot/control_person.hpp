#pragma once
#include <algorithm>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "bot/control.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/temp_dir.hpp"

namespace bot::test {

/// A program at the other end of a control socket: shows a key once, acknowledges it if told to.
class Peer {
 public:
  Peer(Loop& loop, const std::string& path) : state_(std::make_shared<State>(loop.io)) {
    state_->socket.connect(path);
    net::spawn(loop.io.get_executor(), "test peer", State::read(state_));
  }
  ~Peer() { hang_up(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void write(const std::string& bytes) { boost::asio::write(state_->socket, boost::asio::buffer(bytes)); }
  void say(const nlohmann::json& object) { write(object.dump() + "\n"); }
  void hang_up() {
    boost::system::error_code ignored;
    state_->socket.close(ignored);
  }
  void acknowledge_all(bool yes) { state_->acknowledges = yes; }
  [[nodiscard]] bool is_closed() const { return state_->is_closed; }
  /// Every line that came, repeats too.
  [[nodiscard]] const std::vector<nlohmann::json>& lines() const { return state_->lines; }
  [[nodiscard]] std::size_t count(const std::string& field) const {
    return static_cast<std::size_t>(std::count_if(lines().begin(), lines().end(),
                                                  [&](const auto& line) { return line.contains(field); }));
  }
  [[nodiscard]] const std::string& screen() const { return state_->screen; }

 private:
  struct State {
    explicit State(boost::asio::io_context& io) : socket(io) {}
    static net::awaitable<void> read(std::shared_ptr<State> state) {
      auto buffer = boost::asio::dynamic_buffer(state->input);
      for (;;) {
        boost::system::error_code failure;
        auto token = boost::asio::redirect_error(boost::asio::use_awaitable, failure);
        const std::size_t length = co_await boost::asio::async_read_until(state->socket, buffer, '\n', token);
        state->is_closed = static_cast<bool>(failure);
        if (failure) co_return;
        state->take(nlohmann::json::parse(state->input.substr(0, length)));
        state->input.erase(0, length);
      }
    }
    void take(const nlohmann::json& line) {
      lines.push_back(line);
      if (!line.contains("key")) return;
      const std::string key = line["key"];
      if (shown.insert(key).second)
        screen += (line["edits"] == "" ? "" : "… ") + line["text"].get<std::string>() + "\n";
      const auto ack = nlohmann::json{{"ack", key}}.dump() + "\n";
      if (acknowledges) boost::asio::write(socket, boost::asio::buffer(ack));
    }
    boost::asio::local::stream_protocol::socket socket;
    std::string input;
    std::vector<nlohmann::json> lines;
    std::set<std::string> shown;
    std::string screen;
    bool acknowledges = true;
    bool is_closed = false;
  };
  std::shared_ptr<State> state_;
};

/// Somebody who talks through the control socket.
class ControlPerson {
 public:
  explicit ControlPerson(Loop& loop)
      : control_(loop.io.get_executor(), loop.clock, dir_.file("control")),
        peer_(loop, dir_.file("control")) {}
  Control& chat() { return control_; }
  void say(const std::string& text) {
    const auto key = "m" + std::to_string(++said_);
    peer_.say(nlohmann::json{{"key", key}, {"room", "console"}, {"sender", "console:alice"}, {"text", text}});
  }
  [[nodiscard]] std::string room() const { return "console"; }
  [[nodiscard]] std::string sender() const { return "console:alice"; }
  [[nodiscard]] std::size_t acknowledged() const { return peer_.count("ack"); }
  const std::string& screen() { return peer_.screen(); }

 private:
  TempDir dir_;
  Control control_;
  Peer peer_;
  int said_ = 0;
};

}  // namespace bot::test
