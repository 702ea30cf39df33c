#include <algorithm>
#include <array>
#include <cstdlib>

#include "tests/slack/simulator/call.hpp"

namespace slack::simulator {
namespace {

using nlohmann::json;

json message_json(const Posted& message, bool with_metadata) {
  json shown = {{"type", "message"}, {"user", message.user}, {"ts", message.ts}, {"text", message.text}};
  if (!message.blocks.empty()) shown["blocks"] = message.blocks;
  if (!message.thread_ts.empty()) shown["thread_ts"] = message.thread_ts;
  if (with_metadata && !message.metadata.is_null()) shown["metadata"] = message.metadata;
  return shown;
}

bool is_set(const Call& call, const char* name) {
  const auto found = call.arguments.find(name);
  if (found == call.arguments.end()) return false;
  return found->is_boolean() ? found->get<bool>() : *found == "true" || *found == "1";
}

std::size_t limit_of(const Call& call) {
  const auto found = call.arguments.find("limit");
  if (found == call.arguments.end()) return 100;
  return found->is_string() ? std::stoul(found->get<std::string>()) : found->get<std::size_t>();
}

/// What may be told of a channel: history has no replies, unless they were also sent to the channel.
template <class Wanted>
json page(Call& call, bool newest_first, Wanted wanted) {
  const auto channel = call.channel();
  call.needs_scope(channel.is_direct             ? "im:history"
                   : channel.id.starts_with('G') ? "groups:history"
                                                 : "channels:history");
  std::vector<const Posted*> found;
  for (const auto& message : call.workspace.team.posts)
    if (message.channel == channel.id && message.reader.empty() && !message.is_deleted && wanted(message) &&
        message.ts >= call.text("oldest"))
      found.push_back(&message);
  if (newest_first) std::reverse(found.begin(), found.end());
  const auto from = static_cast<std::size_t>(std::atoi(call.text("cursor").c_str()));
  const auto to = std::min(found.size(), from + limit_of(call));
  json messages = json::array();
  for (auto at = from; at < to; ++at)
    messages.push_back(message_json(*found[at], is_set(call, "include_all_metadata")));
  const auto next = to < found.size() ? std::to_string(to) : "";
  return {{"messages", messages},
          {"has_more", to < found.size()},
          {"response_metadata", {{"next_cursor", next}}}};
}

json history(Call& call) {
  return page(call, true, [](const Posted& message) { return message.thread_ts.empty(); });
}

json replies(Call& call) {
  const auto root = call.needed("ts");
  return page(call, false,
              [&](const Posted& message) { return message.ts == root || message.thread_ts == root; });
}

json open_direct(Call& call) {
  call.needs_scope("im:write");
  return {{"channel", {{"id", call.workspace.channel("D" + call.needed("users").substr(1)).id}}}};
}

json user_info(Call& call) {
  call.needs_scope("users:read");
  return {{"user",
           {{"id", call.needed("user")},
            {"name", name_of(call.needed("user"))},
            {"team_id", call.workspace.team.id}}}};
}

constexpr std::array<Route, 4> conversation_table = {{{"POST", "/api/conversations.history", history},
                                                      {"POST", "/api/conversations.replies", replies},
                                                      {"POST", "/api/conversations.open", open_direct},
                                                      {"POST", "/api/users.info", user_info}}};

}  // namespace

std::span<const Route> conversation_routes() { return conversation_table; }

}  // namespace slack::simulator
