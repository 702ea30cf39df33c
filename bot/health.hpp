#pragma once
#include <string>
#include <vector>

#include "bot/chat.hpp"
#include "net/http.hpp"

namespace bot {

/// What the chats say of themselves, for the three who ask: /healthz, systemctl status, the watchdog.
using Chats = std::vector<Chat*>;

/// In plain words; "" = it is well.
std::string trouble_of(const Chat& chat);
/// "matrix: the last sync is 75 s old", one for each chat in trouble; none = all is well.
std::vector<std::string> troubles(const Chats& chats);
/// 200 {"status":"ok"}, or 503 {"status":"unhealthy","why":["…"]}.
net::HttpResponse health_response(const Chats& chats);
/// Whether every chat's loop turns. One whose server is down is alive: starting again would not mend that.
bool are_alive(const Chats& chats);
/// "2 workspaces up; matrix: last heard of 3 s ago".
std::string status_line(int workspaces, const Chats& chats, net::Time now);

}  // namespace bot
