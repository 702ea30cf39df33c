#include "bot/health.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bot/answers.hpp"

namespace bot {

std::string trouble_of(const Chat& chat) {
  const auto health = chat.health();
  return health.trouble.empty() && !health.is_alive ? "its loop is stuck" : health.trouble;
}

std::vector<std::string> troubles(const Chats& chats) {
  std::vector<std::string> found;
  for (const auto* chat : chats) {
    const auto trouble = trouble_of(*chat);
    if (!trouble.empty()) found.push_back(chat->name() + ": " + trouble);
  }
  return found;
}

net::HttpResponse health_response(const Chats& chats) {
  const auto found = troubles(chats);
  if (found.empty()) return json_response(200, {{"status", "ok"}});
  return json_response(503, {{"status", "unhealthy"}, {"why", found}});
}

bool are_alive(const Chats& chats) {
  return std::all_of(chats.begin(), chats.end(), [](const Chat* chat) { return chat->health().is_alive; });
}

std::string status_line(int workspaces, const Chats& chats, net::Time now) {
  auto line = fmt::format("{} workspace{} up", workspaces, workspaces == 1 ? "" : "s");
  for (const auto* chat : chats) {
    const auto last = chat->health().last_contact;
    if (!last) continue;
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - *last);
    line += fmt::format("; {}: last heard of {} s ago", chat->name(), std::max<long>(0, age.count()));
  }
  for (const auto& trouble : troubles(chats)) line += "; " + trouble;
  return line;
}

}  // namespace bot
