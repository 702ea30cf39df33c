#pragma once
#include <nlohmann/json.hpp>

#include "bot/program.hpp"
#include "hetzner/simulator/simulator.hpp"
#include "tailnet/simulator/simulator.hpp"
#include "tests/weeks/story_clock.hpp"

namespace weeks {

/// Hetzner and the tailnet, on the story's clock: they outlive the bot.
class Outside {
 public:
  explicit Outside(StoryClock& clock);

  /// Lets what is ready run; how much it was.
  std::size_t poll();
  /// Begins to ask hetzner-sim; the answer is there when nothing goes on any more.
  void ask(const std::string& method, const std::string& path, const nlohmann::json& body = nullptr);
  /// Throws when it was no success.
  nlohmann::json answer();
  /// Points the configuration at both.
  void configure(bot::Config& config) const;

  static constexpr auto token = "weeks-token";

 private:
  boost::asio::io_context io_{1};
  hetzner::simulator::Simulator hetzner_;
  tailnet::simulator::Simulator tailnet_;
  net::Client client_;
  net::HttpRequest request_;
  std::optional<net::HttpResponse> answer_;
};

/// What dies with the bot's process.
struct Process {
  Process(bot::Config& config, StoryClock& clock, net::Random& random);

  /// Lets one thing that is ready run; false when there is none.
  bool poll_one();

  boost::asio::io_context io{1};
  storage::Storage storage;
  bot::Program program;
};

}  // namespace weeks
