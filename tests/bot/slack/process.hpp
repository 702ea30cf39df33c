#pragma once
#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "bot/bot.hpp"
#include "bot/sender.hpp"
#include "bot/slack/slack.hpp"
#include "net/client.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"

namespace bot::test {

/// All that dies with the process: the backend, the bot that answers through it, and their cloud, for which
/// nobody answers.
struct SlackProcess {
  SlackProcess(const std::string& database, const slack::Options& options, net::Time now, std::uint64_t seed)
      : clock(io.get_executor(), now),
        random(seed),
        storage(database),
        slack(io.get_executor(), clock, random, storage, options) {
    settings.policy.members = {"slack:T1/*"};
    world.voice.said = [this](const auto& to) { sender.wake(to); };
    world.voice.progress = [this](const auto& key, auto text) { sender.progress(key, std::move(text)); };
    slack.on_recovery([this] { sender.retry(); });
  }
  void start() {
    net::spawn(io.get_executor(), "sender", sender.run(slack));
    bot.start();
  }

  boost::asio::io_context io{1};
  StillClock clock;
  net::Random random;
  storage::Storage storage;
  slack::Slack slack;

  net::Client nobody{io.get_executor(), net::parse_endpoint("http://127.0.0.1:1")};
  hetzner::Api api{nobody, clock, random, {}};
  hetzner::Actions actions{io.get_executor(), api, clock};
  hetzner::Cloud cloud{api, actions, clock};
  tailnet::Tailnet tailnet{io.get_executor(), nobody, clock, random, {}};
  commands::Reports reports{io.get_executor(), clock, storage, "the report key"};
  commands::Project project{io.get_executor(), cloud, clock, random};
  commands::Settings settings;
  commands::Services world{io.get_executor(), clock,   random,  storage,  cloud,
                           tailnet,           reports, project, settings, {}};
  commands::Runner runner{world};
  Sender sender{io.get_executor(), clock, random, storage, {&slack}};
  Bot bot{world, runner, {&slack}};
};

}  // namespace bot::test
