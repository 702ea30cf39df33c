#include "tests/bench/matrix/trial.hpp"

#include <ctime>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "tests/temp_dir.hpp"

namespace bench {
namespace {

constexpr auto command = "!devbox status";
/// As every homeserver writes it: JSON without spaces.
constexpr auto command_on_the_wire = "\"body\":\"!devbox status\"";

struct Memory {
  double pss = 0;
  double rss = 0;
};

Memory memory_of(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/smaps_rollup");
  Memory memory;
  std::string key;
  for (std::string line; std::getline(in, line);) {
    const auto mb = [&] { return std::stod(line.substr(line.find(':') + 1)) * 1024 / 1e6; };
    if (line.starts_with("Pss:")) memory.pss = mb();
    if (line.starts_with("Rss:")) memory.rss = mb();
  }
  if (memory.rss == 0) throw std::runtime_error("the bot has ended");
  return memory;
}

/// utime + stime of all its threads, as the kernel's scheduler counts them: /proc/PID/stat has but
/// hundredths.
Seconds cpu_time_of(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the bot has ended");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// A bot on its way; what it wrote stands in the error when it does not get there.
template <class Work>
void with_log(const std::string& directory, Work work) {
  try {
    work();
  } catch (const std::exception& error) {
    std::ifstream in(directory + "/log");
    const std::string log((std::istreambuf_iterator<char>(in)), {});
    throw std::runtime_error(error.what() + ("; it wrote: " + log));
  }
}

bool has_replied(const Traffic& traffic) { return traffic.replied.has_value(); }

void start_up(Figures& figures, faults::Child& child, Tap& tap) {
  const auto began = std::chrono::steady_clock::now();
  child.release();
  const auto traffic = tap.until([](const Traffic& seen) { return seen.resumed && seen.replied; });
  figures.first_sync = Seconds(*traffic.resumed - began).count();
  figures.first_answer = Seconds(*traffic.replied - began).count();
}

void answer_commands(Figures& figures, pid_t process, Tap& tap, Room& room, const Course& course) {
  const auto before = cpu_time_of(process);
  for (int i = 0; i < course.commands; ++i) {
    tap.clear();
    room.say(command);
    const auto traffic = tap.until(has_replied);
    const std::chrono::duration<double, std::milli> took = *traffic.replied - *traffic.told;
    figures.turnarounds.push_back(took.count());
    std::this_thread::sleep_for(course.between);
  }
  figures.cpu = (cpu_time_of(process) - before).count() * 100 / course.commands;
}

void measure(Figures& figures, const Bot& bot, const Place& place, Tap& tap, Room& room,
             const Course& course) {
  const auto start = bot.start(place);
  faults::Child first(start);
  first.release();
  tap.until([](const Traffic& seen) { return seen.resumed.has_value(); });
  first.kill();

  tap.clear();
  room.say(command);
  faults::Child child(start);
  start_up(figures, child, tap);
  std::this_thread::sleep_for(course.idle);
  const auto idle = memory_of(child.pid());
  figures.idle_pss = idle.pss;
  figures.idle_rss = idle.rss;
  answer_commands(figures, child.pid(), tap, room, course);
  figures.late_pss = memory_of(child.pid()).pss;
}

}  // namespace

Figures trial(const Bot& bot, const std::string& homeserver, const Account& person, const Account& account,
              const Course& course) {
  const TempDir directory;
  Room room(homeserver, person, account);
  Tap tap(homeserver, command_on_the_wire);
  const Place place{tap.url(), account, room.id(), directory.path().string()};
  Figures figures;
  with_log(place.directory, [&] { measure(figures, bot, place, tap, room, course); });
  const auto answers = room.answers();
  figures.commands = course.commands + 1;
  figures.answers = answers.count;
  figures.text = answers.first;
  return figures;
}

}  // namespace bench
