#include "tests/bench/reconcile.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "commands/reconciler.hpp"
#include "tests/bench/scene.hpp"
#include "tests/run.hpp"

namespace bench {
namespace {

using nlohmann::json;

constexpr int workspaces = 1000;
constexpr int page = 50;
constexpr auto token = "bench-token";

/// A hetzner-sim with a volume and an address for each workspace, and the database that knows them.
struct Full {
  Full() {
    const auto person = storage.people.ensure("console", "bench").id;
    for (int number = 0; number < workspaces; ++number) add(person, fmt::format("ws{:04}", number));
  }

  void add(std::int64_t person, const std::string& name) {
    const auto volume = service.post("/v1/volumes", {{"name", name}, {"size", 20}, {"location", "fsn1"}});
    const auto ip = service.post("/v1/primary_ips", {{"name", name}, {"type", "ipv4"}, {"location", "fsn1"}});
    storage::WorkspaceRow row;
    row.owner = person;
    row.name = row.hostname = name;
    row.location = "fsn1";
    row.volume_id = volume["volume"]["id"];
    row.volume_gb = 20;
    row.ip_id = ip["primary_ip"]["id"];
    row.ipv4 = ip["primary_ip"]["ip"];
    storage.workspaces.add(row);
  }

  TempDir directory;
  Terminal simulator{{DEVBOX_BIN_DIR "/hetzner-sim", "--listen", "127.0.0.1:0", "--token", token, "--speed",
                      "1000", "--ipv4-pool", "10.64.0.0/16"}};
  std::string url = url_shown_by(simulator);
  faults::Service service{url, token};
  storage::Storage storage{directory.file("devbox.db")};
};

/// What a reconciler needs of the bot; no tailnet answers, which a pass takes in its stride.
struct Bot {
  Bot(Full& full, const hetzner::ApiOptions& options, const tailnet::Options& tailnet_options)
      : client(io.get_executor(), net::parse_endpoint(full.url + "/v1")),
        api(client, clock, random, options),
        tailnet(io.get_executor(), nobody, clock, random, tailnet_options),
        reports(io.get_executor(), clock, full.storage, "key"),
        world{io.get_executor(), clock,   random,  full.storage, cloud,
              tailnet,           reports, project, settings,     {}} {}

  boost::asio::io_context io{1};
  net::SystemClock clock;
  net::Random random{1};
  net::Client client;
  hetzner::Api api;
  hetzner::Actions actions{io.get_executor(), api, clock};
  hetzner::Cloud cloud{api, actions, clock};
  net::Client nobody{io.get_executor(), net::parse_endpoint("http://127.0.0.1:1")};
  tailnet::Tailnet tailnet;
  commands::Reports reports;
  commands::Project project{io.get_executor(), cloud, clock, random};
  commands::Settings settings;
  commands::Services world;
};

}  // namespace

void reconcile(Table& table) {
  Full full;
  hetzner::ApiOptions options;
  options.token = token;
  tailnet::Options tailnet_options;
  tailnet_options.retry = std::chrono::milliseconds(1);
  Bot bot(full, options, tailnet_options);
  commands::Reconciler reconciler(bot.world);
  const auto before = std::chrono::steady_clock::now();
  const auto processor_before = std::clock();
  run(bot.io, reconciler.pass());
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - before;
  const auto processor = 1000.0 * static_cast<double>(std::clock() - processor_before) / CLOCKS_PER_SEC;
  const auto name = fmt::format("a pass over {:L} workspaces", workspaces);
  table.row(name, fmt::format("{:.0f} ms, {:.0f} ms of processor", took.count(), processor));
  table.count("requests of it to Hetzner", static_cast<int>(bot.api.sent()), 2 * workspaces / page + 1);
}

}  // namespace bench
