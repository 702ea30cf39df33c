#include "tailnet/simulator/simulator.hpp"

#include <algorithm>
#include <map>

#include "net/error.hpp"
#include "net/faults.hpp"
#include "net/server.hpp"
#include "net/url.hpp"
#include "tailnet/simulator/roster.hpp"
#include "tailnet/simulator/shapes.hpp"

namespace tailnet::simulator {
namespace {

using net::HttpRequest;
using net::HttpResponse;
using nlohmann::json;

constexpr std::int64_t token_life_ms = 3600 * 1000;
constexpr std::int64_t longest_key_s = 90 * 24 * 3600;
const std::string keys = "/api/v2/tailnet/-/keys";
const std::string devices = "/api/v2/tailnet/-/devices";
const std::string device = "/api/v2/device/";

HttpResponse answer(int status, const json& body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

HttpResponse refusal(int status, const std::string& message) {
  return answer(status, {{"message", message}});
}

/// The part of `path` after `prefix`; "" when there is none.
std::string rest_of(const std::string& path, const std::string& prefix) {
  return path.starts_with(prefix) ? path.substr(prefix.size()) : "";
}

}  // namespace

struct Simulator::State {
  State(net::Executor executor, net::Clock& clock_, Options options_)
      : clock(clock_),
        options(std::move(options_)),
        roster(options.state_file),
        faults(clock,
               [](int, const std::string& code) {
                 return json{{"message", code}}.dump();
               }),
        server(executor, options.listen,
               faults.wrap([this](const HttpRequest& request) { return respond(request); })) {}

  [[nodiscard]] std::int64_t now() const { return (clock.now() + shift).time_since_epoch().count(); }

  net::awaitable<HttpResponse> respond(const HttpRequest& request) {
    const auto target = net::parse_target(request.target);
    const auto body = request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
    if (target.path.starts_with("/_sim/")) co_return control(request.method, target.path, body);
    if (target.path == "/api/v2/oauth/token") co_return token(request);
    if (!is_authorized(request)) co_return refusal(401, "API token invalid");
    if (target.path == keys || target.path.starts_with(keys + "/"))
      co_return respond_keys(request.method, rest_of(target.path, keys + "/"), body);
    if (target.path == devices && request.method == "GET") co_return list_devices(target);
    if (target.path.starts_with(device))
      co_return respond_device(request.method, rest_of(target.path, device));
    co_return refusal(404, "not found");
  }

  HttpResponse token(const HttpRequest& request) {
    const auto form = net::parse_form(request.body);
    const auto field = [&](const std::string& name) {
      const auto found =
          std::find_if(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
      return found == form.end() ? "" : found->second;
    };
    if (request.method != "POST") return refusal(405, "method not allowed");
    if (field("client_id") != options.oauth_id || field("client_secret") != options.oauth_secret)
      return refusal(401, "API token invalid");
    const auto access = "tskey-api-" + random.hex(16);
    tokens[access] = now() + token_life_ms;
    return answer(200, {{"access_token", access},
                        {"token_type", "Bearer"},
                        {"expires_in", token_life_ms / 1000},
                        {"scope", "auth_keys devices:core"}});
  }

  bool is_authorized(const HttpRequest& request) {
    const auto header = net::find_header(request.headers, "Authorization").value_or("");
    const auto bearer = rest_of(header, "Bearer ");
    if (bearer.empty()) return false;
    const auto found = tokens.find(bearer);
    return bearer == options.api_key || (found != tokens.end() && found->second > now());
  }

  HttpResponse respond_keys(const std::string& method, const std::string& id, const json& body) {
    if (id.empty() && method == "GET") {
      auto list = json::array();
      for (const auto& [key_id, key] : roster.keys())
        if (!shape(key, now(), false).contains("invalid"))
          list.push_back({{"id", key_id}, {"keyType", "auth"}, {"description", key.description}});
      return answer(200, {{"keys", list}});
    }
    if (id.empty()) return method == "POST" ? mint(body) : refusal(405, "method not allowed");
    auto* key = roster.find_key(id);
    if (!key) return refusal(404, "key not found");
    if (method == "GET") return answer(200, shape(*key, now(), false));
    if (method != "DELETE") return refusal(405, "method not allowed");
    key->revoked = true;
    roster.save();
    return answer(200, json::object());
  }

  HttpResponse mint(const json& body) {
    const auto where = json::json_pointer("/capabilities/devices/create");
    if (!body.is_object() || !body.contains(where)) return refusal(400, "capabilities are missing");
    const auto create = body[where];
    AuthKey key;
    key.description = body.value("description", "");
    if (key.description.size() > 50) return refusal(400, "description is longer than 50 characters");
    key.tags = create.value("tags", std::vector<std::string>{});
    for (const auto& tag : key.tags)
      if (tag != options.tag)
        return refusal(400, "requested tags [" + tag + "] are invalid or not permitted");
    if (key.tags.empty()) return refusal(400, "tags are required for a key made by an OAuth client");
    const auto life = body.value("expirySeconds", longest_key_s);
    if (life < 1 || life > longest_key_s) return refusal(400, "expirySeconds is out of range");
    key.reusable = create.value("reusable", false);
    key.ephemeral = create.value("ephemeral", false);
    key.preauthorized = create.value("preauthorized", false);
    key.created = now() / 1000 * 1000;  // the API answers whole seconds
    key.expires = now() + life * 1000;
    const auto& added = roster.add_key(std::move(key), random);
    roster.save();
    return answer(200, shape(added, now(), true));
  }

  HttpResponse list_devices(const net::Target& target) {
    const auto tag = target.find("tags");
    auto list = json::array();
    for (const auto& [id, machine] : roster.machines())
      if (!tag || std::count(machine.tags.begin(), machine.tags.end(), *tag) > 0)
        list.push_back(shape(machine, options.domain));
    return answer(200, {{"devices", list}});
  }

  HttpResponse respond_device(const std::string& method, const std::string& id) {
    const auto* machine = roster.find_machine(id);
    if (!machine) return refusal(404, "device not found");
    if (method == "GET") return answer(200, shape(*machine, options.domain));
    if (method != "DELETE") return refusal(405, "method not allowed");
    roster.remove_machine(id);
    roster.save();
    return answer(200, nullptr);
  }

  HttpResponse control(const std::string& method, const std::string& path, const json& body) {
    if (method == "GET" && path == "/_sim/devices") {
      auto list = json::array();
      for (const auto& [id, machine] : roster.machines()) list.push_back(shape(machine, options.domain));
      return answer(200, list);
    }
    if (method == "GET" && path == "/_sim/keys") {
      auto list = json::array();
      for (const auto& [id, key] : roster.keys()) {
        auto one = shape(key, now(), false);
        one["revoked"] = key.revoked;
        one["used"] = key.used;
        list.push_back(one);
      }
      return answer(200, list);
    }
    if (method != "POST" || !body.is_object()) return refusal(404, "not found");
    if (path == "/_sim/join") return join(body);
    if (path == "/_sim/online" || path == "/_sim/offline")
      return connect(body.value("id", ""), path == "/_sim/online");
    if (path == "/_sim/clock") {
      shift += std::chrono::seconds(body.value("advance_s", 0));
      return answer(200, {{"now", rfc3339(now())}});
    }
    return refusal(404, "not found");
  }

  HttpResponse join(const json& body) {
    try {
      const auto& machine = roster.join(body.value("key", ""), body.value("hostname", ""), now());
      roster.save();
      return answer(200, {{"id", machine.id}, {"name", machine.label + "." + options.domain}});
    } catch (const NotLetIn& reason) {
      return refusal(reason.status, reason.why);
    }
  }

  HttpResponse connect(const std::string& id, bool online) {
    auto* machine = roster.find_machine(id);
    if (!machine) return refusal(404, "device not found");
    machine->online = online;
    machine->last_seen = now();
    roster.save();
    return answer(200, json::object());
  }

  net::Clock& clock;
  net::Duration shift{};
  net::Random random;
  Options options;
  Roster roster;
  std::map<std::string, std::int64_t>
      tokens;  ///< access token → its end; lost with the process, as renewal may be
  net::Faults faults;
  net::Server server;
};

Simulator::Simulator(net::Executor executor, net::Clock& clock, Options options)
    : state_(std::make_unique<State>(executor, clock, std::move(options))) {}
Simulator::~Simulator() = default;
std::uint16_t Simulator::port() const { return state_->server.port(); }

}  // namespace tailnet::simulator
