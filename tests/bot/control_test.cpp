#include "bot/control.hpp"

#include <sys/stat.h>

#include <fstream>

#include "bot/control_line.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"
#include "tests/bot/control_person.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using nlohmann::json;

namespace {

/// A control socket, listened to, on a clock that the test moves.
struct Socket {
  explicit Socket(Control::Answer answer = {})
      : control(loop.io.get_executor(), clock, path, std::move(answer)) {
    auto receive = [this](const Batch& batch) {
      for (const auto& message : batch.messages) received.push_back(message);
    };
    net::spawn(loop.io.get_executor(), "listen", control.listen(receive));
  }
  /// Starts to send; `sent` tells when a peer has acknowledged.
  void post(const std::string& key, const std::string& room = "r1") {
    Out message;
    message.key = key;
    message.room = room;
    message.text = "text of " + key;
    net::spawn(loop.io.get_executor(), "send", wait_for(message));
  }
  net::awaitable<void> wait_for(Out message) {
    const auto result = co_await control.send(message);
    sent.push_back(std::get<Sent>(result).remote_id);
  }
  void until_lines(const Peer& peer, std::size_t count) {
    loop.until([&] { return peer.lines().size() >= count; });
  }
  void introduce() {
    loop.settle();
    clock.advance(std::chrono::milliseconds(100));
    loop.settle();
  }

  Loop loop;
  StillClock clock{loop.io.get_executor()};
  TempDir dir;
  std::string path = dir.file("control");
  Control control;
  std::vector<In> received;
  std::vector<std::string> sent;
};

std::string refusal(Loop& loop, const std::string& path) {
  try {
    Control control(loop.io.get_executor(), loop.clock, path);
  } catch (const net::Error& error) {
    return error.what();
  }
  return "";
}

net::awaitable<json> answer_or_throw(json request) {
  if (request["do"] == "backup") throw std::runtime_error("the disk is full");
  co_return json{{"state", "ok"}, {"asked", request["do"]}};
}

}  // namespace

TEST_CASE("the socket is for its owner alone and goes with the process") {
  Loop loop;
  const TempDir dir;
  struct stat found {};
  {
    Control control(loop.io.get_executor(), loop.clock, dir.file("control"));
    REQUIRE(::stat(dir.file("control").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
  CHECK(::stat(dir.file("control").c_str(), &found) != 0);
}

TEST_CASE("a socket nobody listens on is replaced, a living one and any other file are not") {
  Loop loop;
  const TempDir dir;
  { boost::asio::local::stream_protocol::acceptor killed(loop.io, dir.file("control")); }
  CHECK(refusal(loop, dir.file("control")).empty());
  Control living(loop.io.get_executor(), loop.clock, dir.file("living"));
  CHECK(refusal(loop, dir.file("living")).find("another process does") != std::string::npos);
  std::ofstream(dir.file("notes")) << "mine";
  CHECK(refusal(loop, dir.file("notes")).find("it is not a socket") != std::string::npos);
}

TEST_CASE("a path that no socket can have is refused with its limit") {
  Loop loop;
  CHECK(refusal(loop, "/tmp/" + std::string(110, 'x')).find("at most 107 bytes") != std::string::npos);
}

TEST_CASE("a line that is nested too deeply is not read") {
  const auto nested = [](int depth) {
    return "{\"do\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(std::holds_alternative<Ask>(parse_control_line(nested(20))));
  for (const int depth : {40, 200'000}) {
    const auto read = parse_control_line(nested(depth));
    REQUIRE(std::holds_alternative<Unreadable>(read));
    CHECK(std::get<Unreadable>(read).why == "nested too deeply");
  }
}

TEST_CASE("a message may name thread, direct and the question it answers") {
  Socket socket;
  Peer peer(socket.loop, socket.path);
  peer.say(json{{"key", "m1"},
                {"room", "r1"},
                {"sender", "slack:T1/U2"},
                {"text", "yes"},
                {"thread", "t1"},
                {"direct", false},
                {"answer_to", "op/ask"}});
  socket.until_lines(peer, 1);
  CHECK(peer.lines()[0] == json{{"ack", "m1"}});
  REQUIRE(socket.received.size() == 1);
  CHECK(socket.received[0].sender == "slack:T1/U2");
  CHECK(socket.received[0].thread == "t1");
  CHECK_FALSE(socket.received[0].direct);
  CHECK(socket.received[0].answer_to == "op/ask");
}

TEST_CASE("a message shows whom it mentions and what may be pressed") {
  Socket socket;
  Peer peer(socket.loop, socket.path);
  socket.introduce();
  Out message;
  message.key = "op/ask";
  message.room = "r1";
  message.text = "Delete <it>?";
  message.mentions = {"console:alice"};
  message.choices = {{"Delete", "yes 4f2a"}};
  run(socket.loop.io, socket.control.send(message));
  CHECK(peer.lines().at(0) == json{{"key", "op/ask"},
                                   {"room", "r1"},
                                   {"thread", ""},
                                   {"text", "Delete <it>?"},
                                   {"edits", ""},
                                   {"mentions", {"console:alice"}},
                                   {"choices", {{{"label", "Delete"}, {"word", "yes 4f2a"}}}}});
}

TEST_CASE("with nobody connected a message waits, and goes to whoever comes") {
  Socket socket;
  socket.post("k1");
  socket.loop.settle();
  CHECK(socket.sent.empty());
  Peer peer(socket.loop, socket.path);
  socket.introduce();
  socket.loop.until([&] { return socket.sent.size() == 1; });
  CHECK(peer.count("key") == 1);
}

TEST_CASE("a message is repeated every two seconds until it is acknowledged") {
  Socket socket;
  Peer peer(socket.loop, socket.path);
  peer.acknowledge_all(false);
  socket.introduce();
  socket.post("k1");
  socket.until_lines(peer, 1);
  socket.clock.advance(std::chrono::milliseconds(1500));
  socket.loop.settle();
  CHECK(peer.count("key") == 1);
  socket.clock.advance(std::chrono::milliseconds(500));
  socket.until_lines(peer, 2);
  CHECK(socket.sent.empty());
  peer.say(json{{"ack", "k1"}});
  socket.loop.until([&] { return socket.sent.size() == 1; });
  socket.clock.advance(std::chrono::seconds(4));
  socket.loop.settle();
  CHECK(peer.count("key") == 2);
}

TEST_CASE("a peer that disconnects takes nobody with it, and is told again what it did not acknowledge") {
  Socket socket;
  {
    Peer first(socket.loop, socket.path);
    first.acknowledge_all(false);
    socket.introduce();
    socket.post("k1");
    socket.until_lines(first, 1);
  }
  socket.loop.settle();
  CHECK(socket.sent.empty());
  Peer second(socket.loop, socket.path);
  second.say(json{{"key", "m1"}, {"room", "r1"}, {"sender", "console:bob"}, {"text", "status"}});
  socket.loop.until([&] { return socket.sent.size() == 1 && socket.received.size() == 1; });
  CHECK(socket.sent[0] == "k1");
}

TEST_CASE("a peer hears of the rooms it named, also of what waited before it came") {
  Socket socket;
  socket.post("a1", "r1");
  socket.post("b1", "r2");
  Peer first(socket.loop, socket.path);
  first.say(json{{"rooms", {"r1"}}});
  socket.loop.until([&] { return socket.sent.size() == 1; });
  CHECK(socket.sent == std::vector<std::string>{"a1"});
  Peer second(socket.loop, socket.path);
  second.say(json{{"rooms", {"r2", "r3"}}});
  socket.loop.until([&] { return socket.sent.size() == 2; });
  socket.post("c1", "r3");
  socket.loop.until([&] { return socket.sent.size() == 3; });
  CHECK(first.screen() == "text of a1\n");
  CHECK(second.screen() == "text of b1\ntext of c1\n");
}

TEST_CASE("what is not understood is answered with an error, and the connection stays") {
  Socket socket;
  Peer peer(socket.loop, socket.path);
  peer.write(
      "no "
      "json\n[1]\n{\"key\":1}\n{\"key\":\"\",\"room\":\"\",\"sender\":\"\",\"text\":\"\"}\n{\"rooms\":1}\n");
  peer.write("{\"text\":\"\xff\"}\n");
  socket.until_lines(peer, 6);
  CHECK(peer.count("error") == 6);
  peer.say(json{{"key", "m1"}, {"room", "r1"}, {"sender", "console:bob"}, {"text", "status"}});
  socket.until_lines(peer, 7);
  CHECK(socket.received.size() == 1);
}

TEST_CASE("a line over 1 MiB ends the connection") {
  Socket socket;
  Peer peer(socket.loop, socket.path);
  auto chunk = std::string(64 * 1024, 'x');
  for (int n = 0; n < 17; ++n) {
    peer.write(chunk);
    socket.loop.settle();
  }
  socket.loop.until([&] { return peer.is_closed(); });
  CHECK(socket.received.empty());
}

TEST_CASE("what is asked is answered by the program, its failure too") {
  Socket socket(answer_or_throw);
  Peer peer(socket.loop, socket.path);
  peer.say(json{{"do", "check"}});
  peer.say(json{{"do", "backup"}, {"file", "/tmp/x"}});
  socket.until_lines(peer, 2);
  CHECK(peer.lines()[0] == json{{"state", "ok"}, {"asked", "check"}});
  CHECK(peer.lines()[1] == json{{"error", "the disk is full"}});
}
