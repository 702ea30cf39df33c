#include <fmt/format.h>

#include <set>

#include "bot/guarded.hpp"
#include "bot/matrix/event.hpp"
#include "bot/matrix/homeserver.hpp"
#include "bot/matrix/session.hpp"
#include "bot/options.hpp"
#include "net/error.hpp"

namespace bot {
namespace {

using matrix::Refusal;
using nlohmann::json;

/// Of rooms that are not in the configuration: each is a request.
constexpr int most_others = 50;

/// A password's session as a process keeps it; "" = there is none of this user.
std::string stored_token(const matrix::Options& options) {
  const auto stored = matrix::stored_session(options);
  if (stored.is_null() || matrix::text_of(stored, "user_id") != options.user) return "";
  return matrix::text_of(stored, "access_token");
}

class MatrixCheck {
 public:
  MatrixCheck(const Checking& with, matrix::Options options)
      : with_(with),
        options_(std::move(options)),
        homeserver_(with.executor, options_.homeserver, options_.ca_file) {}

  net::awaitable<Findings> run();

 private:
  net::awaitable<void> find();
  net::awaitable<void> ask_who();
  net::awaitable<void> list_rooms();
  net::awaitable<void> look_at(std::string room);
  /// "" when there is no such room.
  net::awaitable<std::string> id_of(std::string room);
  net::awaitable<bool> is_encrypted(std::string id);
  /// nullopt for 404.
  net::awaitable<std::optional<json>> get(std::string target);
  void refused(const Refusal& refusal);
  void hint();
  [[nodiscard]] std::string url() const {
    return options_.homeserver.find("://") == std::string::npos ? "https://" + options_.homeserver
                                                                : options_.homeserver;
  }
  void note(const Finding& finding) { findings_.push_back(finding); }

  const Checking& with_;
  const matrix::Options options_;
  matrix::Homeserver homeserver_;
  Findings findings_;
  std::string token_;
  bool is_found_ = false;
  bool is_us_ = false;
  std::set<std::string> joined_;
};

net::awaitable<Findings> MatrixCheck::run() {
  auto finding = find();
  co_await guarded(with_, findings_, "Matrix", std::move(finding));
  if (!is_found_) co_return findings_;
  auto asking = ask_who();
  co_await guarded(with_, findings_, "Matrix account", std::move(asking));
  if (is_us_) {
    auto listing = list_rooms();
    co_await guarded(with_, findings_, "Matrix rooms", std::move(listing));
  }
  hint();
  co_return findings_;
}

net::awaitable<void> MatrixCheck::find() {
  const std::string advice = "Check [matrix] homeserver: its URL, or the name in the account's id.";
  try {
    co_await homeserver_.ensure_found(options_.request);
    is_found_ = true;
    note(good("Matrix: the homeserver " + options_.homeserver + " answers and speaks what devbox needs"));
  } catch (const matrix::Homeserver::Unsupported& error) {
    note(broken(std::string("Matrix: ") + error.what(), advice));
  } catch (const matrix::BadAnswer& error) {
    note(broken(std::string("Matrix: ") + error.what(), advice));
  } catch (const Refusal& error) {
    note(broken(std::string("Matrix: ") + error.what(), advice));
  } catch (const net::Error& error) {
    note(broken(std::string("Matrix: ") + error.what(),
                next_when_unreached(net::parse_endpoint(url()), error.what())));
  }
}

net::awaitable<std::optional<json>> MatrixCheck::get(std::string target) {
  matrix::Call call{"GET", "/_matrix/client/v3" + target};
  call.token = token_;
  try {
    const auto body = co_await homeserver_.call(call, options_.request);
    co_return matrix::object_of(body);
  } catch (const Refusal& error) {
    if (error.status != 404) throw;
  }
  co_return std::nullopt;
}

/// Asks with the token there is. A session is neither begun nor refreshed here: that is the process's own.
net::awaitable<void> MatrixCheck::ask_who() {
  token_ = options_.access_token.empty() ? stored_token(options_) : options_.access_token;
  if (token_.empty()) {
    note(good("Matrix: no session of " + options_.user +
              " yet; the first start begins one with the password"));
    co_return;
  }
  try {
    const auto who = co_await get("/account/whoami");
    const auto user = who ? matrix::text_of(*who, "user_id") : "";
    is_us_ = user == options_.user;
    if (is_us_)
      note(good("Matrix: the token is of " + user + ", device " + matrix::text_of(*who, "device_id")));
    else
      note(broken("Matrix: the token is of " + (user.empty() ? "nobody" : user) + ", and [matrix] user is " +
                      options_.user,
                  "Give the token of that account, or name the other one."));
  } catch (const Refusal& error) {
    refused(error);
  }
}

void MatrixCheck::refused(const Refusal& refusal) {
  if (refusal.status != 401)
    return note(broken(std::string("Matrix: ") + refusal.what(), "See the homeserver's log."));
  if (!options_.access_token.empty())
    return note(
        broken("Matrix: the homeserver refuses the token of " + options_.user,
               "Log in as it once and put the new token into the file that [matrix] access_token_file "
               "names."));
  if (refusal.soft_logout)
    return note(good("Matrix: the stored session has expired; the process refreshes it when it needs it"));
  note(doubtful("Matrix: the homeserver has ended the stored session of " + options_.user,
                "If that was not meant, see who logged it out; the next start logs in with the password."));
}

net::awaitable<void> MatrixCheck::list_rooms() {
  const auto body = co_await get("/joined_rooms");
  const auto rooms = body ? body->value("joined_rooms", json::array()) : json::array();
  for (const auto& room : rooms)
    if (room.is_string()) joined_.insert(room.get<std::string>());
  note(good(fmt::format(
      "Matrix: in {} room{}; {}", joined_.size(), joined_.size() == 1 ? "" : "s",
      options_.inviters.empty() ? "nobody may invite it" : "those of [matrix] inviters may invite it")));
  for (const auto& room : options_.rooms) {
    co_await look_at(room);
  }
  int others = 0;
  for (const auto& id : joined_) {
    if (++others > most_others) break;
    const bool is_unreadable = co_await is_encrypted(id);
    if (is_unreadable)
      note(doubtful("Matrix room " + id + ": it is encrypted, and nothing said there is read",
                    "Use a room without encryption: it cannot be switched off again."));
  }
}

/// A room of the configuration.
net::awaitable<void> MatrixCheck::look_at(std::string room) {
  const auto id = co_await id_of(room);
  if (id.empty()) {
    note(doubtful("Matrix room " + room + ": there is none of that name", "Check [matrix] rooms."));
    co_return;
  }
  if (joined_.erase(id) == 0) {
    note(
        doubtful("Matrix room " + room + ": " + options_.user + " is not in it",
                 "It joins at the next start if the room is open; else invite it: /invite " + options_.user));
    co_return;
  }
  const bool is_unreadable = co_await is_encrypted(id);
  if (is_unreadable)
    note(broken("Matrix room " + room + ": it is encrypted, and devbox cannot read it",
                "Use a room without encryption: it cannot be switched off again."));
  else
    note(good("Matrix room " + room + ": joined, not encrypted"));
}

net::awaitable<std::string> MatrixCheck::id_of(std::string room) {
  if (!room.starts_with('#')) co_return room;
  const auto target = "/directory/room/" + matrix::escaped(room);
  const auto found = co_await get(target);
  co_return found ? matrix::text_of(*found, "room_id") : "";
}

net::awaitable<bool> MatrixCheck::is_encrypted(std::string id) {
  const auto target = "/rooms/" + matrix::escaped(id) + "/state/m.room.encryption/";
  const auto state = co_await get(target);
  co_return state.has_value();
}

/// They cannot be read, and their default is less than a bot that reports progress wants to say.
void MatrixCheck::hint() {
  note({Level::ok, "Matrix: how much it may say cannot be asked; Synapse's default is a message in 5 s",
        "An administrator of a Synapse exempts it: curl -X POST -H \"Authorization: Bearer ADMIN-TOKEN\" " +
            url() + "/_synapse/admin/v1/users/" + options_.user +
            "/override_ratelimit -d '{\"messages_per_second\":0,\"burst_count\":0}'"});
}

}  // namespace

net::awaitable<Findings> check_matrix(Checking with) {
  auto options = matrix_options(with.config);
  if (!options) co_return Findings();
  MatrixCheck check(with, std::move(*options));
  co_return co_await check.run();
}

}  // namespace bot
