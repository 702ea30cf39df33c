#include "bot/matrix/api.hpp"

#include "bot/matrix/event.hpp"

namespace bot::matrix {
namespace {

/// Of one request: a token that was refused right after it was renewed will not get better.
constexpr int most_renewals = 2;

std::string required(const std::string& body, const char* key) {
  auto value = text_of(object_of(body), key);
  if (value.empty()) throw BadAnswer("the homeserver's answer has no " + std::string(key));
  return value;
}

}  // namespace

net::awaitable<std::string> Api::request(Call call, net::Duration timeout) {
  for (int renewals = 0;; ++renewals) {
    call.token = co_await session_.token();
    std::optional<Refusal> refusal;
    try {
      co_return co_await homeserver_.call(call, timeout);
    } catch (const Refusal& error) {
      const bool is_session = error.is(401) && renewals < most_renewals;
      if (!is_session) throw;
      refusal = error;
    }
    co_await session_.replace(call.token, *refusal);
  }
}

net::awaitable<std::string> Api::get(std::string target) {
  const Call call{"GET", std::move(target)};
  co_return co_await request(call, options_.request);
}

net::awaitable<std::string> Api::post(std::string target, std::string body) {
  const Call call{"POST", std::move(target), std::move(body)};
  co_return co_await request(call, options_.request);
}

net::awaitable<std::string> Api::put(std::string target, std::string body) {
  const Call call{"PUT", std::move(target), std::move(body)};
  co_return co_await request(call, options_.request);
}

net::awaitable<std::string> Api::send_event(std::string room, std::string type, std::string transaction,
                                            std::string content) {
  const auto target = room_target(room, "send/" + escaped(type) + "/" + escaped(transaction));
  const auto body = co_await put(target, content);
  co_return required(body, "event_id");
}

net::awaitable<std::string> Api::upload(std::string name, std::string type, std::string bytes) {
  Call call{"POST", "/_matrix/media/v3/upload?filename=" + escaped(name), std::move(bytes)};
  call.content_type = std::move(type);
  const auto body = co_await request(call, options_.request);
  co_return required(body, "content_uri");
}

std::string room_target(const std::string& room, const std::string& rest) {
  return "/_matrix/client/v3/rooms/" + escaped(room) + "/" + rest;
}

}  // namespace bot::matrix
