#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/bench/cloud.hpp"
#include "tests/bench/judging.hpp"
#include "tests/bench/reconcile.hpp"
#include "tests/bench/scene.hpp"
#include "tests/bench/sweep.hpp"
#include "tests/bench/table.hpp"
#include "tests/bench/talk.hpp"

/// How much memory, time and how many requests the bot takes; how to read it stands in README.md here.
namespace {

using namespace bench;
using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Options {
  std::string commit = "unknown commit";
  std::string devboxd = DEVBOX_BIN_DIR "/devboxd";
  bool mappings = false;
};

constexpr int starts = 20;
constexpr int queries = 2000;

constexpr auto memory_goal = "8 MB private";
constexpr auto start_goal = "100 ms";
constexpr auto size_goal = "6 MB";

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

std::string head(const std::string& commit) {
  return fmt::format("   {:%Y-%m-%d} · {} · {} × {}", fmt::gmtime(std::time(nullptr)), commit,
                     std::thread::hardware_concurrency(), processor());
}

/// What stands there once nothing is going on.
void memory(Table& table, Scene& scene, const std::string& when) {
  std::this_thread::sleep_for(1s);
  table.row("memory, idle " + when, shown(sum(scene.memory())), memory_goal);
}

void up(Scene& scene) { scene.say("up cpx32", " is up — "); }
void down(Scene& scene) { scene.say("down", "brings it back"); }

/// Counts what `work` asks Hetzner and the tailnet for.
Requests asked(Scene& scene, const std::function<void(Scene&)>& work) {
  const auto before = scene.requests();
  work(scene);
  const auto after = scene.requests();
  return {after.hetzner - before.hetzner, after.looks - before.looks, after.tailnet - before.tailnet};
}

void operations(Table& table, Scene& scene) {
  memory(table, scene, "after the start");
  const auto cold = asked(scene, up);
  const auto away = asked(scene, down);
  memory(table, scene, "after an up and a down");
  const auto warm = asked(scene, up);
  table.count("requests of a cold up to Hetzner", cold.hetzner + cold.looks, 5);
  table.count("                    to the tailnet", cold.tailnet, 3);
  table.count("requests of a warm up to Hetzner", warm.hetzner + warm.looks, 3);
  table.count("                    to the tailnet", warm.tailnet, 2);
  table.count("requests of a down to Hetzner, besides looks", away.hetzner, 2);
  table.count("                   to the tailnet", away.tailnet, 1);
}

/// While the workspace is up: an answer is its whole card.
void questions(Table& table, Scene& scene) {
  const auto* person = ::getpwuid(::geteuid());
  Talk talk(scene.control_socket(), std::string("console:") + (person ? person->pw_name : "user"));
  std::vector<double> times;
  for (int i = 0; i < queries; ++i) times.push_back(talk.ask("!devbox status").count());
  table.row(fmt::format("a status, {:L} times over the control socket", queries), median_and(99, times));
  memory(table, scene, "after these");
}

std::string time_of(const std::function<Milliseconds()>& start) {
  std::vector<double> times;
  for (int i = 0; i < starts; ++i) times.push_back(start().count());
  return median_and(95, times);
}

void simulated_start(Table& table, const std::string& devboxd) {
  const TempDir directory;
  const std::string here = directory.path().string();
  std::optional<Terminal> bot;
  const auto figure = time_of([&] {
    bot.emplace(std::vector<std::string>{devboxd},
                std::map<std::string, std::string>{{"STATE_DIRECTORY", here}, {"RUNTIME_DIRECTORY", here}});
    bot->until_shown(prompt);
    return bot->age();
  });
  table.row("start to prompt, all simulated", figure, start_goal);
}

void size(Table& table, const std::string& devboxd) {
  const TempDir directory;
  const auto copy = directory.file("devboxd");
  if (Terminal({"strip", "-o", copy, devboxd}).until_ended() != 0) throw std::runtime_error("strip failed");
  constexpr double mb = 1e6;
  const auto bytes = static_cast<double>(std::filesystem::file_size(copy));
  table.row("devboxd, stripped", fmt::format("{:.1f} MB", bytes / mb), size_goal);
}

/// Pages of a file that is not on the disk yet, for it was just linked, would count as written to.
void write_through(const std::string& file) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0 || ::fsync(opened) != 0) throw std::runtime_error("cannot read " + file);
  ::close(opened);
}

void measured(Table& table, const std::string& what, const std::function<void()>& measure) {
  try {
    measure();
  } catch (const std::exception& error) {
    table.failed(what, error.what());
  }
}

int run(const Options& options) {
  Table table(head(options.commit));
  measured(table, "size", [&] { size(table, options.devboxd); });
  measured(table, "start, simulated", [&] { simulated_start(table, options.devboxd); });
  measured(table, "devboxd --config", [&] {
    write_through(options.devboxd);
    Scene scene(options.devboxd);
    table.row("start to prompt, --config", time_of([&] { return scene.start(); }), start_goal);
    operations(table, scene);
    questions(table, scene);
    if (options.mappings) fmt::print("{}", listed(scene.memory()));
  });
  measured(table, "the simulated cloud", [&] { cloud(table); });
  measured(table, "a pass over many workspaces", [&] { reconcile(table); });
  measured(table, "judging many workspaces", [&] { judging(table); });
  measured(table, "looking at many workspaces", [&] { sweep(table); });
  return table.end();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"How much memory, time and how many requests devboxd takes"};
  app.add_option("--commit", options.commit, "what was built, for the head line");
  app.add_option("--bot", options.devboxd, "another devboxd than the one beside this program");
  app.add_flag("--mappings", options.mappings, "show which files the memory belongs to");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
