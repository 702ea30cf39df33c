#include "bot/metrics.hpp"

#include "bot/answers.hpp"
#include "bot/exposition.hpp"
#include "bot/process.hpp"

namespace bot {
namespace {

using std::chrono::duration;

constexpr net::Duration fresh = std::chrono::seconds(1);

template <class Number>
double as_double(Number number) {
  return static_cast<double>(number);
}

double seconds(net::Duration time) { return duration<double>(time).count(); }

}  // namespace

net::HttpResponse Metrics::response() {
  const auto now = measured_.clock.now();
  const bool is_fresh = written_ && *written_ <= now && now < *written_ + fresh;
  if (!is_fresh) {
    text_ = text();
    written_ = now;
  }
  return text_response(200, Exposition::content_type, text_);
}

std::string Metrics::text() const {
  Exposition page;
  write_process(page);
  write_chats(page);
  write_queues(page);
  write_operations(page);
  write_requests(page);
  write_reports(page);
  return page.text();
}

void Metrics::write_process(Exposition& page) const {
  const auto use = process_use();
  page.gauge("process_start_time_seconds", "When the process started, in unix time.");
  page.sample(seconds(started_.time_since_epoch()));
  page.counter("process_cpu_seconds_total", "Processor time spent, user and system.");
  page.sample(use.cpu_seconds);
  page.gauge("process_resident_memory_bytes", "Memory that is resident.");
  page.sample(as_double(use.resident_bytes));
  page.gauge("process_open_fds", "Open file descriptors.");
  page.sample(use.open_files);
  page.gauge("devbox_database_bytes", "Size of the database with its write-ahead log.");
  page.sample(as_double(measured_.storage.database.bytes()));
}

void Metrics::write_chats(Exposition& page) const {
  page.gauge("devbox_chat_up", "1 while the chat is well, 0 while /healthz names it.");
  for (const auto* chat : measured_.chats)
    page.sample({{"chat", chat->name()}}, trouble_of(*chat).empty() ? 1 : 0);
  page.gauge("devbox_chat_contact_age_seconds",
             "Since the chat's server last answered; for Matrix, since the last sync.");
  for (const auto* chat : measured_.chats) {
    const auto last = chat->health().last_contact;
    if (last) page.sample({{"chat", chat->name()}}, seconds(measured_.clock.now() - *last));
  }
  page.gauge("devbox_chat_sockets", "Connections to a chat: ours, and those that its server counts.");
  for (const auto* chat : measured_.chats) {
    const auto sockets = chat->health().sockets;
    if (!sockets) continue;
    page.sample({{"chat", chat->name()}, {"counted_by", "us"}}, sockets->ours);
    page.sample({{"chat", chat->name()}, {"counted_by", "server"}}, sockets->counted);
  }
  page.counter("devbox_messages_total", "Attempts to send a message or an edit, by what came of them.");
  for (const auto& [attempt, count] : measured_.sender.attempts())
    page.sample({{"chat", attempt.first}, {"result", attempt.second}}, as_double(count));
}

void Metrics::write_queues(Exposition& page) const {
  page.gauge("devbox_inbox_messages", "Messages received and not handled yet.");
  page.sample(measured_.storage.inbox.pending());
  page.gauge("devbox_outbox_messages", "Messages that wait to be sent.");
  auto waiting = measured_.storage.outbox.pending_by_chat();
  for (const auto* chat : measured_.chats) waiting.try_emplace(chat->name(), 0);
  for (const auto& [chat, count] : waiting) page.sample({{"chat", chat}}, count);
}

void Metrics::write_operations(Exposition& page) const {
  std::map<std::string, std::int64_t> unfinished = {
      {"queued", 0}, {"running", 0}, {"undoing", 0}, {"waiting", 0}};
  const auto counts = measured_.storage.journal.counts();
  page.counter("devbox_operations_finished_total",
               "Operations that ended, since the database was made, by verb and result.");
  for (const auto& count : counts) {
    const auto state = unfinished.find(count.state);
    if (state != unfinished.end())
      state->second += count.operations;
    else
      page.sample({{"verb", count.verb}, {"result", count.state}}, as_double(count.operations));
  }
  page.gauge("devbox_operations", "Operations under way, by state.");
  for (const auto& [state, count] : unfinished) page.sample({{"state", state}}, as_double(count));
  page.gauge("devbox_workspaces_running", "Workspaces that have a server.");
  page.sample(as_double(measured_.storage.sessions.running().size()));
}

void Metrics::write_requests(Exposition& page) const {
  page.counter("devbox_requests_total", "Requests to a peer, by method and by class of status or failure.");
  for (const auto& [peer, tally] : measured_.peers)
    for (const auto& [request, count] : tally->requests)
      page.sample({{"peer", peer}, {"method", request.first}, {"result", request.second}}, as_double(count));
  page.counter("devbox_requests_rate_limited_total", "Requests that the peer answered 429.");
  for (const auto& [peer, tally] : measured_.peers)
    page.sample({{"peer", peer}}, as_double(tally->rate_limited));
  page.counter("devbox_requests_repeated_total", "Requests that were sent again.");
  for (const auto& [peer, tally] : measured_.peers) page.sample({{"peer", peer}}, as_double(tally->repeated));
  const auto budget = measured_.api.budget();
  page.gauge("devbox_hetzner_requests_remaining",
             "Requests left of the project's limit, which it shares with every other tool.");
  page.sample(as_double(budget.remaining));
  page.gauge("devbox_hetzner_requests_limit", "The project's limit of requests an hour.");
  page.sample(as_double(budget.limit));
}

void Metrics::write_reports(Exposition& page) const {
  const auto& counts = measured_.reports.counts();
  page.counter("devbox_reports_total", "Reports of workspaces, by what became of them.");
  page.sample({{"result", "taken"}}, as_double(counts.taken));
  page.sample({{"result", "without_token"}}, as_double(counts.without_token));
  page.sample({{"result", "too_many"}}, as_double(counts.too_many));
  page.sample({{"result", "unreadable"}}, as_double(counts.unreadable));
}

}  // namespace bot
