#pragma once
#include <map>
#include <optional>
#include <string>

#include "bot/health.hpp"
#include "bot/report_endpoint.hpp"
#include "bot/sender.hpp"
#include "hetzner/api.hpp"
#include "net/tally.hpp"
#include "storage/storage.hpp"

namespace bot {

class Exposition;

/// What the metrics are read from; all of it outlives them.
struct Measured {
  net::Clock& clock;
  storage::Storage& storage;
  const hetzner::Api& api;
  const ReportEndpoint& reports;
  const Sender& sender;
  Chats chats;
  std::map<std::string, const net::Tally*> peers;  ///< by name: "hetzner", "tailnet", "matrix"
};

/// GET /metrics for Prometheus; deploy/metrics.md lists them. Every workspace may read them: numbers, verbs,
/// states and the names of chats and peers, never a person, a room or a word that somebody wrote.
class Metrics {
 public:
  /// The process starts now.
  explicit Metrics(Measured measured) : measured_(std::move(measured)), started_(measured_.clock.now()) {}

  /// At most a second old: whoever asks all the time must not keep the bot busy.
  net::HttpResponse response();

 private:
  [[nodiscard]] std::string text() const;
  void write_process(Exposition& page) const;
  void write_chats(Exposition& page) const;
  void write_queues(Exposition& page) const;
  void write_operations(Exposition& page) const;
  void write_requests(Exposition& page) const;
  void write_reports(Exposition& page) const;

  Measured measured_;
  net::Time started_;
  std::string text_;
  std::optional<net::Time> written_;
};

}  // namespace bot
