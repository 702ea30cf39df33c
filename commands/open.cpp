#include "commands/running.hpp"
#include "commands/verbs.hpp"

namespace commands {

Begin open(Services& world, const Caller& caller, const Request& ask) {
  const auto session = running_session(world, caller, ask);
  const auto& host = session.node_name;
  const auto& user = world.settings.user;
  const auto home = "/home/" + user;
  const auto login = user + "@" + host;
  return "https://" + host + "\n  VS Code    vscode://vscode-remote/ssh-remote+" + login + home +
         "\n  JetBrains  jetbrains-gateway://connect#type=ssh&deploy=false&host=" + host +
         "&port=22&user=" + user + "&projectPath=" + home + "\n  Zed        zed://ssh/" + login + home +
         "\n  ports      http://" + host + ":PORT, or https://" + host +
         "/proxy/PORT/ for what listens on 127.0.0.1 only";
}

}  // namespace commands
