#include "net/faults.hpp"

#include <fnmatch.h>
#include <sys/types.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "net/url.hpp"

namespace net {
namespace {

using nlohmann::json;

constexpr std::size_t kept_rows = 100'000;

enum class Cut { none, before, after, half };
enum class Spoilt { nothing, body, type, http };

struct Fault {
  int id = 0;
  std::string method = "*";
  std::string path = "*";
  std::optional<int> status;
  std::string code;
  Duration delay{};
  Cut cut = Cut::none;
  Spoilt spoilt = Spoilt::nothing;
  Duration drip{};
  pid_t kill = 0;
  int count = 1;
  int skip = 0;

  [[nodiscard]] bool matches(const std::string& verb, const std::string& where) const {
    const bool any = method.empty() || method == "*";
    return (any || method == verb) && ::fnmatch(path.c_str(), where.c_str(), FNM_NOESCAPE) == 0;
  }
  /// A cut says by itself whether the effect happens; without one, a status stands in for the effect.
  [[nodiscard]] bool lets_happen() const { return cut == Cut::none ? !status : cut != Cut::before; }
};

struct Row {
  std::uint64_t n = 0;
  std::string method, path, query, body;
  int status = 0;

  [[nodiscard]] json shown() const {
    return {{"n", n},         {"method", method}, {"path", path},
            {"query", query}, {"body", body},     {"status", status}};
  }
};

std::string path_of(const HttpRequest& request) { return request.target.substr(0, request.target.find('?')); }

std::string query_of(const HttpRequest& request) {
  const auto mark = request.target.find('?');
  return mark == std::string::npos ? "" : request.target.substr(mark + 1);
}

Cut cut_from(const std::string& word) {
  static const std::map<std::string, Cut> words{
      {"", Cut::none}, {"before", Cut::before}, {"after", Cut::after}, {"half", Cut::half}};
  const auto found = words.find(word);
  if (found == words.end()) throw std::invalid_argument("cut is before, after or half, not " + word);
  return found->second;
}

Spoilt spoilt_from(const std::string& word) {
  static const std::map<std::string, Spoilt> words{
      {"body", Spoilt::body}, {"type", Spoilt::type}, {"http", Spoilt::http}};
  const auto found = words.find(word);
  if (found == words.end()) throw std::invalid_argument("spoil is body, type or http, not " + word);
  return found->second;
}

using Setter = void (*)(Fault&, const json&);
const std::map<std::string, Setter> setters{
    {"method", [](Fault& fault, const json& value) { value.get_to(fault.method); }},
    {"path", [](Fault& fault, const json& value) { value.get_to(fault.path); }},
    {"status", [](Fault& fault, const json& value) { fault.status = value.get<int>(); }},
    {"code", [](Fault& fault, const json& value) { value.get_to(fault.code); }},
    {"delay_ms", [](Fault& fault, const json& value) { fault.delay = Duration(value.get<int>()); }},
    {"cut", [](Fault& fault, const json& value) { fault.cut = cut_from(value.get<std::string>()); }},
    {"spoil", [](Fault& fault, const json& value) { fault.spoilt = spoilt_from(value.get<std::string>()); }},
    {"drip_ms", [](Fault& fault, const json& value) { fault.drip = Duration(value.get<int>()); }},
    {"kill", [](Fault& fault, const json& value) { value.get_to(fault.kill); }},
    {"count", [](Fault& fault, const json& value) { value.get_to(fault.count); }},
    {"skip", [](Fault& fault, const json& value) { value.get_to(fault.skip); }},
};

void set(Fault& fault, const std::string& key, const json& value) {
  const auto setter = setters.find(key);
  // A misspelt fault that never fires makes a test that cannot fail.
  if (setter == setters.end()) throw std::invalid_argument("a fault has no " + key);
  setter->second(fault, value);
}

Fault fault_from(const std::string& text) {
  Fault fault;
  const json plan = json::parse(text);
  for (const auto& [key, value] : plan.items())
    if (!value.is_null()) set(fault, key, value);
  // kill(2) takes 0 and negative numbers for whole groups of processes; 1 is init.
  if (fault.kill != 0 && fault.kill <= 1) throw std::invalid_argument("kill is the id of one process");
  if (fault.count < 1) throw std::invalid_argument("count is 1 or more");
  return fault;
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

/// As whatever stands between us and the service might hand it on.
void spoil(HttpResponse& response, Spoilt spoilt) {
  if (spoilt == Spoilt::http) response.delivery = Delivery::garbage;
  if (spoilt == Spoilt::body) response.body = std::string("\x1f\x8b\0\xff{\"", 6);
  if (spoilt != Spoilt::type) return;
  for (auto& [name, value] : response.headers)
    if (name == "Content-Type") value = "text/html; charset=utf-8";
}

}  // namespace

struct Faults::State {
  Clock& clock;
  ErrorBody error_body;
  std::vector<Fault> faults;
  int last_id = 0;
  std::deque<Row> rows;
  std::uint64_t last_n = 0;

  State(Clock& given_clock, ErrorBody given_body) : clock(given_clock), error_body(std::move(given_body)) {}

  static awaitable<HttpResponse> serve(std::shared_ptr<State> state,
                                       std::shared_ptr<const Server::Handler> handler,
                                       const HttpRequest& request);
  std::optional<Fault> find_due(const std::string& method, const std::string& path);
  [[nodiscard]] HttpResponse deliver(const Fault& fault, HttpResponse response) const;
  void log(const HttpRequest& request, int status);
  std::optional<HttpResponse> control(const HttpRequest& request);
  HttpResponse add(const std::string& body);
  [[nodiscard]] HttpResponse standing() const;
  [[nodiscard]] HttpResponse requests_since(std::uint64_t n) const;
};

awaitable<HttpResponse> Faults::State::serve(std::shared_ptr<State> state,
                                             std::shared_ptr<const Server::Handler> handler,
                                             const HttpRequest& request) {
  const std::string path = path_of(request);
  if (path.starts_with("/_sim/")) {
    if (auto answer = state->control(request)) co_return std::move(*answer);
    co_return co_await (*handler)(request);
  }
  const std::optional<Fault> fault = state->find_due(request.method, path);
  if (fault && fault->delay > Duration::zero()) co_await state->clock.sleep_for(fault->delay);
  HttpResponse response;
  response.status = 0;
  if (!fault || fault->lets_happen()) response = co_await (*handler)(request);
  if (fault) response = state->deliver(*fault, std::move(response));
  state->log(request, response.status);
  co_return response;
}

/// The first matching fault that has nothing left to skip; those before it count this request as skipped.
std::optional<Fault> Faults::State::find_due(const std::string& method, const std::string& path) {
  for (auto fault = faults.begin(); fault != faults.end(); ++fault) {
    if (!fault->matches(method, path)) continue;
    if (fault->skip > 0) {
      --fault->skip;
      continue;
    }
    const Fault due = *fault;
    if (--fault->count == 0) faults.erase(fault);
    return due;
  }
  return std::nullopt;
}

/// What the fault makes of the answer. With a cut connection the process dies before it can see the close.
HttpResponse Faults::State::deliver(const Fault& fault, HttpResponse response) const {
  if (fault.cut == Cut::before || fault.cut == Cut::after) {
    if (fault.kill) ::kill(fault.kill, SIGKILL);
    response.delivery = Delivery::cut_before;
    return response;
  }
  if (fault.cut == Cut::half) response.delivery = Delivery::cut_half;
  if (fault.cut == Cut::none && fault.status)
    response = json_response(*fault.status, error_body(*fault.status, fault.code));
  spoil(response, fault.spoilt);
  if (fault.drip > Duration::zero()) {
    response.delivery = Delivery::drip;
    response.pause = fault.drip;
  }
  if (fault.kill)
    response.sent = [pid = fault.kill, before = std::move(response.sent)] {
      if (before) before();
      ::kill(pid, SIGKILL);
    };
  return response;
}

/// Headers, and with them the credentials, are left out.
void Faults::State::log(const HttpRequest& request, int status) {
  Row& row = rows.emplace_back();
  row.n = ++last_n;
  row.method = request.method;
  row.path = path_of(request);
  row.query = query_of(request);
  row.body = request.body;
  row.status = status;
  if (rows.size() > kept_rows) rows.pop_front();
}

std::optional<HttpResponse> Faults::State::control(const HttpRequest& request) {
  const std::string asked = request.method + " " + path_of(request);
  if (asked == "GET /_sim/requests") {
    const auto since = parse_target(request.target).find("since");
    return requests_since(since ? std::strtoull(since->c_str(), nullptr, 10) : 0);
  }
  if (asked == "POST /_sim/faults") return add(request.body);
  if (asked == "GET /_sim/faults") return standing();
  if (asked == "DELETE /_sim/faults") {
    faults.clear();
    return json_response(200, "{}");
  }
  return std::nullopt;
}

HttpResponse Faults::State::add(const std::string& body) {
  try {
    Fault fault = fault_from(body);
    fault.id = ++last_id;
    faults.push_back(fault);
    return json_response(200, json{{"id", fault.id}}.dump());
  } catch (const std::exception& error) {
    return json_response(400, json{{"message", error.what()}}.dump());
  }
}

HttpResponse Faults::State::standing() const {
  json list = json::array();
  for (const auto& fault : faults) list.push_back({{"id", fault.id}});
  return json_response(200, list.dump());
}

HttpResponse Faults::State::requests_since(std::uint64_t n) const {
  const auto first =
      std::partition_point(rows.begin(), rows.end(), [n](const Row& row) { return row.n <= n; });
  json list = json::array();
  std::for_each(first, rows.end(), [&list](const Row& row) { list.push_back(row.shown()); });
  return json_response(200, list.dump(-1, ' ', false, json::error_handler_t::replace));
}

Faults::Faults(Clock& clock, ErrorBody error_body)
    : state_(std::make_shared<State>(clock, std::move(error_body))) {}
Faults::~Faults() = default;

Server::Handler Faults::wrap(Server::Handler handler) {
  return [state = state_, inner = std::make_shared<const Server::Handler>(std::move(handler))](
             const HttpRequest& request) { return State::serve(state, inner, request); };
}

}  // namespace net
