#include "bot/metrics.hpp"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "bot/http_server.hpp"
#include "commands/message.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"
#include "tests/bot/unwell_chat.hpp"
#include "tests/catch.hpp"
#include "tests/commands/reporting.hpp"
#include "tests/net/started.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// A bot's parts, with alice's workspace running, and the endpoint that measures them, over real HTTP.
struct Scraped {
  /// The page as a scraper that comes ten seconds later gets it.
  std::string scrape() {
    clock.advance(10s);
    return fetch().body;
  }
  net::HttpResponse fetch() {
    net::HttpRequest request;
    request.method = "GET";
    request.target = "/metrics";
    return run(world.io, client.fetch(request, 10s));
  }

  commands::test::Reporting world;
  StillClock clock{world.io.get_executor()};
  net::Random random{1};
  UnwellChat control{"control"}, matrix{"matrix"};
  net::Tally hetzner, tailnet;
  net::Client nobody{world.io.get_executor(), net::parse_endpoint("http://127.0.0.1:1")};
  hetzner::Api api{nobody, clock, random, {}};
  ReportEndpoint reports{clock, world.reports};
  Sender sender{world.io.get_executor(), clock, random, world.storage, {&control, &matrix}};
  Metrics metrics{{clock,
                   world.storage,
                   api,
                   reports,
                   sender,
                   {&control, &matrix},
                   {{"hetzner", &hetzner}, {"tailnet", &tailnet}}}};
  HttpServer server{
      world.io.get_executor(), "127.0.0.1:0", {page("/metrics", [this] { return metrics.response(); })}};
  net::Client client{world.io.get_executor(),
                     net::parse_endpoint("http://127.0.0.1:" + std::to_string(server.port()))};
};

storage::OutboxRow letter(const std::string& key, const std::string& chat, const std::string& room) {
  storage::OutboxRow row;
  row.key = key;
  row.chat = chat;
  row.room = room;
  row.kind = "answer";
  commands::Message message;
  message.text = "a secret word";
  row.body = nlohmann::json(message).dump();
  return row;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE(
    "the page is Prometheus's text: each family described once, before its samples, counters named so") {
  Scraped scraped;
  const auto answer = scraped.fetch();
  CHECK(net::find_header(answer.headers, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const std::regex help("# HELP ([a-z_]+) .*\\."), type("# TYPE ([a-z_]+) (counter|gauge)");
  const std::regex sample("([a-z_]+)(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? -?[0-9.]+(e[+-][0-9]+)?");
  std::set<std::string> families;
  std::string family;
  for (const auto& line : lines_of(answer.body)) {
    INFO(line);
    std::smatch found;
    if (std::regex_match(line, found, help)) {
      family = found[1];
      CHECK(families.insert(family).second);
    } else if (std::regex_match(line, found, type)) {
      CHECK(found[1] == family);
      CHECK((found[2] == "counter") == family.ends_with("_total"));
    } else {
      REQUIRE(std::regex_match(line, found, sample));
      CHECK(found[1] == family);
    }
  }
  CHECK(families.size() > 15);
}

TEST_CASE("deploy/metrics.md lists the metrics there are") {
  std::ifstream in(DEVBOX_SOURCE_DIR "/deploy/metrics.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto found_in = [](const std::string& where, const char* pattern) {
    const std::regex regex(pattern);
    std::set<std::string> names;
    for (std::sregex_iterator at(where.begin(), where.end(), regex), end; at != end; ++at)
      names.insert((*at)[1].str());
    return names;
  };
  Scraped scraped;
  CHECK(found_in(text, "\n\\| `([a-z_]+)") == found_in(scraped.scrape(), "# TYPE ([a-z_]+) "));
}

TEST_CASE("chats: whether they are well, and how long their servers have been silent") {
  Scraped scraped;
  scraped.matrix.said.last_contact = scraped.clock.now();
  scraped.matrix.said.trouble = "the last sync is 75 s old";
  const auto text = scraped.scrape();
  CHECK_THAT(text, Contains("\ndevbox_chat_up{chat=\"control\"} 1\n") &&
                       Contains("\ndevbox_chat_up{chat=\"matrix\"} 0\n") &&
                       Contains("\ndevbox_chat_contact_age_seconds{chat=\"matrix\"} 10\n") &&
                       !Contains("devbox_chat_contact_age_seconds{chat=\"control\"}"));
}

TEST_CASE("queues: messages to handle, messages to send") {
  Scraped scraped;
  storage::InboxRow row;
  row.key = "matrix/1";
  row.chat = "matrix";
  scraped.world.storage.inbox.add(row);
  row.key = "matrix/2";
  scraped.world.storage.inbox.add(row);
  scraped.world.storage.inbox.done("matrix/2");
  scraped.world.storage.outbox.add(letter("a", "matrix", "r1"));
  scraped.world.storage.outbox.add(letter("b", "matrix", "r2"));
  scraped.world.storage.outbox.add(letter("c", "slack", "r1"));
  CHECK_THAT(scraped.scrape(), Contains("\ndevbox_inbox_messages 1\n") &&
                                   Contains("\ndevbox_outbox_messages{chat=\"control\"} 0\n"
                                            "devbox_outbox_messages{chat=\"matrix\"} 2\n"
                                            "devbox_outbox_messages{chat=\"slack\"} 1\n"));
}

TEST_CASE("messages are counted by what came of each attempt") {
  Scraped scraped;
  scraped.world.storage.outbox.add(letter("a", "matrix", "r1"));
  scraped.matrix.result = Delayed{scraped.clock.now() + 1s};
  net::spawn(scraped.world.io.get_executor(), "sender", scraped.sender.run(scraped.matrix));
  run_until(scraped.world.io, [&] { return scraped.sender.attempts().size() == 1; });
  scraped.matrix.result = Sent{"1"};
  scraped.clock.advance(1s);
  run_until(scraped.world.io, [&] { return scraped.sender.attempts().size() == 2; });
  CHECK_THAT(scraped.scrape(), Contains("\ndevbox_messages_total{chat=\"matrix\",result=\"delayed\"} 1\n"
                                        "devbox_messages_total{chat=\"matrix\",result=\"sent\"} 1\n"));
}

TEST_CASE("operations: those under way by state, those that ended by verb and result") {
  Scraped scraped;
  scraped.world.operation("m2", "running");
  scraped.world.operation("m3", "waiting");
  scraped.world.operation("m4", "waiting");
  const auto failed = scraped.world.operation("m5", "running");
  scraped.world.storage.journal.finish(failed, "failed", "a secret reason", scraped.clock.now());
  CHECK_THAT(scraped.scrape(),
             Contains("\ndevbox_operations{state=\"queued\"} 0\ndevbox_operations{state=\"running\"} 1\n"
                      "devbox_operations{state=\"undoing\"} 0\ndevbox_operations{state=\"waiting\"} 2\n") &&
                 Contains("\ndevbox_operations_finished_total{verb=\"up\",result=\"done\"} 1\n"
                          "devbox_operations_finished_total{verb=\"up\",result=\"failed\"} 1\n") &&
                 Contains("\ndevbox_workspaces_running 1\n"));
}

TEST_CASE("requests by peer, method and result, and what is left of Hetzner's limit") {
  Scraped scraped;
  scraped.hetzner.requests = {{{"GET", "2xx"}, 7}, {{"POST", "no_answer"}, 1}};
  scraped.hetzner.repeated = 2;
  scraped.tailnet.rate_limited = 3;
  CHECK_THAT(scraped.scrape(),
             Contains("\ndevbox_requests_total{peer=\"hetzner\",method=\"GET\",result=\"2xx\"} 7\n"
                      "devbox_requests_total{peer=\"hetzner\",method=\"POST\",result=\"no_answer\"} 1\n") &&
                 Contains("\ndevbox_requests_repeated_total{peer=\"hetzner\"} 2\n") &&
                 Contains("\ndevbox_requests_rate_limited_total{peer=\"tailnet\"} 3\n") &&
                 Contains("\ndevbox_hetzner_requests_remaining 3600\n"));
}

TEST_CASE("the process: its start, its memory, its files, its database") {
  Scraped scraped;
  const auto text = scraped.scrape();
  CHECK_THAT(text, Contains("\nprocess_start_time_seconds 1576800000\n"));
  for (const auto* name : {"process_resident_memory_bytes", "process_open_fds", "devbox_database_bytes"}) {
    std::smatch found;
    const std::regex sample("\n" + std::string(name) + " ([0-9]+)\n");
    REQUIRE(std::regex_search(text, found, sample));
    CHECK(std::stoll(found[1]) > 0);
  }
}

TEST_CASE("nothing that somebody wrote, nor a room nor a person is on the page") {
  Scraped scraped;
  scraped.world.storage.outbox.add(letter("a", "matrix", "!secretroom:hs"));
  const auto text = scraped.scrape();
  for (const auto* word : {"secret", "alice", "m1"}) CHECK_THAT(text, !Contains(word));
}

TEST_CASE("who asks again within a second gets the same page") {
  Scraped scraped;
  const auto first = scraped.scrape();
  scraped.world.operation("m2", "queued");
  CHECK(scraped.fetch().body == first);
  scraped.clock.advance(999ms);
  CHECK(scraped.fetch().body == first);
  scraped.clock.advance(1ms);
  CHECK_THAT(scraped.fetch().body, Contains("\ndevbox_operations{state=\"queued\"} 1\n"));
}
