#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

TEST_CASE("ssh and open say how to get in") {
  World world;
  CHECK(world.say("alice", "!devbox ssh") == Texts{"You have no workspace yet. !devbox up makes one."});
  world.say("alice", "!devbox up");
  CHECK(world.say("alice", "!devbox ssh") ==
        Texts{"ssh dev@alice\n  or, in full: ssh dev@alice.tail1234.ts.net"});
  CHECK(
      world.say("alice", "!devbox open") ==
      Texts{
          "https://alice.tail1234.ts.net\n"
          "  VS Code    vscode://vscode-remote/ssh-remote+dev@alice.tail1234.ts.net/home/dev\n"
          "  JetBrains  jetbrains-gateway://connect#type=ssh&deploy=false&host=alice.tail1234.ts.net"
          "&port=22&user=dev&projectPath=/home/dev\n"
          "  Zed        zed://ssh/dev@alice.tail1234.ts.net/home/dev\n"
          "  ports      http://alice.tail1234.ts.net:PORT, or https://alice.tail1234.ts.net/proxy/PORT/ for "
          "what listens on 127.0.0.1 only"});
  CHECK(world.say("alice", "!devbox open main alice") ==
        Texts{"`open` takes one workspace. Nothing was done."});
  CHECK(world.say("bob", "!devbox open alice") ==
        Texts{"You have no workspace \"alice\". !devbox status lists yours."});
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
