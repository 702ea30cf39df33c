#include "tests/bench/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <thread>

#include "net/client.hpp"
#include "tests/bench/footprint.hpp"
#include "tests/bench/scene.hpp"
#include "tests/faults/service.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"

namespace bench {
namespace {

using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr int single_requests = 3000;  // fewer than a project may send in an hour
constexpr int many_servers = 10'000;
constexpr int list_pages = 200;
constexpr int many_clients = 200;
constexpr int requests_each = 100;

std::string token_of(int number) { return "bench-" + std::to_string(number); }

/// hetzner-sim as a process of its own, with so many projects.
struct SimulatorProcess {
  explicit SimulatorProcess(int projects, const std::string& state_file = "")
      : process(words(projects, state_file)), url(url_shown_by(process)) {}

  static std::vector<std::string> words(int projects, const std::string& state_file) {
    std::vector<std::string> all{std::string(DEVBOX_BIN_DIR) + "/hetzner-sim", "--listen", "127.0.0.1:0",
                                 "--speed", "1000"};
    for (int number = 0; number < projects; ++number) {
      all.emplace_back("--token");
      all.push_back(token_of(number));
    }
    if (!state_file.empty()) all.insert(all.end(), {"--state", state_file});
    return all;
  }

  Terminal process;
  std::string url;
};

/// What one client has seen: milliseconds, and answers that were no 200 with a body.
struct Answers {
  std::vector<double> times;
  int errors = 0;
};

net::HttpRequest asking(const std::string& method, const std::string& target, int project) {
  return {method, target, {{"Authorization", "Bearer " + token_of(project)}}, ""};
}

/// One after another on one connection.
net::awaitable<void> ask_again(net::Client& client, net::HttpRequest request, int times, Answers& answers) {
  const auto timeout = std::chrono::seconds(30);
  for (int number = 0; number < times; ++number) {
    const auto begun = Steady::now();
    const auto response = co_await client.fetch(request, timeout);
    answers.times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begun).count());
    answers.errors += response.status != 200 || response.body.empty();
  }
}

Answers asked_by_one(const std::string& url, const std::string& target, int times) {
  boost::asio::io_context io(1);
  net::Client client(io.get_executor(), net::parse_endpoint(url));
  Answers answers;
  run(io, ask_again(client, asking("GET", target, 0), times, answers), std::chrono::minutes(2));
  return answers;
}

std::string shown(Answers& answers) {
  const auto slowest = *std::max_element(answers.times.begin(), answers.times.end());
  std::sort(answers.times.begin(), answers.times.end());
  return fmt::format("{:.2f} ms (p99 {:.2f}, slowest {:.2f} ms)", answers.times[answers.times.size() / 2],
                     answers.times[answers.times.size() * 99 / 100], slowest);
}

/// The id of a server that runs.
std::string running_server(const std::string& url) {
  faults::Service service(url, token_of(0));
  const json order = {{"name", "w0"},
                      {"server_type", "cpx32"},
                      {"image", "debian-12"},
                      {"location", "fsn1"},
                      {"labels", {{"managed-by", "devbox"}, {"devbox-workspace", "w0"}}}};
  const auto path = "/v1/servers/" + service.post("/v1/servers", order).at("server").at("id").dump();
  while (service.get(path).at("server").at("status") != "running")
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return path;
}

void one_client(Table& table) {
  SimulatorProcess simulator(1);
  auto answers = asked_by_one(simulator.url, running_server(simulator.url), single_requests);
  table.row(fmt::format("hetzner-sim: a GET, {:L} times", single_requests), shown(answers), "0.3 ms");
  table.count("hetzner-sim: errors of these", answers.errors, 0);
}

/// The kept state of one server and its addresses as that of many; asking for them would take three hours'
/// requests.
void multiply(const std::string& file) {
  json state;
  std::ifstream(file) >> state;
  auto& held = state.at("projects").at(token_of(0));
  const json server = held.at("servers").at(0), addresses = held.at("primary_ips");
  std::int64_t id = state.at("last_id");
  held["servers"] = held["primary_ips"] = json::array();
  for (int number = 0; number < many_servers; ++number) {
    auto copy = server;
    copy[0] = copy[1]["id"] = ++id;
    copy[1]["name"] = "w" + std::to_string(number);
    copy[1]["labels"]["devbox-workspace"] = copy[1]["name"];
    for (auto address : addresses) {
      const std::string slot = address[1]["type"];
      copy[1][slot] = address[0] = address[1]["id"] = ++id;
      address[1]["server"] = copy[0];
      held["primary_ips"].push_back(std::move(address));
    }
    held["servers"].push_back(std::move(copy));
  }
  state["last_id"] = id;
  std::ofstream(file) << state;
}

void many(Table& table) {
  const TempDir directory;
  const auto file = directory.file("cloud.json");
  {
    SimulatorProcess simulator(1, file);
    running_server(simulator.url);
  }
  multiply(file);
  SimulatorProcess simulator(1, file);
  const auto size = [&] { return shown(sum(mappings_of(simulator.process.pid(), {}))); };
  const auto about = fmt::format("hetzner-sim with {:L} servers: ", many_servers);
  table.row(about + "memory", size(), "100 MB");
  int errors = 0;
  for (const std::string page : {"per_page=50&page=100", "sort=name:desc&per_page=50", "name=w5000",
                                 "label_selector=devbox-workspace%3Dw5000"}) {
    auto answers = asked_by_one(simulator.url, "/v1/servers?" + page, list_pages);
    table.row("   " + page, shown(answers), "5 ms");
    errors += answers.errors;
  }
  table.row("   memory after these", size(), "100 MB");
  table.count(about + "errors", errors, 0);
}

void crowd(Table& table) {
  SimulatorProcess simulator(many_clients);
  boost::asio::io_context io(1);
  std::vector<std::unique_ptr<net::Client>> clients;
  Answers answers;
  int ended = 0;
  const auto begun = Steady::now();
  for (int number = 0; number < many_clients; ++number) {
    clients.push_back(std::make_unique<net::Client>(io.get_executor(), net::parse_endpoint(simulator.url)));
    auto work =
        ask_again(*clients.back(), asking("GET", "/v1/server_types/24", number), requests_each, answers);
    boost::asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& failure) {
      ++ended;
      answers.errors += failure != nullptr;
    });
  }
  io.run();
  const std::chrono::duration<double> took = Steady::now() - begun;
  table.row(fmt::format("hetzner-sim: {} clients at once, {:L} requests", many_clients, answers.times.size()),
            fmt::format("{:.0f} requests/s, {}", static_cast<double>(answers.times.size()) / took.count(),
                        shown(answers)));
  table.count("hetzner-sim: answers to these", static_cast<int>(answers.times.size()),
              many_clients * requests_each);
  table.count("hetzner-sim: errors of these", answers.errors, 0);
}

}  // namespace

void cloud(Table& table) {
  one_client(table);
  many(table);
  crowd(table);
}

}  // namespace bench
