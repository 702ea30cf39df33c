#include "tests/slack/simulator/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace slack::simulator {

using nlohmann::json;

namespace {

constexpr std::int64_t life_of_urls = 30 * 60 * 1000;

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return safe;
}

}  // namespace

std::string name_of(const std::string& user) {
  std::string name = "person";
  for (const char c : user) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name.substr(name.size() > 7 ? 7 : 0);
}

Workspace::Workspace(net::Executor executor, net::Clock& given, Team& kept)
    : team(kept), clock(given), acknowledged(executor), executor_(executor) {}

std::int64_t Workspace::now() const { return clock.now().time_since_epoch().count(); }

std::string Workspace::id(const std::string& prefix) { return prefix + std::to_string(++team.last_id); }

std::string Workspace::ts() {
  team.last_ts = std::max(team.last_ts + 1, now() * 1000);
  return fmt::format("{}.{:06}", team.last_ts / 1000000, team.last_ts % 1000000);
}

Channel& Workspace::channel(const std::string& wanted, bool with_bot) {
  const auto [found, is_new] = team.channels.try_emplace(wanted);
  if (!is_new) return found->second;
  found->second.id = wanted;
  found->second.is_direct = wanted.starts_with('D');
  if (with_bot) found->second.members.insert(team.bot_user);
  return found->second;
}

json Workspace::event_payload(const json& event) {
  const auto event_id = id("Ev");
  return {{"token", "verification"},
          {"team_id", team.id},
          {"context_team_id", team.id},
          {"context_enterprise_id", nullptr},
          {"api_app_id", team.app_id},
          {"event", event},
          {"type", "event_callback"},
          {"event_id", event_id},
          {"event_time", now() / 1000},
          {"authorizations",
           {{{"enterprise_id", nullptr},
             {"team_id", team.id},
             {"user_id", team.bot_user},
             {"is_bot", true},
             {"is_enterprise_install", false}}}},
          {"is_ext_shared_channel", false},
          {"event_context", "4-ctx"}};
}

/// `text` as the person's client sends it: what they type is escaped, mentions and links are not.
std::string Workspace::say(const std::string& user, const std::string& where, const std::string& text,
                           const json& more) {
  auto& room = channel(where);
  room.members.insert(user);
  const auto stamp = ts();
  const bool is_raw = more.value("raw", false);
  json event = {{"type", "message"},
                {"client_msg_id", id("msg-")},
                {"text", is_raw ? text : escaped(text)},
                {"user", user},
                {"ts", stamp},
                {"team", team.id},
                {"channel", where},
                {"event_ts", stamp},
                {"channel_type", room.is_direct           ? "im"
                                 : where.starts_with('G') ? "group"
                                                          : "channel"}};
  event.update(more);
  event.erase("raw");
  Posted said;
  said.channel = where;
  said.ts = stamp;
  said.user = user;
  said.text = event.value("text", "");
  said.thread_ts = event.value("thread_ts", "");
  team.posts.push_back(said);
  if (!room.members.contains(team.bot_user)) return stamp;
  auto mention = event;
  mention["type"] = "app_mention";
  mention.erase("channel_type");
  const bool is_mention =
      !room.is_direct && event.value("text", "").find("<@" + team.bot_user) != std::string::npos;
  for (const auto& copy : {event, mention}) {
    if (copy["type"] == "app_mention" && !is_mention) continue;
    const auto payload = event_payload(copy);
    deliver("events_api", payload, payload["event_id"]);
  }
  return stamp;
}

std::string Workspace::command(const std::string& user, const std::string& where, const std::string& text) {
  const auto url = id("");
  team.urls[url] = {where, user, "", 0, now() + life_of_urls};
  const json payload = {{"token", "verification"},
                        {"team_id", team.id},
                        {"team_domain", "test"},
                        {"channel_id", where},
                        {"channel_name", where.starts_with('D') ? "directmessage" : "dev"},
                        {"user_id", user},
                        {"user_name", name_of(user)},
                        {"command", "/devbox"},
                        {"text", text},
                        {"api_app_id", team.app_id},
                        {"is_enterprise_install", "false"},
                        {"response_url", base_url + "/hooks/commands/" + url},
                        {"trigger_id", id("trigger.")}};
  return deliver("slash_commands", payload);
}

std::string Workspace::press(const std::string& user, const std::string& where, const std::string& stamp,
                             const std::string& button) {
  const auto* message = find(where, stamp);
  if (!message) return "";
  for (const auto& block : message->blocks) {
    if (block.value("type", "") != "actions") continue;
    for (const auto& element : block["elements"]) {
      if (element["text"]["text"] != button) continue;
      const auto url = id("");
      team.urls[url] = {where, user, stamp, 0, now() + life_of_urls};
      json action = {{"type", "button"},
                     {"action_id", element["action_id"]},
                     {"block_id", block.value("block_id", "b")},
                     {"text", element["text"]},
                     {"value", element.value("value", "")},
                     {"action_ts", ts()}};
      json payload = {
          {"type", "block_actions"},
          {"user",
           {{"id", user}, {"username", name_of(user)}, {"name", name_of(user)}, {"team_id", team.id}}},
          {"api_app_id", team.app_id},
          {"token", "verification"},
          {"container",
           {{"type", "message"},
            {"message_ts", stamp},
            {"channel_id", where},
            {"is_ephemeral", !message->reader.empty()}}},
          {"trigger_id", id("trigger.")},
          {"team", {{"id", team.id}, {"domain", "test"}}},
          {"enterprise", nullptr},
          {"is_enterprise_install", false},
          {"channel", {{"id", where}, {"name", "dev"}}},
          {"state", {{"values", json::object()}}},
          {"response_url", base_url + "/hooks/actions/" + url},
          {"actions", json::array({action})}};
      if (message->reader.empty())
        payload["message"] = {
            {"type", "message"}, {"ts", stamp}, {"text", message->text}, {"blocks", message->blocks}};
      return deliver("interactive", payload);
    }
  }
  return "";
}

std::string Workspace::post(Posted message) {
  message.ts = ts();
  message.at_us = microseconds();
  team.posts.push_back(message);
  team.shown.push_back({message.channel, message.ts, message.text, false});
  if (on_shown) on_shown(message, false);
  return message.ts;
}

Posted* Workspace::find(const std::string& where, const std::string& stamp) {
  const auto found = std::find_if(team.posts.rbegin(), team.posts.rend(), [&](const Posted& one) {
    return one.channel == where && one.ts == stamp && !one.is_deleted;
  });
  return found == team.posts.rend() ? nullptr : &*found;
}

void Workspace::changed(const Posted& message) {
  team.shown.push_back({message.channel, message.ts, message.text, true});
  if (on_shown) on_shown(message, true);
}

}  // namespace slack::simulator
