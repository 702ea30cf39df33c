#include "tailnet/api.hpp"

namespace tailnet {

using nlohmann::json;

Api::Api(net::Executor executor, net::Client& client, net::Clock& clock, net::Random& random, Options options)
    : options_(std::move(options)),
      attempts_(client, clock, random, options_),
      oauth_(std::move(executor), clock, attempts_, options_),
      answers_(options_) {}

net::awaitable<json> Api::send(Call call) {
  const auto ended = co_await authorized(call);
  co_return answers_.body_of(call.wish, ended.last, ended.token);
}

net::awaitable<std::optional<json>> Api::find(Call call) {
  const auto ended = co_await authorized(call);
  if (ended.last.status() == 404) co_return std::nullopt;
  co_return answers_.body_of(call.wish, ended.last, ended.token);
}

net::awaitable<Api::Ended> Api::authorized(const Call& call) {
  net::HttpRequest request;
  request.method = call.method;
  request.target = call.target;
  request.body = call.body;
  for (bool is_renewed = options_.kind == Kind::headscale;; is_renewed = true) {
    Ended ended;
    ended.token = co_await token();
    request.headers = {{"Authorization", "Bearer " + ended.token}, {"Accept", "application/json"}};
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    ended.last = co_await attempts_.make(request, call.is_idempotent);
    if (ended.last.status() != 401 || is_renewed) co_return ended;
    oauth_.forget(ended.token);
  }
}

net::awaitable<std::string> Api::token() {
  if (options_.kind == Kind::headscale) co_return options_.api_key;
  co_return co_await oauth_.token();
}

}  // namespace tailnet
