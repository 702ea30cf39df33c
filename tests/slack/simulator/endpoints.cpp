#include <algorithm>

#include "net/error.hpp"
#include "tests/slack/simulator/call.hpp"

namespace slack::simulator {
namespace {

using nlohmann::json;

json arguments_of(const net::HttpRequest& request) {
  const auto type = net::find_header(request.headers, "Content-Type").value_or("");
  if (request.body.empty()) return json::object();
  if (type.find("json") != std::string::npos || request.target.starts_with("/_sim/") ||
      request.target.starts_with("/hooks/")) {
    auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) throw Refusal("invalid_json");
    return body;
  }
  auto all = json::object();
  if (type.find("form-urlencoded") == std::string::npos) return all;
  for (const auto& [name, value] : net::parse_form(request.body)) all[name] = value;
  return all;
}

/// Bolt sends its token in the form, too.
std::string token_of(const net::HttpRequest& request, const json& arguments) {
  const auto header = net::find_header(request.headers, "Authorization").value_or("");
  return header.starts_with("Bearer ") ? header.substr(7) : arguments.value("token", "");
}

void check_token(const Call& call, Token wanted) {
  if (wanted == Token::none) return;
  const auto& team = call.workspace.team;
  const auto token = token_of(call.request, call.arguments);
  if (token.empty()) throw Refusal("not_authed");
  const bool is_app = token == team.app_token;
  if (!is_app && token != team.bot_token) throw Refusal("invalid_auth");
  if (is_app != (wanted == Token::app)) throw Refusal("not_allowed_token_type");
}

const Route* route_of(const net::HttpRequest& request, const std::string& path) {
  for (const auto routes : {chat_routes(), conversation_routes(), file_routes(), control_routes()})
    for (const auto& route : routes) {
      const bool is_whole = !route.path.ends_with('/');
      if (request.method == route.method && (is_whole ? path == route.path : path.starts_with(route.path)))
        return &route;
    }
  return nullptr;
}

net::HttpResponse answered(const Workspace& workspace, const json& body, int status = 200) {
  net::HttpResponse response;
  response.status = status;
  const bool is_text = body.is_string();
  response.headers = {{"Content-Type", is_text ? "text/plain" : "application/json; charset=utf-8"}};
  std::string scopes;
  for (const auto& scope : workspace.team.scopes) scopes += (scopes.empty() ? "" : ",") + scope;
  response.headers.emplace_back("X-OAuth-Scopes", scopes);
  response.body =
      is_text ? body.get<std::string>() : body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

}  // namespace

std::string Call::text(const char* name) const {
  const auto found = arguments.find(name);
  return found != arguments.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string Call::needed(const char* name) const {
  auto value = text(name);
  if (value.empty()) throw Refusal("invalid_arguments");
  return value;
}

Channel& Call::channel() const {
  auto wanted = needed("channel");
  if (wanted.starts_with('U')) wanted = workspace.channel("D" + wanted.substr(1)).id;
  const auto found = workspace.team.channels.find(wanted);
  if (found == workspace.team.channels.end()) throw Refusal("channel_not_found");
  auto& channel = found->second;
  if (!channel.members.contains(workspace.team.bot_user))
    throw Refusal(wanted.starts_with('C') ? "not_in_channel" : "channel_not_found");
  return channel;
}

void Call::needs_scope(const std::string& scope) const {
  if (!workspace.team.scopes.contains(scope)) throw Refusal("missing_scope");
}

net::HttpResponse answer(Workspace& workspace, const net::HttpRequest& request) {
  const auto path = net::parse_target(request.target).path;
  const bool is_hook = path.starts_with("/hooks/");
  try {
    const auto* route = route_of(request, path);
    if (!route) throw Refusal("unknown_method");
    Call call{workspace, request, path.substr(std::min(path.size(), route->path.size())),
              arguments_of(request)};
    check_token(call, route->token);
    auto body = route->serve(call);
    if (body.is_object() && !path.starts_with("/_sim/")) body["ok"] = true;
    return answered(workspace, body);
  } catch (const Refusal& refusal) {
    if (is_hook) return answered(workspace, json(refusal.what()), 404);
    return answered(workspace, {{"ok", false}, {"error", refusal.what()}},
                    path.starts_with("/_sim/") ? 400 : 200);
  } catch (const json::exception& error) {
    return answered(workspace, {{"ok", false}, {"error", "invalid_arguments"}, {"why", error.what()}});
  } catch (const net::Error&) {
    return answered(workspace, {{"ok", false}, {"error", "invalid_form_data"}});
  }
}

}  // namespace slack::simulator
