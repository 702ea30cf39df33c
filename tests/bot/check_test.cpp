#include <algorithm>

#include "net/server.hpp"
#include "tests/bot/checked.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string new_token =
    "     Make an API token with read and write permission in the project's console (Security, API tokens) "
    "and "
    "put it into the file that [hetzner] token_file names.\n";

}  // namespace

TEST_CASE("a project that has everything is shown line by line") {
  Checked checked;
  auto findings = checked.of_cloud();
  // Ids are the simulator's own.
  auto& image = findings.back().text;
  const std::string before_id = "image ubuntu-dev: snapshot ";
  REQUIRE(image.starts_with(before_id));
  image = before_id + "N" + image.substr(image.find_first_not_of("0123456789", before_id.size()));
  CHECK(text_of(findings) ==
        "ok   Hetzner Cloud at " + checked.hetzner +
            "/v1 answers and takes the token\n"
            "ok   clock: agrees with Hetzner's\n"
            "ok   rate limit: 3599 of 3600 requests an hour are left\n"
            "ok   token: seems able to write (an empty ssh key was refused as invalid, not as forbidden)\n"
            "ok   location fsn1: Falkenstein, DE\n"
            "ok   server type cpx32: can be ordered in fsn1; x86, 160 GB disk\n"
            "ok   ssh keys: 1 of the project, on every server\n"
            "ok   firewalls: none\n"
            "ok   snapshots os-flavor=debian-dev: 1, the newest 5 days old, x86, devbox-contract=1\n"
            "ok   snapshots os-flavor=manjaro-dev: 1, the newest 12 days old, x86, devbox-contract=1\n"
            "ok   snapshots os-flavor=ubuntu-dev: 2, the newest 2 days old, x86, devbox-contract=1\n"
            "ok   image ubuntu-dev: snapshot N fits cpx32, 2 days old\n");
}

TEST_CASE("the check changes nothing at Hetzner") {
  Checked checked;
  checked.of_cloud();
  const auto requests = checked.ask(checked.hetzner, "GET", "/_sim/requests");
  for (const auto& request : requests)
    CHECK((request["method"] == "GET" || (request["path"] == "/v1/ssh_keys" && request["status"] == 422)));
}

TEST_CASE("a wrong token is told from one that may only read") {
  Checked checked;
  checked.config.hetzner_token = "nobody's";
  const auto refused = checked.of_cloud();
  CHECK(trouble_in(refused) ==
        "FAIL Hetzner Cloud at " + checked.hetzner + "/v1 refuses the token\n" + new_token);
  CHECK(has_failed(refused));
  CHECK(refused.size() == 3);
  checked.config.hetzner_token = "reader";
  const auto read_only = checked.of_cloud();
  CHECK(trouble_in(read_only) == "FAIL token: may read only\n" + new_token);
  CHECK(read_only.size() == 12);
}

TEST_CASE("an endpoint that is down, is none, fails or speaks of something else has a line of its own") {
  Checked checked;
  const auto there = "FAIL Hetzner Cloud at " + checked.hetzner + "/v1";
  SECTION("it is out of order") {
    checked.ask(checked.hetzner, "POST", "/_sim/faults", {{"path", "/v1/locations"}, {"status", 503}});
    CHECK(text_of(checked.of_cloud()) ==
          there +
              " answers with HTTP status 503\n"
              "     It is out of order. See https://status.hetzner.com and try again later.\n");
  }
  SECTION("it hangs up") {
    checked.ask(checked.hetzner, "POST", "/_sim/faults", {{"path", "/v1/locations"}, {"cut", "before"}});
    const auto authority = net::parse_endpoint(checked.hetzner).authority();
    CHECK(text_of(checked.of_cloud()) == there + ": no answer from " + authority +
                                             ": the connection was closed before the end of the answer\n"
                                             "     Nothing usable answers at " +
                                             authority + ". Check the URL, the network and the firewall.\n");
  }
  SECTION("nobody listens") {
    // Port 1 is nobody's on a machine that runs tests.
    checked.config.hetzner_endpoint = "http://127.0.0.1:1/v1";
    CHECK(text_of(checked.of_cloud()) ==
          "FAIL Hetzner Cloud at http://127.0.0.1:1/v1: cannot reach 127.0.0.1:1: Connection refused\n"
          "     Nothing usable answers at 127.0.0.1:1. Check the URL, the network and the firewall.\n");
  }
  SECTION("it speaks no TLS") {
    checked.config.hetzner_endpoint = "https" + checked.hetzner.substr(4) + "/v1";
    const auto findings = checked.of_cloud();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].level == Level::fail);
    CHECK(findings[0].next ==
          "It speaks no TLS that can be trusted: check the URL, the clock, and [bot] ca_file for a private "
          "CA.");
  }
  SECTION("its path leads nowhere") {
    checked.config.hetzner_endpoint = checked.hetzner;
    CHECK(text_of(checked.of_cloud()) ==
          "FAIL Hetzner Cloud at " + checked.hetzner +
              " answers with HTTP status 404 (not_found)\n"
              "     Check [hetzner] endpoint, normally https://api.hetzner.cloud/v1, and the token.\n");
  }
}

TEST_CASE("what is not the API is not taken for it") {
  Checked checked;
  const auto body = GENERATE(as<std::string>(), "<html>Welcome</html>", "", "[]", R"({"locations":[]})",
                             R"({"locations":[{"name":1}]})", R"({"locations":{"name":"fsn1"}})");
  const auto welcome = [&](const net::HttpRequest&) -> net::awaitable<net::HttpResponse> {
    net::HttpResponse response;
    response.body = body;
    co_return response;
  };
  const net::Server elsewhere(checked.loop.io.get_executor(), "127.0.0.1:0", welcome);
  checked.config.hetzner_endpoint = url(elsewhere.port()) + "/v1";
  CHECK(text_of(checked.of_cloud()) == "FAIL Hetzner Cloud at " + checked.config.hetzner_endpoint +
                                           " answers with something else than the API\n"
                                           "     Check [hetzner] endpoint, normally "
                                           "https://api.hetzner.cloud/v1, and any proxy on the way.\n");
}

TEST_CASE("garbage later on is a failure of that line alone") {
  Checked checked;
  checked.ask(checked.hetzner, "POST", "/_sim/faults", {{"path", "/v1/firewalls"}, {"status", 502}});
  const auto findings = checked.of_cloud();
  CHECK(std::count_if(findings.begin(), findings.end(), [](const auto& one) {
          return one.level == Level::fail && one.text.starts_with("firewalls: Hetzner Cloud gives no answer");
        }) == 1);
  CHECK(findings.size() == 12);
}

TEST_CASE("a clock that is wrong is a warning, and a failure when tokens no longer fit") {
  const std::string next =
      "     Switch time synchronisation on: timedatectl set-ntp true. Tokens and keys live by it.\n";
  CHECK(trouble_in(Checked(5s).of_cloud()).empty());
  CHECK(trouble_in(Checked(2min).of_cloud()) == "warn clock: 2 min ahead of Hetzner's\n" + next);
  CHECK(trouble_in(Checked(-10min).of_cloud()) == "FAIL clock: 10 min behind Hetzner's\n" + next);
}

TEST_CASE("what the configuration names and the project lacks is named, with what there is") {
  Checked checked;
  checked.config.settings.location = "mars";
  CHECK(trouble_in(checked.of_cloud()) ==
        "FAIL location mars: there is none of this name\n"
        "     Set [hetzner] location to one of: fsn1, nbg1, hel1, ash, hil, sin\n"
        "FAIL server type cpx32: cannot be ordered in mars now\n"
        "     Set [workspace] type to one that mars has now: none\n");
  checked.config.settings.location = "ash";
  checked.config.settings.ssh_keys = {"demo", "gone", "lost"};
  checked.config.settings.firewalls = {"wall"};
  CHECK(trouble_in(checked.of_cloud()) ==
        "FAIL server type cpx32: cannot be ordered in ash now\n"
        "     Set [workspace] type to one that ash has now: cpx11, cpx21, cpx31, cpx41, cpx51, ccx13, ccx23, "
        "ccx33, ccx43, ccx53, ccx63\n"
        "FAIL ssh key \"gone\": is not in the project\n"
        "     Add it in the project's console (Security, SSH keys), or take it out of [hetzner] ssh_keys.\n"
        "FAIL ssh key \"lost\": is not in the project\n"
        "     Add it in the project's console (Security, SSH keys), or take it out of [hetzner] ssh_keys.\n"
        "FAIL firewall \"wall\": is not in the project\n"
        "     Add it in the project's console (Firewalls), or take it out of [hetzner] firewalls.\n");
}

TEST_CASE("a project without ssh keys leaves it to the people") {
  Checked checked;
  checked.config.hetzner_token = "second";
  CHECK(trouble_in(checked.of_cloud()) ==
        "warn ssh keys: the project has none for all, so each person needs one of their own\n"
        "     Add one in the project's console (Security, SSH keys), or let people add theirs: !devbox key "
        "add\n");
}

TEST_CASE("a flavour without a snapshot, or with none that fits, is a failure") {
  Checked checked;
  checked.config.settings.type = "cax21";
  checked.ask(checked.hetzner, "PUT", "/_sim/stock",
              {{"type", "cax21"}, {"location", "fsn1"}, {"available", true}});
  CHECK(trouble_in(checked.of_cloud()) ==
        "FAIL image ubuntu-dev: no snapshot fits cax21 (arm, 80 GB disk); the newest is for x86 and needs 40 "
        "GB\n"
        "     Build one that does, or choose another [workspace] type or image.\n");
  checked.config.settings.type = "cpx32";
  checked.remove_snapshots("ubuntu-dev");
  CHECK(trouble_in(checked.of_cloud()) ==
        "FAIL image ubuntu-dev: no available snapshot is labelled os-flavor=ubuntu-dev\n"
        "     Build one, or set [workspace] image to a flavour that is there: debian-dev, manjaro-dev\n");
}

TEST_CASE("a snapshot without the contract is a warning") {
  Checked checked;
  const auto images =
      checked.ask(checked.hetzner, "GET", "/v1/images?type=snapshot&label_selector=os-flavor%3Ddebian-dev");
  checked.ask(checked.hetzner, "PUT", "/v1/images/" + images["images"][0]["id"].dump(),
              {{"labels", {{"os-flavor", "debian-dev"}}}});
  CHECK(trouble_in(checked.of_cloud()) ==
        "warn snapshots os-flavor=debian-dev: 1, the newest 5 days old, x86, not devbox-contract=1\n"
        "     It may not know how to start a workspace. If it does, label it devbox-contract=1.\n");
}
