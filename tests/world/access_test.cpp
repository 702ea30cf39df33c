#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

TEST_CASE("ssh and open say how to get in") {
  World world;
  CHECK(world.say("alice", "!devbox ssh") == Texts{"You have no workspace yet. !devbox up makes one."});
  world.say("alice", "!devbox up");
  CHECK(world.say("alice", "!devbox ssh") ==
        Texts{"ssh dev@alice\n  or, in full: ssh dev@alice.tail1234.ts.net"});
  CHECK(world.say("alice", "!devbox open") ==
        Texts{"https://alice.tail1234.ts.net\n"
              "  VS Code    vscode://vscode-remote/ssh-remote+dev@alice.tail1234.ts.net/home/dev\n"
              "  JetBrains  jetbrains-gateway://connect#type=ssh&deploy=false&host=alice.tail1234.ts.net"
              "&port=22&user=dev&projectPath=/home/dev\n"
              "  Zed        zed://ssh/dev@alice.tail1234.ts.net/home/dev\n"
              "  ports      https://alice.tail1234.ts.net/proxy/PORT/, and http://alice.tail1234.ts.net:PORT "
              "where "
              "the tailnet's policy grants that port"});
  CHECK(world.say("alice", "!devbox open main alice") ==
        Texts{"`open` takes one workspace. Nothing was done."});
  CHECK(world.say("bob", "!devbox open alice") ==
        Texts{"That workspace is not yours: `open` is for its owner and whom it is shared with. Nothing was "
              "done."});
}

TEST_CASE("an editor that is reached by http only has such links, and open says what that lacks") {
  World world;
  world.behave("http");
  CHECK(
      world.say("alice", "!devbox up").back().starts_with("✓ alice is up — http://alice.tail1234.ts.net\n"));
  CHECK(world.say("alice", "!devbox status")
            .at(0)
            .starts_with("✓ alice is up — http://alice.tail1234.ts.net\n"));
  const auto links = world.say("alice", "!devbox open").at(0);
  CHECK(links.starts_with("http://alice.tail1234.ts.net\n"));
  CHECK(links.find("  http://alice.tail1234.ts.net/proxy/PORT/, and http://") != std::string::npos);
  CHECK(links.find("https://") == std::string::npos);
  CHECK(
      links.ends_with("\n  ! This is http, encrypted by the tailnet alone: in the browser, previews and "
                      "other web views, notebooks "
                      "and the clipboard do not work. MagicDNS and HTTPS certificates, in the tailnet's DNS "
                      "settings, switch https "
                      "on at the next `up`; headscale has no certificates."));
  world.restart();
  CHECK(world.say("alice", "!devbox open") == Texts{links});
}

TEST_CASE("after another boot the links are by what that one serves the editor by") {
  World world;
  world.say("alice", "!devbox up");
  CHECK(world.say("alice", "!devbox open").at(0).starts_with("https://alice."));
  world.restart();
  const auto session = world.storage().sessions.current(1).value();
  const json report = {{"v", 1}, {"stage", "ready"}, {"state", "ok"}, {"detail", "http"}, {"ready", true}};
  world.storage().reports.set(1, {session.operation, report, nullptr, net::SystemClock().now()});
  CHECK(world.say("alice", "!devbox open").at(0).starts_with("http://alice."));
}

TEST_CASE("ssh names the keys that came after the server") {
  World world;
  world.say("alice", "!devbox up");
  world.say(
      "alice",
      "!devbox key add ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsIZEnK1RyIMubz9aOQDsoYwrBAjG7R78nmyk/d5Opx");
  const auto late = world.say("alice", "!devbox ssh").at(0);
  CHECK(late.ends_with("\n  added since it came up, so not yet accepted by it: key 1"));
  world.say("alice", "!devbox down");
  world.say("alice", "!devbox up");
}

TEST_CASE("what is down or in between is said instead of a link") {
  World world;
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox ssh") == Texts{"alice is down. !devbox up brings it back."});
  CHECK(world.say("alice", "!devbox open") == Texts{"alice is down. !devbox up brings it back."});
  world.behave("busy");
  world.say("alice", "!devbox up");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox ssh") == Texts{"alice: `down` waits for an answer."});
}
