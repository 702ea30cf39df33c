#include <algorithm>

#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

const std::string laptop =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsIZEnK1RyIMubz9aOQDsoYwrBAjG7R78nmyk/d5Opx alice@laptop";
const std::string laptop_shown =
    "ssh-ed25519 alice@laptop, SHA256:WZ2qUacYdgcfJbOZ64GbtsiQVF7oc0u71VYMG/GpfNw";
const std::string desk =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCnN+q7KKyjFMzb6Pm2KwfwTKhkmwNE/"
    "WRAXo3RrkuMxfpPwd5jJ0nMoXzmkOSdQ1W7y55GnDaOKY1FAjBbeJCw=";
const std::string desk_shown = "ecdsa-sha2-nistp256, SHA256:ZSt8+oOA9RTU+ZiZw458G18Z2mJAVSR6s+tZ5GERIXI";
const std::string accepted =
    ".\n  Your servers accept it from the next `up` on; one that runs now does not know it.";
const std::string not_any_more =
    ".\n  Your servers do not get it any more from the next `up` on; one that runs now still accepts it.";

/// Names of the keys of the project, in its order.
Texts there(World& world) {
  Texts names;
  const auto all = world.get("/v1/ssh_keys");
  for (const auto& key : all["ssh_keys"]) names.push_back(key["name"]);
  return names;
}

/// Names of the keys that the last server was asked for with.
Texts given(World& world) {
  json ids;
  const auto requests = world.requests();
  for (const auto& one : requests)
    if (one["method"] == "POST" && one["path"] == "/v1/servers")
      ids = json::parse(one["body"].get<std::string>())["ssh_keys"];
  Texts names;
  const auto all = world.get("/v1/ssh_keys");
  for (const auto& key : all["ssh_keys"])
    if (std::find(ids.begin(), ids.end(), key["id"]) != ids.end()) names.push_back(key["name"]);
  return names;
}

/// Who may log in to the last server, by its user-data.
std::string authorized_keys(World& world) {
  std::string content;
  const auto requests = world.requests();
  for (const auto& one : requests) {
    if (one["method"] != "POST" || one["path"] != "/v1/servers") continue;
    const std::string text = json::parse(one["body"].get<std::string>())["user_data"];
    const auto config = json::parse(text.substr(text.find('\n')));
    for (const auto& file : config["write_files"])
      if (file["path"] == "/etc/devbox/authorized_keys") content = file["content"];
  }
  return content;
}

json find_key(World& world, const std::string& name) {
  const auto all = world.get("/v1/ssh_keys");
  for (const auto& key : all["ssh_keys"])
    if (key["name"] == name) return key;
  return nullptr;
}

void delete_by_hand(World& world, const std::string& name) {
  world.sim("DELETE", "/v1/ssh_keys/" + std::to_string(find_key(world, name)["id"].get<std::int64_t>()),
            nullptr);
}

}  // namespace

TEST_CASE("a key is added, listed and removed, here and in the Hetzner project") {
  World world;
  CHECK(world.say("alice", "!devbox key list") ==
        Texts{"You have no ssh key here yet. !devbox key add and the line of your .pub file adds one."});
  CHECK(world.say("alice", "!devbox key add " + laptop) ==
        Texts{"✓ Key 1 is added: " + laptop_shown + accepted});
  CHECK(world.last().mentions == Texts{"console:alice"});
  const auto labels = find_key(world, "devbox-alice-1")["labels"];
  CHECK(labels == json{{"managed-by", "devbox"}, {"devbox-bot", "devbox"}, {"devbox-owner", "alice"}});
  CHECK(world.say("alice", "!devbox key add \"" + desk + "\"") ==
        Texts{"✓ Key 2 is added: " + desk_shown + accepted});
  CHECK(world.say("alice", "!devbox key") == Texts{"1 · " + laptop_shown + "\n2 · " + desk_shown});
  CHECK(world.say("alice", "!devbox key add " + laptop) ==
        Texts{"You have that key already: it is number 1."});
  CHECK(world.say("alice", "!devbox key remove 1") ==
        Texts{"✓ Key 1 is removed: " + laptop_shown + not_any_more});
  CHECK(there(world) == Texts{"demo", "devbox-alice-2"});
  CHECK(world.say("alice", "!devbox keys list") == Texts{"2 · " + desk_shown});
}

TEST_CASE("a server gets its owner's keys, never those of others, and the requests stay five and three") {
  World world;
  world.say("alice", "!devbox key add " + laptop);
  world.say("bob", "!devbox up");
  CHECK(given(world) == Texts{"demo"});
  auto before = world.count("GET /v1/ssh_keys");
  world.say("alice", "!devbox up");
  CHECK(world.count("GET /v1/ssh_keys") == before);
  CHECK(given(world) == Texts{"demo", "devbox-alice-1"});
  world.restart();
  before = world.count("GET /v1/ssh_keys");
  world.say("carol", "!devbox up");
  CHECK(world.count("GET /v1/ssh_keys") <= before + 1);  // what is read at start
  CHECK(given(world) == Texts{"demo"});
}

TEST_CASE("the workspace's user is told the same keys, without their comments") {
  World world;
  world.say("alice", "!devbox key add " + laptop);
  world.say("bob", "!devbox key add " + desk);
  world.say("alice", "!devbox up");
  const std::string demo = find_key(world, "demo")["public_key"];
  const auto without_comment = [](const std::string& key) {
    return key.substr(0, key.find(' ', key.find(' ') + 1));
  };
  CHECK(authorized_keys(world) == without_comment(laptop) + "\n" + without_comment(demo) + "\n");
}

TEST_CASE("the keys of the configuration go with the owner's") {
  World world(configured([](bot::Config& config) { config.settings.ssh_keys = {"demo"}; }));
  world.say("alice", "!devbox key add " + laptop);
  world.say("alice", "!devbox up");
  CHECK(given(world) == Texts{"demo", "devbox-alice-1"});
}

TEST_CASE("without any key nothing is made, and the refusal names key add") {
  World world;
  world.until([&] { return world.count("GET /v1/firewalls") == 1; });
  delete_by_hand(world, "demo");
  world.restart();
  CHECK(world.say("alice", "!devbox up").at(0) ==
        "✗ alice is not up: There is no ssh key for this server, so nobody could log in. `key add` and your "
        "public key adds yours. Nothing was made.\n  No server was made.\n  !devbox up tries again.");
  world.say("alice", "!devbox key add " + laptop);
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(given(world) == Texts{"devbox-alice-1"});
}

TEST_CASE("a key that somebody deleted at Hetzner is there again with the next up") {
  World world;
  world.say("alice", "!devbox key add " + laptop);
  delete_by_hand(world, "devbox-alice-1");
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(given(world) == Texts{"demo", "devbox-alice-1"});
  CHECK(world.servers().size() == 1);
  CHECK(world.usable_keys() == 0);
  world.say("alice", "!devbox down");
  const auto creates = world.count("POST /v1/servers");
  world.say("alice", "!devbox up");
  CHECK(world.count("POST /v1/servers") > creates);
}

TEST_CASE("a project's key that was deleted since it was read does not stop an up for ever") {
  World world;
  world.sim("POST", "/v1/ssh_keys", {{"name", "team"}, {"public_key", desk}});
  world.restart();
  world.say("alice", "!devbox up");
  CHECK(given(world) == Texts{"demo", "team"});
  world.say("alice", "!devbox down");
  delete_by_hand(world, "team");
  CHECK(world.say("alice", "!devbox up").back().starts_with("✓ alice is up"));
  CHECK(given(world) == Texts{"demo"});
}

TEST_CASE("a key that the project knows already is used, and stays when it is removed") {
  World world;
  world.sim("POST", "/v1/ssh_keys", {{"name", "team"}, {"public_key", laptop}});
  CHECK(world.say("alice", "!devbox key add " + laptop) ==
        Texts{"✓ Key 1 is added: " + laptop_shown + accepted});
  CHECK(there(world) == Texts{"demo", "team"});
  CHECK(world.say("alice", "!devbox key remove 1") ==
        Texts{"✓ Key 1 is removed: " + laptop_shown + not_any_more +
              "\n  It stays in the Hetzner project, for it was there before."});
  CHECK(there(world) == Texts{"demo", "team"});
}

TEST_CASE("a key that two people have stays until both have removed it") {
  World world;
  world.say("alice", "!devbox key add " + laptop);
  world.say("bob", "!devbox key add " + laptop);
  CHECK(there(world) == Texts{"demo", "devbox-alice-1"});
  world.say("alice", "!devbox key remove 1");
  CHECK(there(world) == Texts{"demo", "devbox-alice-1"});
  world.say("bob", "!devbox up");
  CHECK(given(world) == Texts{"demo", "devbox-alice-1"});
  world.say("bob", "!devbox key remove 1");
  CHECK(there(world) == Texts{"demo"});
}

TEST_CASE("a name that something else has in the project does not stand in the way") {
  World world;
  world.until([&] { return world.count("GET /v1/firewalls") == 1; });
  world.sim("POST", "/v1/ssh_keys", {{"name", "devbox-alice-1"}, {"public_key", desk}});
  CHECK(world.say("alice", "!devbox key add " + laptop) ==
        Texts{"✓ Key 2 is added: " + laptop_shown + accepted});
  CHECK(there(world) == Texts{"demo", "devbox-alice-1", "devbox-alice-2"});
}

TEST_CASE("an upload that is refused leaves no key behind, and one that is cut goes on") {
  World world;
  world.sim("POST", "/_sim/faults",
            {{"method", "POST"}, {"path", "/v1/ssh_keys"}, {"status", 403}, {"code", "forbidden"}});
  CHECK(world.say("alice", "!devbox key add " + laptop) ==
        Texts{"✗ The key was not added: Hetzner's token may only read. An admin has to put in one that may "
              "write."});
  CHECK(world.say("alice", "!devbox key list")[0].starts_with("You have no ssh key here yet."));
  world.sim("DELETE", "/_sim/faults", nullptr);
  world.begin("alice", "!devbox key add " + laptop);
  world.restart();
  world.until_quiet();
  CHECK(world.heard("✓ Key 1 is added") == 1);
  CHECK(there(world) == Texts{"demo", "devbox-alice-1"});
}

TEST_CASE("a removal that Hetzner refuses says what is left there") {
  World world;
  world.say("alice", "!devbox key add " + laptop);
  world.sim("POST", "/_sim/faults",
            {{"method", "DELETE"}, {"path", "/v1/ssh_keys/*"}, {"status", 403}, {"code", "forbidden"}});
  CHECK(
      world.say("alice", "!devbox key remove 1") ==
      Texts{"✗ Key 1 is yours no more and on no server that is made from now on, but it could not be deleted "
            "in the Hetzner project: Hetzner's token may only read. An admin has to put in one that may "
            "write."});
  world.say("alice", "!devbox up");
  CHECK(given(world) == Texts{"demo"});
}

TEST_CASE("a private key is refused, and not kept") {
  World world;
  const auto said = world.say("alice", "!devbox key add\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz");
  CHECK(said ==
        Texts{"That is a private key, and it was not taken. Whoever reads this room has seen it: treat it as "
              "burnt, take it off everything that it opens, make another one (`ssh-keygen -t ed25519`) and "
              "paste the one line of its .pub file only."});
  CHECK(there(world) == Texts{"demo"});
  auto& kept =
      world.storage().database.prepare("SELECT count(*) FROM inbox WHERE text LIKE '%PRIVATE KEY-%'");
  kept.executeStep();
  CHECK(kept.getColumn(0).getInt() == 0);
  kept.reset();
}

TEST_CASE("what cannot be meant is refused with a sentence, and nothing changes") {
  World world;
  const std::pair<std::string, std::string> rows[] = {
      {"key add",
       "An ssh public key is missing: the one line of ~/.ssh/id_ed25519.pub or the like, as in key add "
       "ssh-ed25519 AAAA… alice@laptop. Nothing was done."},
      {"key add " + laptop.substr(0, 60),
       "That key is cut off or mistyped. Paste the whole line of the .pub file: type, key and comment. "
       "Nothing "
       "was done."},
      {"key burn", "`key` knows add SSH-PUBLIC-KEY, list and remove N. Nothing was done."},
      {"key remove", "`key remove` takes the number of one key; `key list` shows them. Nothing was done."},
      {"key remove 7", "You have no key with the number \"7\"; `key list` shows yours. Nothing was done."},
  };
  for (const auto& [line, answer] : rows) CHECK(world.say("alice", "!devbox " + line) == Texts{answer});
  CHECK(there(world) == Texts{"demo"});
  CHECK(world.storage().ssh_keys.all().empty());
}
