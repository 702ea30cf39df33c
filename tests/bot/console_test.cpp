#include "bot/console.hpp"

#include <fstream>

#include "net/spawn.hpp"
#include "tests/bot/console_person.hpp"
#include "tests/catch.hpp"
#include "tests/temp_dir.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// A console in a pipe, listened to.
struct Piped {
  Piped() { listen(person.chat()); }
  void listen(Console& console) {
    console.on_end = [this] { ended = true; };
    auto receive = [this](const Batch& batch) {
      for (const auto& message : batch.messages) lines.push_back(message.text);
    };
    net::spawn(loop.io.get_executor(), "listen", console.listen(receive));
  }
  void until_lines(std::size_t count) {
    loop.until([&] { return lines.size() >= count; });
  }
  void show(const std::string& key, const std::string& text, const std::string& edits = "") {
    Out message;
    message.key = key;
    message.text = text;
    message.edits = edits;
    run(loop.io, person.chat().send(message));
  }

  Loop loop;
  ConsolePerson person{loop};
  std::vector<std::string> lines;
  bool ended = false;
};

}  // namespace

TEST_CASE("in a pipe the next line is read when the last is done with") {
  Piped piped;
  piped.person.write("up\n\n  \nstatus\r\ndown\n");
  piped.until_lines(1);
  piped.loop.settle();
  CHECK(piped.lines == std::vector<std::string>{"up"});
  piped.person.chat().ready_for_next();
  piped.until_lines(2);
  piped.loop.settle();
  CHECK(piped.lines == std::vector<std::string>{"up", "status"});
}

TEST_CASE("the end of the input is told after the last line, ended or not") {
  Piped piped;
  piped.person.write("up\ndown");
  piped.person.hang_up();
  piped.until_lines(1);
  piped.person.chat().ready_for_next();
  piped.until_lines(2);
  piped.loop.settle();
  CHECK_FALSE(piped.ended);
  piped.person.chat().ready_for_next();
  piped.loop.until([&] { return piped.ended; });
  CHECK(piped.lines == std::vector<std::string>{"up", "down"});
}

TEST_CASE("a line over 64 KiB is passed on cut, still too long, and the next one is whole") {
  Piped piped;
  piped.person.write(std::string(100'000, 'x') + "\n" + std::string(200'000, 'y') + "\nstatus\n");
  for (std::size_t n = 1; n <= 3; ++n) {
    piped.until_lines(n);
    piped.person.chat().ready_for_next();
  }
  CHECK(piped.lines[0] == std::string(64 * 1024 + 1, 'x'));
  CHECK(piped.lines[1] == std::string(64 * 1024 + 1, 'y'));
  CHECK(piped.lines[2] == "status");
}

TEST_CASE("bytes that are no text are passed on as they are") {
  Piped piped;
  const std::string bytes("up \xff\xfe\0 cpx32", 12);
  piped.person.write(bytes + "\n");
  piped.until_lines(1);
  CHECK(piped.lines[0] == bytes);
}

TEST_CASE("a file is input like a pipe") {
  Piped piped;
  const TempDir dir;
  std::ofstream(dir.file("lines")) << "status\n";
  const int file = ::open(dir.file("lines").c_str(), O_RDONLY | O_CLOEXEC);
  const Pipe output;
  Console console(piped.loop.io.get_executor(), piped.loop.random,
                  {.in = file, .out = output.ends[1], .login = "alice"});
  ::close(file);
  piped.listen(console);
  piped.until_lines(1);
  console.ready_for_next();
  piped.loop.until([&] { return piped.ended; });
  CHECK(piped.lines == std::vector<std::string>{"status"});
}

TEST_CASE("without an input the console is at its end, and still shows messages") {
  Piped piped;
  Console console(piped.loop.io.get_executor(), piped.loop.random, {.in = -1, .out = -1, .login = "alice"});
  piped.listen(console);
  piped.loop.until([&] { return piped.ended; });
  Out message;
  message.key = "op/plan";
  message.text = "the plan";
  CHECK(std::holds_alternative<Refused>(run(piped.loop.io, console.send(message))));
}

TEST_CASE("terminal escapes and writing directions in a message are not shown") {
  Piped piped;
  piped.show("k",
             "a\x1b[31mred\x07 \xc2\x9b"
             "2J\xe2\x80\xae"
             "gnp.\x7f tab\t\xff.");
  CHECK(piped.person.screen() == "a[31mred 2Jgnp. tab\t\xef\xbf\xbd.\n");
}

TEST_CASE("progress is printed when it changed, in a pipe without colours") {
  Piped piped;
  piped.show("op/plan", "the plan");
  piped.show("op/plan#1", "booting", "op/plan");
  piped.show("op/plan#2", "booting", "op/plan");
  piped.show("op/plan#3", "joining", "op/plan");
  piped.show("op2/plan#1", "joining", "op2/plan");
  CHECK(piped.person.screen() == "the plan\n… booting\n… joining\n… joining\n");
}

TEST_CASE("a question shows the words that answer it") {
  Piped piped;
  Out message;
  message.key = "op/ask";
  message.text = "Delete it?";
  message.choices = {{"Delete", "yes 4f2a"}, {"Keep", "no 4f2a"}};
  run(piped.loop.io, piped.person.chat().send(message));
  CHECK(piped.person.screen() == "Delete it?\n  Delete: yes 4f2a · Keep: no 4f2a\n");
}

TEST_CASE("two processes never give two lines the same key") {
  Loop loop;
  std::set<std::string> keys;
  for (int process = 0; process < 2; ++process) {
    ConsolePerson person(loop);
    std::size_t before = keys.size();
    auto receive = [&](const Batch& batch) { keys.insert(batch.messages[0].key); };
    net::spawn(loop.io.get_executor(), "listen", person.chat().listen(receive));
    person.say("up");
    loop.until([&] { return keys.size() > before; });
  }
  CHECK(keys.size() == 2);
}
