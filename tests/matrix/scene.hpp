#pragma once
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "net/client.hpp"
#include "tests/bot/loop.hpp"
#include "tests/matrix/simulator/simulator.hpp"
#include "tests/net/started.hpp"
#include "tests/run.hpp"

namespace matrix::test {

using nlohmann::json;
using namespace std::chrono_literals;

const std::string api = "/_matrix/client/v3";

struct Answer {
  int status = 0;
  json body;
  net::Headers headers;
  [[nodiscard]] std::string errcode() const { return body.value("errcode", ""); }
};

/// One segment of a path.
inline std::string escaped(const std::string& text) { return net::encode_query({{"", text}}).substr(1); }

/// The homeserver's clients: whoever they are, over HTTP.
class Http {
 public:
  Http(boost::asio::io_context& io, const std::string& url, const net::ClientOptions& options = {})
      : io_(io), client_(io.get_executor(), net::parse_endpoint(url), options) {}
  Answer ask(const std::string& method, const std::string& target, const json& body = nullptr,
             const std::string& token = "") {
    return run(io_, fetch(method, target, body, token));
  }
  net::awaitable<Answer> fetch(std::string method, std::string target, json body, std::string token) {
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    if (!body.is_null()) request.body = body.is_string() ? body.get<std::string>() : body.dump();
    if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
    const auto response = co_await client_.fetch(request, 30s);
    co_return Answer{response.status, json::parse(response.body), response.headers};
  }

 private:
  boost::asio::io_context& io_;
  net::Client client_;
};

/// A homeserver with @alice and @bot, each logged in to one device.
struct Scene {
  explicit Scene(simulator::Limits limits = {}) {
    contents.limits = limits;
    alice = sign_in("alice");
    bot = sign_in("bot");
  }

  Answer ask(const std::string& method, const std::string& target, const json& body = nullptr,
             const std::string& token = "") {
    return http.ask(method, target, body, token);
  }
  static json password_login(const std::string& name, const std::string& device, bool refreshable = false) {
    return {{"type", "m.login.password"},
            {"identifier", {{"type", "m.id.user"}, {"user", name}}},
            {"password", name + "-pass"},
            {"device_id", device},
            {"refresh_token", refreshable}};
  }
  Answer log_in(const std::string& name, const std::string& device, bool refreshable = false) {
    return ask("POST", api + "/login", password_login(name, device, refreshable));
  }
  std::string sign_in(const std::string& name) {
    home.add_user(name);
    return log_in(name, name + "-device").body["access_token"];
  }
  /// A public room of alice's with the bot in it.
  std::string shared_room() {
    const auto room = home.create_room(alice_id, {{"preset", "public_chat"}});
    home.join(bot_id, room);
    return room;
  }
  Answer send(const std::string& token, const std::string& room, const std::string& txn, const json& content,
              const std::string& type = "m.room.message") {
    return ask("PUT", in(room) + "/send/" + type + "/" + escaped(txn), content, token);
  }
  Answer say(const std::string& token, const std::string& room, const std::string& txn,
             const std::string& text) {
    return send(token, room, txn, {{"msgtype", "m.text"}, {"body", text}});
  }
  static std::string in(const std::string& room) { return api + "/rooms/" + escaped(room); }
  static std::string sync_target(const net::Query& query) {
    return api + "/sync?" + net::encode_query(query);
  }
  json sync(const std::string& token, const std::string& since = "", const json& filter = json::object()) {
    net::Query query{{"timeout", "0"}, {"filter", filter.dump()}};
    if (!since.empty()) query.emplace_back("since", since);
    const auto answer = ask("GET", sync_target(query), nullptr, token);
    if (answer.status != 200) throw std::runtime_error("/sync answered " + answer.body.dump());
    return answer.body;
  }
  static json joined(const json& synced, const std::string& room) { return synced["rooms"]["join"][room]; }
  /// The bodies of a list of events.
  static std::vector<std::string> bodies(const json& events) {
    std::vector<std::string> found;
    for (const auto& event : events)
      if (event["content"].contains("body")) found.push_back(event["content"]["body"]);
    return found;
  }

  bot::test::Loop loop;
  simulator::Contents contents;
  simulator::Simulator simulator{loop.io.get_executor(), loop.clock, contents};
  simulator::Homeserver& home = simulator.home();
  Http http{loop.io, simulator.url()};
  const std::string alice_id = "@alice:devbox.test";
  const std::string bot_id = "@bot:devbox.test";
  std::string alice;  ///< their access tokens
  std::string bot;
};

/// A /sync that waits.
class LongPoll {
 public:
  LongPoll(Scene& scene, const std::string& token, const std::string& since,
           const json& filter = json::object())
      : started_(scene.loop.io,
                 wait(scene.http, token,
                      Scene::sync_target({{"timeout", "30000"}, {"since", since}, {"filter", filter.dump()}}),
                      answer_)) {}
  [[nodiscard]] bool ended() const { return started_.ended(); }
  [[nodiscard]] const json& body() const { return answer_->body; }
  void cancel() { started_.cancel(); }

 private:
  static net::awaitable<void> wait(Http& http, std::string token, std::string target,
                                   std::shared_ptr<Answer> into) {
    const json none;
    auto answer = co_await http.fetch("GET", target, none, token);
    *into = answer;
  }
  std::shared_ptr<Answer> answer_ = std::make_shared<Answer>();
  Started started_;
};

}  // namespace matrix::test
