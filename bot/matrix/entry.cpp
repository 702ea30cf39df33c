#include "bot/matrix/entry.hpp"

#include <spdlog/spdlog.h>

#include <array>

#include "net/backoff.hpp"
#include "net/error.hpp"
#include "net/spawn.hpp"

namespace bot::matrix {
namespace {

using nlohmann::json;

constexpr net::Duration first_pause = std::chrono::seconds(1);
constexpr net::Duration longest_pause = std::chrono::seconds(30);
constexpr net::Duration next_lookup = std::chrono::minutes(5);
/// The invitation can be here before the room is.
constexpr std::array<net::Duration, 3> races = {std::chrono::seconds(2), std::chrono::seconds(10),
                                                std::chrono::seconds(30)};

/// "hs" of "@a:hs" and "#room:hs"; "" of a room id of version 12.
std::string server_of(const std::string& id) {
  const auto colon = id.find(':');
  return colon == std::string::npos ? "" : id.substr(colon + 1);
}

/// Null, which has no members, when it is no JSON.
json lenient(const std::string& body) { return json::parse(body, nullptr, false); }

bool is_alias(const std::string& room) { return room.starts_with('#'); }

}  // namespace

Entry::Entry(net::Executor executor, net::Clock& clock, net::Random& random, Api& api, Rooms& rooms,
             const Options& options)
    : executor_(executor), clock_(clock), random_(random), api_(api), rooms_(rooms), options_(options) {}

void Entry::begin() {
  for (const auto& room : options_.rooms) {
    const auto* known = is_alias(room) ? rooms_.find_alias(room) : rooms_.find(room);
    if (known && known->state == "joined" && !is_alias(room)) continue;
    if (is_alias(room))
      net::spawn(executor_, "room " + room, find(room));
    else
      rooms_.wanted(room, "", clock_.now());
  }
  look();
}

/// An alias stands for the room it meant when it was first looked up: whoever may move it must not move us.
net::awaitable<void> Entry::find(std::string alias) {
  for (bool is_told = false;;) {
    const Call lookup{"GET", "/_matrix/client/v3/directory/room/" + escaped(alias)};
    const auto answer = co_await insist(lookup);
    const auto id = answer ? text_of(lenient(*answer), "room_id") : "";
    const auto* known = rooms_.find_alias(alias);
    if (known && !id.empty() && known->id != id)
      spdlog::warn(
          "matrix: {} leads to {} now and not to {}; devbox stays where it is. To move it, name the "
          "room's id in [matrix] rooms",
          alias, id, known->id);
    if (known || !id.empty()) {
      const auto meant = known ? known->id : id;
      const bool is_in = known && known->state == "joined";
      if (!is_in) rooms_.wanted(meant, alias, clock_.now());
      look();
      co_return;
    }
    if (!is_told) spdlog::warn("matrix: there is no room {}; looking again until there is", alias);
    is_told = true;
    co_await clock_.sleep_for(next_lookup);
  }
}

void Entry::look() {
  for (const auto& room : rooms_.in_state("invited"))
    if (busy_.insert(room.id).second) net::spawn(executor_, "join " + room.id, enter(room.id));
  for (const auto& room : rooms_.in_state("unwelcome"))
    if (busy_.insert(room.id).second) net::spawn(executor_, "leave " + room.id, leave(room.id));
}

net::awaitable<void> Entry::enter(std::string id) {
  const bool is_in = co_await join(id);
  busy_.erase(id);
  const auto* room = rooms_.find(id);
  const bool is_meant = room && (room->state == "invited" || room->state == "joined");
  if (!is_meant) co_return;
  if (!is_in) {
    spdlog::warn("matrix: may not enter {} yet; waiting for an invitation", id);
    rooms_.set_state(id, "awaited");
    co_return;
  }
  rooms_.set_state(id, "joined");
  spdlog::info("matrix: joined {}", id);
  const auto* before = rooms_.predecessor(id);
  if (before) {
    const auto older = before->id;
    const bool is_it = co_await replaces(id, older);
    if (!is_it) {
      spdlog::warn("matrix: {} does not say that it replaces {}; left it", id, older);
      rooms_.disown(id);
      look();
      co_return;
    }
  }
  const auto now = *rooms_.find(id);
  if (!now.partner.empty()) co_await remember_direct(now);
}

net::awaitable<bool> Entry::join(std::string id) {
  const auto* before = rooms_.predecessor(id);
  // Over federation somebody has to tell where the room is: its own server, or ours, which was in the old
  // one.
  auto via = server_of(id);
  if (via.empty() && before) via = server_of(before->id);
  if (via.empty()) via = server_of(options_.user);
  const Call call{"POST", "/_matrix/client/v3/join/" + escaped(id) + "?via=" + escaped(via), "{}"};
  // A room that nobody invited us to yet will not open by waiting a little.
  const auto* room = rooms_.find(id);
  const bool is_invited = room && room->admitted && !before;
  auto answer = co_await insist(call);
  for (const auto pause : races) {
    if (answer || !is_invited) break;
    co_await clock_.sleep_for(pause);
    answer = co_await insist(call);
  }
  co_return answer.has_value();
}

net::awaitable<void> Entry::leave(std::string id) {
  const Call call{"POST", room_target(id, "leave"), "{}"};
  co_await insist(call);
  busy_.erase(id);
  rooms_.forget(id);
}

net::awaitable<std::optional<std::string>> Entry::insist(Call call) {
  net::Backoff backoff(random_, first_pause, longest_pause);
  for (;;) {
    net::Duration pause = backoff.next();
    try {
      co_return co_await api_.request(call, options_.request);
    } catch (const Refusal& error) {
      if (!error.is_trouble() && !error.is_limit()) {
        spdlog::info("matrix: {}", error.what());
        co_return std::nullopt;
      }
      pause = std::max(pause, error.wait.value_or(pause));
    } catch (const net::Error&) {
    }
    co_await clock_.sleep_for(pause);
  }
}

/// Its m.room.create names the room it replaces.
net::awaitable<bool> Entry::replaces(std::string id, std::string predecessor) {
  const Call call{"GET", room_target(id, "state/m.room.create/")};
  const auto body = co_await insist(call);
  if (!body) co_return false;
  const auto create = lenient(*body);
  const auto found = create.find("predecessor");
  co_return found != create.end() && text_of(*found, "room_id") == predecessor;
}

/// In m.direct of the account, where other clients find it, and we after a lost database.
net::awaitable<void> Entry::remember_direct(storage::RoomRow room) {
  const auto target = "/_matrix/client/v3/user/" + escaped(options_.user) + "/account_data/m.direct";
  const Call read{"GET", target};
  const auto body = co_await insist(read);
  auto direct = body ? lenient(*body) : json::object();
  if (!direct.is_object()) direct = json::object();
  auto& rooms = direct[room.partner];
  if (!rooms.is_array()) rooms = json::array();
  for (const auto& one : rooms)
    if (one == room.id) co_return;
  rooms.push_back(room.id);
  const Call write{"PUT", target, direct.dump()};
  co_await insist(write);
}

}  // namespace bot::matrix
