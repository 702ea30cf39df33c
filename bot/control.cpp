#include "bot/control.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <list>
#include <optional>
#include <set>

#include "bot/control_line.hpp"
#include "bot/lines.hpp"
#include "net/error.hpp"
#include "net/signal.hpp"
#include "net/spawn.hpp"

namespace bot {
namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;
namespace {

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::size_t longest_control_line = 1024 * 1024;
constexpr std::size_t longest_queue = 16 * 1024 * 1024;
constexpr net::Duration repeat = std::chrono::seconds(2);
constexpr net::Duration look_for_repeats = std::chrono::milliseconds(500);
/// Time for a peer's first line to name its rooms before it is told what waits.
constexpr net::Duration introduction = std::chrono::milliseconds(100);

/// A socket file outlives a killed process: it is ours to remove when nobody answers there.
void remove_stale(const net::Executor& executor, const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) throw net::Error("cannot listen on " + path + ": it is not a socket");
  stream_protocol::socket probe(executor);
  error_code failure;
  probe.connect(stream_protocol::endpoint(path), failure);
  if (!failure) throw net::Error("cannot listen on " + path + ": another process does");
  if (failure == asio::error::connection_refused) std::remove(path.c_str());
}

stream_protocol::acceptor listen_on(const net::Executor& executor, const std::string& path) {
  if (path.size() > longest_path)
    throw net::Error("cannot listen on " + path + ": a socket's path has at most " +
                     std::to_string(longest_path) + " bytes");
  remove_stale(executor, path);
  const auto before = ::umask(0177);
  error_code failure;
  stream_protocol::acceptor acceptor(executor);
  acceptor.open(stream_protocol(), failure);
  if (!failure) acceptor.bind(stream_protocol::endpoint(path), failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  ::umask(before);
  if (failure)
    throw net::Error("cannot listen on " + path + ": " + failure.message() +
                     (failure == boost::system::errc::no_such_file_or_directory
                          ? "; make the directory, or name another in $RUNTIME_DIRECTORY"
                          : ""));
  return acceptor;
}

}  // namespace

struct Control::Peer : std::enable_shared_from_this<Peer> {
  explicit Peer(stream_protocol::socket socket_) : socket(std::move(socket_)) {}
  [[nodiscard]] bool takes(const std::string& room) const {
    return is_introduced && socket.is_open() && (!rooms || rooms->contains(room));
  }
  void write(const std::string& line);
  void flush();
  void close() {
    error_code ignored;
    socket.close(ignored);
  }

  stream_protocol::socket socket;
  std::string queued;
  std::string writing;
  std::optional<std::set<std::string>> rooms;  ///< nullopt = every room
  bool is_introduced = false;
};

void Control::Peer::write(const std::string& line) {
  if (!socket.is_open()) return;
  if (queued.size() + line.size() > longest_queue) {
    spdlog::warn("control: a peer that does not read was disconnected");
    return close();
  }
  queued += line;
  if (writing.empty()) flush();
}

void Control::Peer::flush() {
  std::swap(queued, writing);
  if (writing.empty()) return;
  auto written = [self = shared_from_this()](const error_code& failure, std::size_t) {
    self->writing.clear();
    if (failure) return self->close();
    self->flush();
  };
  asio::async_write(socket, asio::buffer(writing), std::move(written));
}

struct Control::Pending {
  std::string key;
  std::string room;
  std::string line;
  net::Time written;
  bool is_acknowledged = false;
};

/// Shared with the coroutines of the peers, which may end after the Control is gone.
struct Control::State {
  State(const net::Executor& executor_, net::Clock& clock_, const std::string& path_, Answer answer_)
      : executor(executor_),
        clock(clock_),
        path(path_),
        answer(std::move(answer_)),
        acceptor(listen_on(executor, path)),
        posted(executor),
        acknowledged(executor) {}

  static net::awaitable<void> serve(std::shared_ptr<State> state, std::shared_ptr<Peer> peer);
  static net::awaitable<void> introduce_later(std::shared_ptr<State> state, std::shared_ptr<Peer> peer);
  static net::awaitable<void> repeat_forever(std::shared_ptr<State> state);
  static net::awaitable<SendResult> deliver(std::shared_ptr<State> state, Out message);
  net::awaitable<void> take(std::shared_ptr<Peer> peer, std::string line);
  net::awaitable<void> answer_ask(std::shared_ptr<Peer> peer, nlohmann::json request);
  void acknowledge(const std::string& key);
  void introduce(Peer& peer);
  void broadcast(Pending& message);

  net::Executor executor;
  net::Clock& clock;
  std::string path;
  Answer answer;
  stream_protocol::acceptor acceptor;
  Receive receive;
  std::set<std::shared_ptr<Peer>> peers;
  std::list<Pending> pending;  ///< in the order they were sent
  net::Signal posted;          ///< something is pending
  net::Signal acknowledged;
};

Control::Control(net::Executor executor, net::Clock& clock, const std::string& path, Answer answer)
    : state_(std::make_shared<State>(executor, clock, path, std::move(answer))) {}

Control::~Control() {
  std::remove(state_->path.c_str());
  error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& peer : state_->peers) peer->close();
}

net::awaitable<void> Control::listen(Receive receive) {
  auto state = state_;
  state->receive = std::move(receive);
  net::spawn(state->executor, "control repeats", State::repeat_forever(state));
  for (;;) {
    auto socket = co_await state->acceptor.async_accept(asio::use_awaitable);
    auto peer = std::make_shared<Peer>(std::move(socket));
    state->peers.insert(peer);
    net::spawn(state->executor, "control peer", State::serve(state, peer));
    net::spawn(state->executor, "control peer's introduction", State::introduce_later(state, peer));
  }
}

net::awaitable<void> Control::seen(In) { co_return; }

net::awaitable<SendResult> Control::send(Out message) {
  // Peers add news below what they showed: there is nothing to take away.
  const bool is_over = !message.edits.empty() && message.text.empty();
  if (is_over) co_return Sent{message.key};
  co_return co_await State::deliver(state_, std::move(message));
}

net::awaitable<void> Control::State::serve(std::shared_ptr<State> state, std::shared_ptr<Peer> peer) {
  Lines lines(longest_control_line);
  std::array<char, 64 * 1024> chunk;
  const auto buffer = asio::buffer(chunk);
  while (peer->socket.is_open()) {
    error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    const std::size_t count = co_await peer->socket.async_read_some(buffer, token);
    if (failure) break;
    lines.feed({chunk.data(), count});
    while (auto line = lines.next()) {
      if (line->size() > longest_control_line) peer->close();
      if (!peer->socket.is_open()) break;
      auto text = std::move(*line);
      co_await state->take(peer, text);
    }
    if (lines.is_too_long()) break;
  }
  peer->close();
  state->peers.erase(peer);
}

net::awaitable<void> Control::State::take(std::shared_ptr<Peer> peer, std::string line) {
  auto said = parse_control_line(line);
  if (const auto* rooms = std::get_if<Rooms>(&said))
    peer->rooms.emplace(rooms->names.begin(), rooms->names.end());
  introduce(*peer);
  if (const auto* ack = std::get_if<Ack>(&said)) acknowledge(ack->key);
  if (const auto* bad = std::get_if<Unreadable>(&said)) peer->write(control_line({{"error", bad->why}}));
  if (const auto* message = std::get_if<In>(&said)) {
    Batch batch;
    batch.messages.push_back(*message);
    receive(batch);
    peer->write(control_line({{"ack", message->key}}));
  }
  const auto* ask = std::get_if<Ask>(&said);
  if (!ask) co_return;
  auto request = ask->request;
  co_await answer_ask(peer, request);
}

net::awaitable<void> Control::State::answer_ask(std::shared_ptr<Peer> peer, nlohmann::json request) {
  nlohmann::json answered = {{"error", "nothing can be asked here"}};
  try {
    if (answer) answered = co_await answer(request);
  } catch (const std::exception& error) {
    answered = {{"error", error.what()}};
  }
  peer->write(control_line(answered));
}

net::awaitable<void> Control::State::introduce_later(std::shared_ptr<State> state,
                                                     std::shared_ptr<Peer> peer) {
  co_await state->clock.sleep_for(introduction);
  state->introduce(*peer);
}

void Control::State::introduce(Peer& peer) {
  if (std::exchange(peer.is_introduced, true)) return;
  for (const auto& message : pending)
    if (peer.takes(message.room) && !message.is_acknowledged) peer.write(message.line);
}

void Control::State::acknowledge(const std::string& key) {
  for (auto& message : pending)
    if (message.key == key) message.is_acknowledged = true;
  acknowledged.notify();
}

void Control::State::broadcast(Pending& message) {
  message.written = clock.now();
  for (const auto& peer : peers)
    if (peer->takes(message.room)) peer->write(message.line);
}

net::awaitable<void> Control::State::repeat_forever(std::shared_ptr<State> state) {
  for (;;) {
    while (state->pending.empty()) co_await state->posted.wait();
    co_await state->clock.sleep_for(look_for_repeats);
    for (auto& message : state->pending)
      if (!message.is_acknowledged && state->clock.now() >= message.written + repeat)
        state->broadcast(message);
  }
}

net::awaitable<SendResult> Control::State::deliver(std::shared_ptr<State> state, Out message) {
  struct Posted {
    Posted(std::shared_ptr<State> owner_, Pending message_) : owner(std::move(owner_)) {
      at = owner->pending.insert(owner->pending.end(), std::move(message_));
    }
    ~Posted() { owner->pending.erase(at); }
    Posted(const Posted&) = delete;
    Posted& operator=(const Posted&) = delete;
    std::shared_ptr<State> owner;
    std::list<Pending>::iterator at;
  };
  Pending waiting{message.key, message.room, control_line(message), state->clock.now()};
  const Posted message_posted(state, std::move(waiting));
  state->posted.notify();
  state->broadcast(*message_posted.at);
  while (!message_posted.at->is_acknowledged) co_await state->acknowledged.wait();
  co_return Sent{message.key};
}

}  // namespace bot
