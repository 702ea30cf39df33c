#include "tests/bench/matrix/room.hpp"

namespace bench {
namespace {

using nlohmann::json;

const std::string api = "/_matrix/client/v3";
constexpr auto device = "bench";

}  // namespace

Account log_in(const std::string& homeserver, const std::string& name, const std::string& password) {
  const json who = {{"type", "m.id.user"}, {"user", name}};
  const json ask = {
      {"type", "m.login.password"}, {"identifier", who}, {"password", password}, {"device_id", device}};
  const auto answer = faults::Service(homeserver, "").post(api + "/login", ask);
  return {answer.at("user_id"), device, answer.at("access_token")};
}

Room::Room(const std::string& homeserver, const Account& person, const Account& bot)
    : service_(homeserver, person.token), bot_(bot.user) {
  const json wanted = {{"preset", "private_chat"}, {"invite", {bot.user}}};
  id_ = service_.post(api + "/createRoom", wanted).at("room_id");
  faults::Service(homeserver, bot.token).post(api + "/join/" + id_, json::object());
}

void Room::say(const std::string& text) {
  const auto path = api + "/rooms/" + id_ + "/send/m.room.message/said-" + std::to_string(++said_);
  service_.put(path, {{"msgtype", "m.text"}, {"body", text}});
}

Room::Answers Room::answers() {
  Answers found;
  std::string from;
  do {
    const auto page = service_.get(api + "/rooms/" + id_ + "/messages?dir=b&limit=500" + from);
    for (const auto& event : page.at("chunk")) {
      if (event.at("type") != "m.room.message" || event.at("sender") != bot_) continue;
      ++found.count;
      found.first = event.at("content").at("body");
    }
    from = page.contains("end") ? "&from=" + page["end"].get<std::string>() : "";
  } while (!from.empty());
  return found;
}

}  // namespace bench
