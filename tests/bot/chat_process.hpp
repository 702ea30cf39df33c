#pragma once
#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "bot/bot.hpp"
#include "bot/sender.hpp"
#include "net/client.hpp"
#include "net/spawn.hpp"
#include "tests/bot/loop.hpp"

namespace bot::test {

/// A backend as it is, with a record of what it brought.
class Overheard final : public Chat {
 public:
  Overheard(Chat& chat, std::vector<Batch>& batches) : chat_(chat), batches_(batches) {}
  [[nodiscard]] std::string name() const override { return chat_.name(); }
  net::awaitable<void> listen(Receive receive) override {
    return chat_.listen([this, receive](const Batch& batch) {
      batches_.push_back(batch);
      receive(batch);
    });
  }
  net::awaitable<void> seen(In message) override { return chat_.seen(std::move(message)); }
  net::awaitable<SendResult> send(Out message) override { return chat_.send(std::move(message)); }

 private:
  Chat& chat_;
  std::vector<Batch>& batches_;
};

/// All that dies with the process: the backend, the bot that answers through it, and their cloud, for which
/// nobody answers.
template <class Backend>
struct ChatProcess {
  /// `members` is the pattern of who may have workspaces.
  template <class Options>
  ChatProcess(const std::string& database, const Options& options, const std::string& members, net::Time now,
              std::uint64_t seed)
      : clock(io.get_executor(), now),
        random(seed),
        storage(database),
        backend(io.get_executor(), clock, random, storage, options) {
    settings.policy.members = {members};
    world.voice.said = [this](const auto& to) { sender.wake(to); };
    world.voice.progress = [this](const auto& key, auto text) { sender.progress(key, std::move(text)); };
    backend.on_recovery([this] { sender.retry(); });
  }
  void start() {
    net::spawn(io.get_executor(), "sender", sender.run(chat));
    bot.start();
  }

  boost::asio::io_context io{1};
  StillClock clock;
  net::Random random;
  storage::Storage storage;
  Backend backend;
  std::vector<Batch> batches;
  Overheard chat{backend, batches};

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
  Sender sender{io.get_executor(), clock, random, storage, {&chat}};
  Bot bot{world, runner, {&chat}};
};

}  // namespace bot::test
