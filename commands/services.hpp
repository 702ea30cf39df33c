#pragma once
#include <functional>
#include <string>

#include "commands/project.hpp"
#include "commands/reports.hpp"
#include "commands/settings.hpp"
#include "hetzner/cloud.hpp"
#include "net/clock.hpp"
#include "net/random.hpp"
#include "net/signal.hpp"
#include "storage/storage.hpp"
#include "tailnet/tailnet.hpp"

namespace commands {

/// How commands reach whoever brings the outbox to the chats.
struct Voice {
  std::function<void(const std::string& chat)> said = [](const auto&) {};  ///< a row was added
  /// What a row that was sent shall say now; kept in memory only.
  std::function<void(const std::string& key, std::string text)> progress = [](const auto&, auto) {};
  std::function<void(const std::string& key)> settled = [](const auto&) {};  ///< no more progress
};

/// The world that commands act on: what main owns, by reference.
struct Services {
  net::Executor executor;
  net::Clock& clock;
  net::Random& random;
  storage::Storage& storage;
  hetzner::Cloud& cloud;
  tailnet::Tailnet& tailnet;
  Reports& reports;
  Project& project;
  const Settings& settings;
  Voice voice;
  net::Signal changed{executor};  ///< an answer, a cancellation or a deadline was stored
};

}  // namespace commands
