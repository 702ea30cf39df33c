#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <regex>

#include "tests/bench/matrix/trial.hpp"
#include "tests/bench/table.hpp"
#include "tests/bench/terminal.hpp"

/// devboxd's Matrix side beside bots of others; how to read it stands in README.md here.
namespace {

using namespace bench;

constexpr auto own_devboxd = DEVBOX_BIN_DIR "/devboxd";

struct Options {
  std::string commit = "unknown commit";
  std::vector<std::string> devboxd = {own_devboxd};
  std::string installed;
  std::string only;
  int runs = 5;
  Course course;
  double idle = 10;
  double between = 0.02;
  std::string homeserver;  ///< "" = matrix-sim
  std::string person = "alice:alice-pass";
  std::string account = "bot:bot-pass";
};

std::string program(const std::string& name) { return std::string(DEVBOX_BIN_DIR) + "/" + name; }

/// A simulator as a process of its own, and where it listens.
class Service {
 public:
  explicit Service(std::vector<std::string> words) : terminal_(std::move(words)) {
    const auto shown = terminal_.until_shown("\n");
    std::smatch found;
    if (!std::regex_search(shown, found, std::regex("http://[0-9.]+:[0-9]+")))
      throw std::runtime_error("a simulator shows no address: " + shown);
    url = found.str();
  }
  std::string url;

 private:
  Terminal terminal_;
};

Account log_in(const std::string& homeserver, const std::string& name_and_password) {
  const auto colon = name_and_password.find(':');
  return bench::log_in(homeserver, name_and_password.substr(0, colon), name_and_password.substr(colon + 1));
}

/// A homeserver that knows of no other run, unless one was named.
Figures run_once(const Bot& bot, const Options& options, const Course& course) {
  std::optional<Service> own;
  if (options.homeserver.empty())
    own.emplace(std::vector<std::string>{program("matrix-sim"), "--listen", "127.0.0.1:0", "--user",
                                         options.person, "--user", options.account});
  const auto& url = own ? own->url : options.homeserver;
  return trial(bot, url, log_in(url, options.person), log_in(url, options.account), course);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

using Figure = double (*)(const Figures&);

/// The median over the runs.
double middle(const std::vector<Figures>& runs, Figure figure) {
  std::vector<double> values;
  for (const auto& run : runs) values.push_back(figure(run));
  return median(values);
}

template <int percent>
double turnaround(const Figures& run) {
  auto sorted = run.turnarounds;
  std::sort(sorted.begin(), sorted.end());
  const auto at = static_cast<std::size_t>(std::ceil(static_cast<double>(sorted.size()) * percent / 100));
  return sorted.at(std::max<std::size_t>(at, 1) - 1);
}

std::string load() {
  std::string first;
  std::ifstream("/proc/loadavg") >> first;
  return first;
}

void heading() {
  fmt::print("   {:<40} {:>15} {:>22} {:>9} {:>28}\n", "", "start, s, to", "memory, MB", "CPU, s,",
             "turnaround, ms");
  fmt::print("   {:<40} {:>7} {:>7} {:>8} {:>6} {:>6} {:>9} {:>8} {:>8} {:>8}\n", "", "sync", "answer",
             "idle PSS", "RSS", "later", "of 100", "p50", "p90", "p99");
}

void row(const std::string& name, const std::vector<Figures>& runs) {
  const auto of = [&](Figure figure) { return middle(runs, figure); };
  fmt::print("   {:<40} {:>7.3f} {:>7.3f} {:>8.1f} {:>6.1f} {:>6.1f} {:>9.4f} {:>8.2f} {:>8.2f} {:>8.2f}\n",
             name, of([](const Figures& run) { return run.first_sync; }),
             of([](const Figures& run) { return run.first_answer; }),
             of([](const Figures& run) { return run.idle_pss; }),
             of([](const Figures& run) { return run.idle_rss; }),
             of([](const Figures& run) { return run.late_pss; }),
             of([](const Figures& run) { return run.cpu; }), of(turnaround<50>), of(turnaround<90>),
             of(turnaround<99>));
  std::fflush(stdout);
}

void goals() {
  fmt::print("   {:<40} {:>7} {:>7} {:>8} {:>6} {:>6} {:>9} {:>8} {:>8} {:>8}\n", "goal", "< 0.1", "", "< 10",
             "", "", "< 0.02", "≤ 0.6", "", "≤ 1.5");
}

struct Contestant {
  Bot bot;
  std::vector<Figures> runs;
};

/// Each in turn, and each once first, so that no run is measured first.
void in_turn(std::vector<Contestant>& all, const Options& options) {
  for (int run = 0; run < options.runs; ++run) {
    for (auto& [bot, runs] : all) {
      runs.push_back(run_once(bot, options, options.course));
      fmt::print(stderr, "bench: run {} of {}, {}: p50 {:.2f} ms, load average {}\n", run + 1, options.runs,
                 bot.name, turnaround<50>(runs.back()), load());
    }
    std::rotate(all.begin(), all.begin() + 1, all.end());
  }
}

std::vector<Contestant> contestants(const Options& options, const Cloud& cloud) {
  std::vector<Contestant> all;
  for (const auto& one : options.devboxd)
    all.push_back({devboxd(one == own_devboxd ? "devboxd" : one, one, cloud), {}});
  Course short_one = options.course;
  short_one.commands = 1;
  short_one.idle = Seconds{0};
  const auto text = run_once(all.front().bot, options, short_one).text;
  for (const auto& other : others(options.installed, text)) all.push_back({other, {}});
  std::erase_if(all,
                [&](const Contestant& one) { return one.bot.name.find(options.only) == std::string::npos; });
  if (all.empty()) throw std::runtime_error("no bot has " + options.only + " in its name");
  return all;
}

int run(const Options& options) {
  const Service hetzner({program("hetzner-sim"), "--listen", "127.0.0.1:0", "--token", "bench-secret"});
  const Service tailnet({program("tailnet-sim"), "--listen", "127.0.0.1:0", "--oauth", "bench:bench-secret"});
  Table table(fmt::format("   {:%Y-%m-%d} · {} · {} · medians of {} runs in turn, {} commands each",
                          fmt::gmtime(std::time(nullptr)), options.commit,
                          options.homeserver.empty() ? "matrix-sim" : options.homeserver, options.runs,
                          options.course.commands));
  try {
    auto all = contestants(options, {hetzner.url, tailnet.url});
    const auto before = load();
    in_turn(all, options);
    std::rotate(all.begin(), all.end() - options.runs % static_cast<int>(all.size()), all.end());
    fmt::print("   load average at the start {}, at the end {}\n", before, load());
    heading();
    for (const auto& [bot, runs] : all) row(bot.name, runs);
    goals();
    for (const auto& [bot, runs] : all) {
      int commands = 0, answers = 0;
      for (const auto& one : runs) {
        commands += one.commands;
        answers += one.answers;
      }
      table.count("answers of " + bot.name, answers, commands);
    }
  } catch (const std::exception& error) {
    table.failed("bots in a Matrix room", error.what());
  }
  return table.end();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"devboxd in a Matrix room, beside bots of others"};
  app.add_option("--commit", options.commit, "what was built, for the head line");
  app.add_option("--bot", options.devboxd,
                 "another devboxd than the one beside this program; may be repeated");
  app.add_option("--installed", options.installed, "where ./run has installed the others");
  app.add_option("--only", options.only, "only bots with this in their name");
  app.add_option("--runs", options.runs, "of each")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--commands", options.course.commands, "in each run")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--idle", options.idle, "seconds from the first answer to memory")->capture_default_str();
  app.add_option("--between", options.between, "seconds from an answer to the next command")
      ->capture_default_str();
  app.add_option("--homeserver", options.homeserver, "a real one in place of the simulator, on loopback");
  app.add_option("--person", options.person, "NAME:PASSWORD there")->capture_default_str();
  app.add_option("--account", options.account, "NAME:PASSWORD of the bots there")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  options.course.idle = Seconds{options.idle};
  options.course.between = Seconds{options.between};
  return run(options);
}
