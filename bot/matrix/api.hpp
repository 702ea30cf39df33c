#pragma once
#include <string>

#include "bot/matrix/homeserver.hpp"
#include "bot/matrix/session.hpp"

namespace bot::matrix {

/// The client-server API as our user. An expired session is renewed and the request made again with the new
/// token; what else goes wrong is thrown: Refusal, net::Error, CredentialsRefused.
class Api {
 public:
  Api(Homeserver& homeserver, Session& session, const Options& options)
      : homeserver_(homeserver), session_(session), options_(options) {}

  /// The answer's body.
  net::awaitable<std::string> request(Call call, net::Duration timeout);
  net::awaitable<std::string> get(std::string target);
  net::awaitable<std::string> post(std::string target, std::string body);
  net::awaitable<std::string> put(std::string target, std::string body);

  /// The id of the event that this transaction made, now or before: the same `transaction` in the same room
  /// and of the same type is the same event.
  net::awaitable<std::string> send_event(std::string room, std::string type, std::string transaction,
                                         std::string content);
  /// The mxc:// URI of a picture.
  net::awaitable<std::string> upload(std::string name, std::string type, std::string bytes);

 private:
  Homeserver& homeserver_;
  Session& session_;
  const Options& options_;
};

/// "/_matrix/client/v3/rooms/{room}/…"
std::string room_target(const std::string& room, const std::string& rest);

}  // namespace bot::matrix
