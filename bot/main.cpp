#include <malloc.h>
#include <pwd.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bot/chat.hpp"
#include "bot/check.hpp"
#include "bot/control_request.hpp"
#include "bot/embedded.hpp"
#include "bot/program.hpp"
#include "bot/state.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"

namespace {

/// DESIGN, Interfaces: systemd must not restart after the last three.
enum Exit { failed = 1, usage = 2, held = 75, refused = 77, misconfigured = 78 };

/// For a copy of the whole database.
constexpr std::chrono::minutes patience(10);

std::string login_name() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry && entry->pw_name ? entry->pw_name : "user";
}

/// /dev/null, as systemd gives it: nobody will ever type there.
bool is_nobody(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && S_ISCHR(found.st_mode) && !::isatty(descriptor);
}

void log_to_stderr() {
  spdlog::set_default_logger(spdlog::stderr_color_st("devbox"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::warn);
}

/// For what a task has died of.
Exit status_of(const std::exception_ptr& why) {
  try {
    std::rethrow_exception(why);
  } catch (const bot::CredentialsRefused&) {
    return refused;
  } catch (...) {
    return failed;
  }
}

std::string database_of_the_default() { return bot::state_directory() + "/devbox.db"; }

int run(const std::string& config_file) {
  const bot::Notifier systemd(bot::take_notify_options());
  boost::asio::io_context io(1);
  net::SystemClock clock;
  net::Random random;

  const bool is_simulated = config_file.empty();
  const auto configured = is_simulated ? bot::Config() : bot::read_config(config_file);
  // First, for it is what keeps a second process out, also of the simulators' files.
  storage::Storage storage(is_simulated ? database_of_the_default() : configured.database);
  std::optional<bot::Embedded> embedded;
  if (is_simulated) embedded.emplace(io.get_executor(), clock, random, bot::state_directory());
  const auto config = embedded ? embedded->config() : configured;
  spdlog::set_level(spdlog::level::from_str(config.log));
  for (const auto& remark : config.remarks) spdlog::warn("{}: {}", config_file, remark);

  bot::ConsoleOptions console;
  console.login = login_name();
  console.is_service = !is_simulated && (config.matrix || config.slack || is_nobody(STDIN_FILENO));
  if (console.is_service)
    spdlog::info("nobody at the terminal: the way in is {}{}{}/control", config.matrix ? "Matrix, " : "",
                 config.slack ? "Slack, " : "", bot::runtime_directory());
  bot::Program program(io, clock, random, storage, config, console);
  if (embedded) embedded->remember_reports_port(program.reports_port());

  int status = 0;
  net::on_death([&](const std::string&, const std::exception_ptr& why) {
    status = status_of(why);
    io.stop();
  });
  // Nothing is orderly about the end but a goodbye: starting again is recovering.
  boost::asio::signal_set signals(io, SIGTERM, SIGHUP);
  signals.async_wait([&](const auto& failure, int) {
    if (!failure) program.leave();
  });
  program.start();
  net::spawn(io.get_executor(), "systemd", systemd.run(clock, program.watched()));
  io.run();
  systemd.stopping();
  return status != 0 ? status : program.status();
}

/// The process that holds the database makes the copy; it may stand in another directory.
void backup_by_the_holder(const std::string& file, const std::string& held) {
  const auto target = std::filesystem::absolute(file).string();
  try {
    bot::ask_control(bot::runtime_directory() + "/control", {{"do", "backup"}, {"file", target}}, patience);
  } catch (const bot::NobodyThere& error) {
    throw storage::Held(held + ". " + error.what() + " Set RUNTIME_DIRECTORY to where its socket stands.");
  }
}

int backup(const std::string& config_file, const std::string& file) {
  const auto database =
      config_file.empty() ? database_of_the_default() : bot::read_config(config_file).database;
  if (!std::filesystem::exists(database))
    throw std::runtime_error("there is no database " + database + "; name the configuration with --config");
  try {
    storage::Database(database).backup(file);
  } catch (const storage::Held& held) {
    backup_by_the_holder(file, held.what());
  }
  return 0;
}

void print(const bot::Findings& findings) {
  for (const auto& finding : findings) std::puts(bot::shown(finding).c_str());
  std::fflush(stdout);
}

/// Groups as they come: one that waits for an answer must not hold back the ones before it.
net::awaitable<void> check_all(const std::string& config_file, const bot::Checking& with, bool& has_failed) {
  const auto take = [&](const bot::Findings& findings) {
    print(findings);
    has_failed |= bot::has_failed(findings);
  };
  take(bot::check_configuration(with.config, config_file));
  const auto state = bot::check_state(with.config);
  take(state.findings);
  const auto cloud = co_await bot::check_cloud(with);
  take(cloud);
  const auto tailnet = co_await bot::check_tailnet(with);
  take(tailnet);
  const auto matrix = co_await bot::check_matrix(with);
  take(matrix);
  const auto slack = co_await bot::check_slack(with);
  take(slack);
  const auto reports = co_await bot::check_reports(with, state.is_running);
  take(reports);
}

int check(const std::string& config_file) {
  const auto config = bot::read_config(config_file);
  boost::asio::io_context io(1);
  net::SystemClock clock;
  net::Random random;
  const bot::Checking with{io.get_executor(), clock, random, config};
  bool has_failed = false;
  net::on_death([&](const std::string&, const std::exception_ptr&) { has_failed = true; });
  net::spawn(io.get_executor(), "check", check_all(config_file, with, has_failed));
  io.run();
  return has_failed ? failed : 0;
}

int complain(Exit status, const std::string& why) {
  std::fprintf(stderr, "devboxd: %s\n", why.c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A chat bot that gives each person an ephemeral development server on Hetzner Cloud.");
  std::string config_file;
  std::string backup_file;
  app.fallthrough();  // --config may follow the subcommand
  app.add_option("--config", config_file,
                 "configuration (TOML); without it, everything is simulated in ./var");
  auto* backup_command = app.add_subcommand("backup", "write a consistent copy of the database to FILE");
  backup_command->add_option("FILE", backup_file)->required();
  auto* check_command = app.add_subcommand("check", "see whether all that the bot needs is there and works");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : usage;
  }
  log_to_stderr();
  // Its default is what the heap grows by at a time, so that every message would take memory from the kernel
  // and give it back.
  ::mallopt(M_TRIM_THRESHOLD, 512 * 1024);
  // A reader who went away ends what is written to him, not the bot.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (backup_command->parsed()) return backup(config_file, backup_file);
    if (!check_command->parsed()) return run(config_file);
    if (config_file.empty()) return complain(usage, "name the configuration to check with --config");
    return check(config_file);
  } catch (const bot::ConfigError& error) {
    return complain(misconfigured, error.what());
  } catch (const storage::Held& error) {
    return complain(held, error.what());
  } catch (const std::exception& error) {
    return complain(failed, error.what());
  }
}
