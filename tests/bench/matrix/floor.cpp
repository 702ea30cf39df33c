#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// The least that answers: two sockets, no library, nothing remembered and nothing checked. What others take
/// more than this is their own doing.
namespace {

char answer[1 << 18];
char request[1 << 14];
char message[1 << 13];

int connected(const char* host, unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  inet_pton(AF_INET, host, &address.sin_addr);
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(made, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) exit(1);
  return made;
}

/// Sends what stands in `request` and reads one answer whole, which becomes text.
void ask(int connection) {
  const size_t size = strlen(request);
  if (write(connection, request, size) != static_cast<ssize_t>(size)) exit(1);
  size_t have = 0;
  size_t wanted = sizeof answer - 1;
  while (have < wanted) {
    const ssize_t count = read(connection, answer + have, wanted - have);
    if (count <= 0) exit(1);
    have += static_cast<size_t>(count);
    answer[have] = 0;
    const char* end = strstr(answer, "\r\n\r\n");
    const char* length = strcasestr(answer, "content-length:");
    if (end && length) wanted = static_cast<size_t>(end + 4 - answer) + strtoul(length + 15, nullptr, 10);
  }
}

void quote(char* to, const char* text) {
  for (; *text; ++text) {
    if (*text == '"' || *text == '\\') *to++ = '\\';
    *to++ = *text == '\n' ? '\\' : *text;
    if (*text == '\n') *to++ = 'n';
  }
  *to = 0;
}

}  // namespace

int main() {
  const char* token = getenv("BOT_TOKEN");
  const char* room = getenv("BOT_ROOM");
  char host[64];
  unsigned port = 0;
  if (sscanf(getenv("BOT_HOMESERVER"), "http://%63[^:]:%u", host, &port) != 2) return 2;
  quote(message, getenv("BOT_ANSWER"));
  const int syncs = connected(host, port);
  const int sends = connected(host, port);
  char since[512] = "timeout=0";
  for (unsigned sent = 0;;) {
    snprintf(request, sizeof request,
             "GET /_matrix/client/v3/sync?%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", since,
             host, token);
    ask(syncs);
    const char* next = strstr(answer, "\"next_batch\":\"");
    if (!next || sscanf(next + 14, "%400[^\"]", request) != 1) return 1;
    snprintf(since, sizeof since, "timeout=30000&since=%.400s", request);
    unsigned commands = 0;
    for (const char* at = answer; (at = strstr(at, "\"body\":\"!devbox status\"")); ++at) ++commands;
    for (; commands > 0; --commands) {
      char body[sizeof message + 64];
      snprintf(body, sizeof body, "{\"msgtype\":\"m.notice\",\"body\":\"%s\"}", message);
      snprintf(request, sizeof request,
               "PUT /_matrix/client/v3/rooms/%s/send/m.room.message/floor-%d-%u HTTP/1.1\r\nHost: %s\r\n"
               "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n%s",
               room, getpid(), ++sent, host, token, strlen(body), body);
      ask(sends);
    }
  }
}
