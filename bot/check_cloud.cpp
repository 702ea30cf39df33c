#include <charconv>
#include <ctime>
#include <optional>

#include "bot/check_project.hpp"
#include "bot/guarded.hpp"
#include "bot/options.hpp"
#include "commands/times.hpp"
#include "net/error.hpp"

namespace bot {
namespace {

constexpr net::Duration doubtful_skew = std::chrono::seconds(30);
constexpr net::Duration ruinous_skew = std::chrono::minutes(5);
constexpr long few_requests = 100;
constexpr auto new_token =
    "Make an API token with read and write permission in the project's console (Security, API tokens) and "
    "put "
    "it into the file that [hetzner] token_file names.";

/// How the first request ended: with an answer, or `why` there is none.
struct First {
  std::optional<net::HttpResponse> answer;
  std::string why;
  net::Time when;  ///< half-way between the question and the answer
};

net::awaitable<First> ask_first(const Checking& with, net::Client& client) {
  net::HttpRequest request;
  request.method = "GET";
  request.target = "/locations?per_page=50";
  request.headers = {{"Authorization", "Bearer " + with.config.hetzner_token},
                     {"Accept", "application/json"}};
  const auto limit = with.config.settings.limits.request;
  const auto asked = with.clock.now();
  First first;
  try {
    auto answer = co_await client.fetch(request, limit);
    first.answer = std::move(answer);
  } catch (const net::Error& error) {
    first.why = error.what();
  }
  first.when = asked + (with.clock.now() - asked) / 2;
  co_return first;
}

/// RFC 9110's form, "Wed, 25 Nov 2026 09:00:00 GMT": whole seconds, so half of one is added.
std::optional<net::Time> find_date(const net::Headers& headers) {
  const auto text = net::find_header(headers, "Date");
  std::tm fields{};
  if (!text || !::strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &fields)) return std::nullopt;
  return net::Time(std::chrono::seconds(::timegm(&fields)) + std::chrono::milliseconds(500));
}

Finding clock_finding(const First& first) {
  const auto there = find_date(first.answer->headers);
  if (!there)
    return doubtful("clock: Hetzner's answer carries no date to compare with",
                    "See for yourself that this machine's clock is right: timedatectl");
  const auto ahead = first.when - *there;
  const auto skew = ahead < net::Duration::zero() ? -ahead : ahead;
  if (skew <= doubtful_skew) return good("clock: agrees with Hetzner's");
  const auto text =
      "clock: " + commands::span_text(skew) + (ahead == skew ? " ahead of" : " behind") + " Hetzner's";
  const std::string next =
      "Switch time synchronisation on: timedatectl set-ntp true. Tokens and keys live by it.";
  return skew > ruinous_skew ? broken(text, next) : doubtful(text, next);
}

std::optional<long> find_number(const net::Headers& headers, const char* name) {
  const auto text = net::find_header(headers, name);
  long number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc())
    return std::nullopt;
  return number;
}

Finding limit_finding(const First& first) {
  const auto left = find_number(first.answer->headers, "RateLimit-Remaining");
  const auto limit = find_number(first.answer->headers, "RateLimit-Limit");
  if (!left || !limit)
    return doubtful("rate limit: the answer does not say how many requests are left",
                    "Check [hetzner] endpoint: Hetzner says it with every answer.");
  const auto text =
      "rate limit: " + std::to_string(*left) + " of " + std::to_string(*limit) + " requests an hour are left";
  if (*left >= few_requests) return good(text);
  return doubtful(text, "Find out what else asks about this project so often; they all share the limit.");
}

/// What Hetzner's own words for an error are worth: the code alone, for anything may stand in a message.
std::string code_in(const net::HttpResponse& answer) {
  const auto reply = hetzner::reply_of(answer);
  return reply.error ? reply.error->code : "";
}

/// The access itself; the token works when it is good.
Finding access_finding(const net::Endpoint& endpoint, const First& first) {
  const auto there = "Hetzner Cloud at " + endpoint.url();
  if (!first.answer) return broken(there + ": " + first.why, next_when_unreached(endpoint, first.why));
  const int status = first.answer->status;
  const auto answered = there + " answers with HTTP status " + std::to_string(status);
  if (status == 401) return broken(there + " refuses the token", new_token);
  if (status == 429)
    return broken(there + ": the project's requests of this hour are used up",
                  "Wait a few minutes; find out what else asks about this project so often.");
  if (status >= 500)
    return broken(answered, "It is out of order. See https://status.hetzner.com and try again later.");
  if (status >= 300)
    return broken(answered + " (" + code_in(*first.answer) + ")",
                  "Check [hetzner] endpoint, normally https://api.hetzner.cloud/v1, and the token.");
  if (!find_locations(first.answer->body))
    return broken(
        there + " answers with something else than the API",
        "Check [hetzner] endpoint, normally https://api.hetzner.cloud/v1, and any proxy on the way.");
  return good(there + " answers and takes the token");
}

/// An empty ssh key cannot be made, and whether the API says "invalid" or "forbidden" tells what the token
/// may do.
net::awaitable<void> check_writing(hetzner::Api& api, Findings& findings) {
  const auto nothing = nlohmann::json::object();
  std::optional<hetzner::ApiError> refusal;
  try {
    co_await api.post("/ssh_keys", nothing);
  } catch (const hetzner::ApiError& error) {
    refusal = error;
  }
  if (refusal && (refusal->code == "forbidden" || refusal->code == "token_readonly"))
    findings.push_back(broken("token: may read only", new_token));
  else if (refusal && refusal->code == "invalid_input")
    findings.push_back(
        good("token: seems able to write (an empty ssh key was refused as invalid, not as forbidden)"));
  else
    findings.push_back(
        doubtful("token: nobody knows whether it may write; an empty ssh key was answered with " +
                     (refusal ? refusal->code : "success"),
                 "Look in the project's console (Security, API tokens): read and write is needed."));
}

}  // namespace

net::awaitable<Findings> check_cloud(Checking with) {
  Findings findings;
  const auto client = client_of(with, findings, with.config.hetzner_endpoint);
  if (!client) co_return findings;
  const auto first = co_await ask_first(with, *client);
  const auto access = access_finding(client->endpoint(), first);
  findings.push_back(access);
  if (first.answer && (access.level == Level::ok || first.answer->status == 401)) {
    findings.push_back(clock_finding(first));
    findings.push_back(limit_finding(first));
  }
  if (access.level != Level::ok) co_return findings;

  auto options = api_options(with.config);
  options.tries = 1;
  hetzner::Api api(*client, with.clock, with.random, options);
  auto writing = check_writing(api, findings);
  co_await guarded(with, findings, "token", std::move(writing));
  const auto locations = find_locations(first.answer->body);
  const auto of_project = co_await check_project(with, api, *locations);
  findings.insert(findings.end(), of_project.begin(), of_project.end());
  co_return findings;
}

}  // namespace bot
