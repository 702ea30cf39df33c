#include "tests/catch.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

Setting hurried() {
  Setting setting;
  setting.configure = [](bot::Config& config) {
    config.settings.limits.stage_join = std::chrono::milliseconds(300);
    config.settings.limits.stage_editor = std::chrono::milliseconds(300);
  };
  return setting;
}

void check_nothing_runs(World& world) {
  CHECK(world.servers().empty());
  CHECK(world.devices().empty());
  CHECK(world.usable_keys() == 0);
  CHECK(world.volumes().size() == 1);
  CHECK(world.ips().size() == 1);
}

}  // namespace

TEST_CASE("a failed up says which stage, what was cleaned up and what stays at which price") {
  const auto [report, why, logs] = GENERATE(table<std::string, std::string, std::string>(
      {{"no_join", "the machine did not join the tailnet within 1 s. Its key is still good, so", ""},
       {"silent", "the machine joined the tailnet, but has said nothing within 1 s.", ""},
       {"join_fails", "the workspace says that its join failed: invalid key", "join"},
       {"failed", "the workspace says that its volume failed: the volume could not be mounted", "volume"}}));
  World world(hurried());
  world.sim("PUT", "/_sim/servers/default/behaviour", {{"report", report}});
  const auto said = world.say("alice", "!devbox up cpx32");
  INFO(said.back());
  const auto more = logs.empty() ? "" : "\n  !devbox logs " + logs + " shows what it said.";
  CHECK(said.back().starts_with("✗ alice is not up: " + why));
  CHECK(said.back().ends_with(
      std::string("\n  Its server (cpx32) was deleted and its tailnet key revoked; it cost €0.06."
                  "\n  What stays: 20 GB volume and IPv4 203.0.113.1, €1.64 a month.") +
      more + "\n  !devbox up tries again."));
  check_nothing_runs(world);
}

TEST_CASE("a server that went off or away while it booted is told to be so") {
  const auto [method, path, why] = GENERATE(table<std::string, std::string, std::string>(
      {{"PUT", "/_sim/servers/ID/power",
        " Its server is off: it went off, or was switched off, while it booted."},
       {"DELETE", "/v1/servers/ID", " Somebody deleted its server meanwhile."}}));
  World world(hurried());
  world.behave("silent");
  world.begin("alice", "!devbox up cpx32");
  world.until_step("join tailnet");
  auto there = path;
  there.replace(there.find("ID"), 2, world.servers()[0]["id"].dump());
  world.sim(method, there, {{"status", "off"}});
  world.until_quiet();
  CHECK(world.last().text.starts_with(
      "✗ alice is not up: the machine joined the tailnet, but has said nothing within 1 s." + why));
  check_nothing_runs(world);
}

TEST_CASE("a type that is sold out is told, and nothing was made") {
  World world(
      configured([](bot::Config& config) { config.settings.substitutes = commands::Substitutes::off; }));
  world.sim("PUT", "/_sim/stock",
            {{"type", "cpx32"}, {"location", "fsn1"}, {"available", true}, {"create", "412"}});
  const auto said = world.say("alice", "!devbox up cpx32");
  CHECK(said.back().starts_with(
      "✗ alice is not up: Hetzner has no room for this server type in this location now. "
      "Another type may do, or a later try.\n  No server was made."));
  check_nothing_runs(world);
  world.sim("PUT", "/_sim/stock", {{"type", "cpx32"}, {"location", "fsn1"}, {"create", "ok"}});
  CHECK(world.say("alice", "!devbox up cpx32").back().starts_with("✓ alice is up"));
}

TEST_CASE("a kept server stays for whoever wants to look, and down takes it") {
  World world(hurried());
  world.sim("PUT", "/_sim/servers/default/behaviour", {{"report", "silent"}});
  CHECK(world.say("alice", "!devbox up cpx32 --keep")
            .back()
            .ends_with("Its server is kept, as asked, and billed until `!devbox down`."));
  CHECK(world.servers().size() == 1);
  CHECK(world.usable_keys() == 0);
  CHECK(world.say("alice", "!devbox down --force").back().starts_with("✓ alice is down."));
  CHECK(world.servers().empty());
}

TEST_CASE("what cannot be ordered is refused before any money") {
  World world;
  CHECK(world.say("alice", "!devbox up cpx3")
            .back()
            .starts_with("✗ alice is not up: There is no server type \"cpx3\"; did you mean cpx32? Sold in "
                         "fsn1 now: cpx12 (€0.0184/h)"));
  CHECK(world.say("alice", "!devbox up cx23")
            .back()
            .starts_with("✗ alice is not up: cx23 is sold out in fsn1 now (€0.0088/h), and nothing that may "
                         "take its place can be ordered there now. At least as big: cpx22 (€0.0312/h)"));
  CHECK(world.say("alice", "!devbox up image=nothing")
            .back()
            .starts_with("✗ alice is not up: No snapshot of the project is labelled os-flavor=nothing."));
  CHECK(
      world.say("alice", "!devbox up location=mars")
          .back()
          .starts_with("✗ alice is not up: Hetzner has no location \"mars\". There are: fsn1, nbg1, hel1, "));
  CHECK(world.say("alice", "!devbox up cpx32 cpx22")[0] ==
        "`up` takes one type, not both \"cpx32\" and \"cpx22\". Nothing was done.");
  CHECK(world.say("alice", "!devbox up cpx32 My.Box")[0] ==
        "\"my.box\" cannot be a workspace's name: lower-case letters, digits and hyphens, at most 40, not "
        "ending in "
        "a hyphen and digits. \"my-box\" could.");
  CHECK(world.count("POST /v1/volumes") + world.count("POST /v1/servers") +
            world.count("POST /v1/primary_ips") ==
        0);
}

TEST_CASE("a workspace stays where its volume is") {
  World world;
  world.say("alice", "!devbox up cpx32");
  world.say("alice", "!devbox down");
  CHECK(world.say("alice", "!devbox up cpx32 location=nbg1")
            .back()
            .starts_with("✗ alice is not up: alice's volume and address are in fsn1 and cannot leave it."));
}

TEST_CASE("a token that is wrong or may only read is said to be so") {
  const auto [token, why] = GENERATE(table<std::string, std::string>(
      {{"wrong", "Hetzner refuses the token. An admin has to put in a valid one."},
       {"read-only", "Hetzner's token may only read. An admin has to put in one that may write."}}));
  Setting setting;
  setting.configure = [token = token](bot::Config& config) { config.hetzner_token = token; };
  World world(setting);
  CHECK(world.say("alice", "!devbox up cpx32").back() ==
        "✗ alice is not up: " + why + "\n  No server was made.\n  !devbox up tries again.");
}

TEST_CASE("what nobody knows is answered, and nothing of it is done") {
  World world;
  CHECK(world.say("alice", "!devbox stauts")[0] ==
        "There is no command \"stauts\". Did you mean `status`? !devbox help lists them. Nothing was done.");
  CHECK(world.say("alice", "!devbox up colour=red")[0] ==
        "`up` does not know \"colour\". It is written: up [type] [name] [image=F] [location=L] [for 3h|until "
        "18:00] [for @user] [--plan] [--keep] [--new]. "
        "Nothing was done.");
  CHECK(world.say("alice", "!devbox up --now")[0].starts_with("`up` does not know --now."));
  CHECK(world.say("alice", "!devbox up \"x")[0].starts_with("A quote is opened and never closed"));
  CHECK(world.servers().empty());
  CHECK(world.say("alice", "good morning").empty());
}

TEST_CASE("whoever is on no list may do nothing") {
  Setting setting;
  setting.configure = [](bot::Config& config) { config.settings.policy.members = {"console:alice"}; };
  World world(setting);
  CHECK(world.say("mallory", "!devbox up cpx32")[0] ==
        "You are not among the people this bot works for. An admin can add console:mallory to members in its "
        "configuration, or say `role`. Nothing was done.");
  CHECK(world.servers().empty());
}
