#include "bot/slack/api.hpp"

#include <algorithm>
#include <charconv>

#include "net/error.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr std::string_view for_good[] = {"not_authed",    "invalid_auth",  "account_inactive",
                                         "token_revoked", "token_expired", "not_allowed_token_type"};
/// Of the methods that are about nothing but the app; of others they are about a channel or a message.
constexpr std::string_view about_the_app[] = {"auth.test", "apps.connections.open"};
constexpr std::string_view app_for_good[] = {"no_permission", "missing_args", "missing_scope",
                                             "access_denied", "team_access_not_granted"};
constexpr std::string_view trouble[] = {"internal_error", "fatal_error", "service_unavailable",
                                        "request_timeout", "team_added_to_org"};
constexpr std::string_view out_of_reach[] = {"channel_not_found",
                                             "not_in_channel",
                                             "no_permission",
                                             "restricted_action",
                                             "restricted_action_read_only_channel",
                                             "restricted_action_thread_only_channel",
                                             "restricted_action_non_threadable_channel",
                                             "restricted_action_thread_locked",
                                             "is_archived",
                                             "messages_tab_disabled"};

template <std::size_t size>
bool has(const std::string_view (&list)[size], const std::string& word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::optional<net::Duration> wait_of(const net::HttpResponse& response) {
  const auto header = net::find_header(response.headers, "Retry-After");
  int seconds = 0;
  if (!header) return std::nullopt;
  const auto read = std::from_chars(header->data(), header->data() + header->size(), seconds);
  if (read.ec != std::errc() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, 3600));
}

net::ClientOptions slack_client(const Options& options, std::shared_ptr<net::Tally> tally) {
  net::ClientOptions client;
  client.ca_file = options.ca_file;
  client.tally = std::move(tally);
  return client;
}

Refusal refusal_of(const std::string& method, const std::string& word, const net::HttpResponse& response) {
  Refusal refusal(method, word, response.status);
  refusal.wait = wait_of(response);
  return refusal;
}

}  // namespace

bool Refusal::is_trouble() const { return status >= 500 || status < 200 || has(trouble, error); }
bool Refusal::is_for_good() const {
  return has(for_good, error) || (has(about_the_app, method) && has(app_for_good, error));
}
bool Refusal::is_out_of_reach() const { return has(out_of_reach, error); }

Api::Api(net::Executor executor, const Options& options)
    : executor_(executor),
      options_(options),
      client_(executor, net::parse_endpoint(options.api_url), slack_client(options, tally_)),
      is_local_(net::is_loopback(client_.endpoint().host)) {}

net::awaitable<json> Api::call(std::string method, json arguments, Token token) {
  // Opening a socket takes no body at all.
  auto body = arguments.empty() ? "" : arguments.dump(-1, ' ', false, json::error_handler_t::replace);
  return ask(std::move(method), "application/json; charset=utf-8", std::move(body), token);
}

net::awaitable<json> Api::call_with_form(std::string method, net::Query arguments) {
  return ask(std::move(method), "application/x-www-form-urlencoded", net::encode_query(arguments),
             Token::bot);
}

net::awaitable<json> Api::ask(std::string method, std::string type, std::string body, Token token) {
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/" + method;
  request.headers = {
      {"Authorization", "Bearer " + (token == Token::app ? options_.app_token : options_.bot_token)}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", type);
  request.body = std::move(body);
  const auto response = co_await client_.fetch(request, options_.request);
  const auto scopes = net::find_header(response.headers, "X-OAuth-Scopes");
  if (scopes) scopes_ = *scopes;
  auto answer = json::parse(response.body, nullptr, false);
  const bool is_object = answer.is_object();
  if (response.status == 200 && is_object && answer.value("ok", false)) co_return answer;
  const auto word = is_object ? answer.value("error", "") : "";
  throw refusal_of(method, word.empty() ? "status " + std::to_string(response.status) : word, response);
}

net::awaitable<void> Api::post(std::string url, std::string type, std::string body) {
  const auto link = net::parse_link(url);
  if (!link.endpoint.tls && !(is_local_ && net::is_loopback(link.endpoint.host)))
    throw Refusal("a URL of its own", "one that is not https", 400);
  net::HttpRequest request;
  request.method = "POST";
  request.target = link.target;
  request.headers = {{"Content-Type", type}};
  request.body = std::move(body);
  auto& client = client_of(link.endpoint);
  const auto response = co_await client.fetch(request, options_.request);
  if (response.status / 100 == 2) co_return;
  const bool is_word = response.body.size() < 40 && response.body.find_first_of("<{ ") == std::string::npos;
  throw refusal_of("a URL of its own", is_word ? response.body : "status " + std::to_string(response.status),
                   response);
}

net::Client& Api::client_of(const net::Endpoint& endpoint) {
  auto& client = others_[endpoint.url()];
  if (!client) client = std::make_unique<net::Client>(executor_, endpoint, slack_client(options_, tally_));
  return *client;
}

}  // namespace bot::slack
