#include "commands/card.hpp"
#include "commands/running.hpp"
#include "commands/verbs.hpp"

namespace commands {
namespace {

/// A browser gives a page less over http, unless it comes from its own machine
/// (https://coder.com/docs/code-server/FAQ: "Why are web views not loading").
std::string what_http_lacks(const Settings& settings) {
  const std::string lacks =
      "\n  ! This is http, encrypted by the tailnet alone: in the browser, previews and other web views, "
      "notebooks and the clipboard do not work. ";
  if (settings.serve == "http") return lacks + "[tailnet] serve = \"auto\" and the next `up` try https.";
  return lacks +
         "MagicDNS and HTTPS certificates, in the tailnet's DNS settings, switch https on at the next `up`" +
         (settings.login_server.empty() ? "." : "; headscale has no certificates.");
}

}  // namespace

Begin open(Services& world, const Caller& caller, const Request& ask) {
  const auto session = running_session(world, caller, ask);
  const auto url = url_of(world, session);
  const auto& host = session.node_name;
  const auto& user = world.settings.user;
  const auto home = "/home/" + user;
  const auto login = user + "@" + host;
  return url + "\n  VS Code    vscode://vscode-remote/ssh-remote+" + login + home +
         "\n  JetBrains  jetbrains-gateway://connect#type=ssh&deploy=false&host=" + host +
         "&port=22&user=" + user + "&projectPath=" + home + "\n  Zed        zed://ssh/" + login + home +
         "\n  ports      " + url + "/proxy/PORT/, and http://" + host +
         ":PORT where the tailnet's policy grants that port" +
         (url.starts_with("http:") ? what_http_lacks(world.settings) : "");
}

}  // namespace commands
