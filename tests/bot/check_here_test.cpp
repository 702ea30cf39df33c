#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "bot/control.hpp"
#include "net/server.hpp"
#include "net/spawn.hpp"
#include "storage/database.hpp"
#include "storage/opening.hpp"
#include "tests/bot/checked.hpp"
#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using nlohmann::json;

namespace {

constexpr auto mend = "     Mend it, and run the check again: ";

json keys_made(Checked& checked) { return checked.ask(checked.tailnet, "GET", "/_sim/keys"); }

Config with_database(const std::string& file) {
  Config config;
  config.database = file;
  return config;
}

/// Without the figure that no test can know.
std::string without_space(std::string text) {
  const auto begin = text.find(" writable, ");
  const auto end = text.find(" free");
  return begin == std::string::npos ? text : text.erase(begin + 10, end + 5 - begin - 10);
}

}  // namespace

TEST_CASE("what the configuration says in vain is a warning") {
  Config config;
  config.remarks = {"[policy] budget has no effect yet"};
  CHECK(text_of(check_configuration(config, "/etc/devbox/devbox.toml")) ==
        "ok   configuration: /etc/devbox/devbox.toml\n"
        "warn configuration: [policy] budget has no effect yet\n"
        "     Take it out of /etc/devbox/devbox.toml, or leave it for later.\n");
}

TEST_CASE("others' words stay on one line and speak to no terminal") {
  CHECK(shown(broken("a\nb\x1b[2J", "c\nd")) == "FAIL a b[2J\n     c d");
}

TEST_CASE("a state directory that is new, used or gone is told apart") {
  const TempDir dir;
  const auto file = dir.file("devbox.db");
  const auto known = std::to_string(storage::known_version());
  const auto state = "ok   state: " + dir.path().string() + " is writable,\n";
  CHECK(without_space(text_of(check_state(with_database(file)).findings)) ==
        state + "ok   database: " + file + " will be made by the first start\n");
  CHECK_FALSE(std::filesystem::exists(file));
  { const storage::Database made(file); }
  CHECK(without_space(text_of(check_state(with_database(file)).findings)) ==
        state + "ok   database: " + file + " is whole, schema " + known + "; no process runs on it\n");
  const auto nowhere = dir.file("nowhere");
  CHECK(text_of(check_state(with_database(nowhere + "/devbox.db")).findings) ==
        "FAIL state: cannot write to " + nowhere + ": No such file or directory\n" +
            "     Make the directory for the user that devboxd runs as, or set [bot] database.\n");
}

TEST_CASE("a directory that nobody may write to is found out by trying, also by root") {
  const auto findings = check_state(with_database("/proc/devbox.db")).findings;
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].level == Level::fail);
  CHECK(findings[0].text.starts_with("state: cannot write to /proc: "));
}

TEST_CASE("a file that is no database of ours, and one of a newer program, is a failure") {
  const TempDir dir;
  const auto file = dir.file("devbox.db");
  std::ofstream(file) << std::string(200, 'x');
  const auto foreign = check_state(with_database(file)).findings;
  CHECK(foreign.back().level == Level::fail);
  CHECK(foreign.back().text.starts_with("database: cannot use " + file + " as the database: "));
  std::filesystem::remove(file);
  {
    storage::Database made(file);
    made.handle().exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  CHECK(check_state(with_database(file)).findings.back().text ==
        "database: " + file + " was written by a newer devbox (its schema is 99, this program knows " +
            std::to_string(storage::known_version()) + "): install that version or restore a backup");
}

TEST_CASE("a database of an older schema is not touched") {
  const TempDir dir;
  const auto file = dir.file("devbox.db");
  {
    storage::Database made(file);
    made.handle().exec("PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const auto known = std::to_string(storage::known_version());
  for (int repeated = 0; repeated < 2; ++repeated)
    CHECK(shown(check_state(with_database(file)).findings.back()) ==
          "warn database: " + file + " has schema 1, and this program's next start brings it to " + known +
              "\n     Keep a copy for the way back: devboxd backup FILE, with the program that wrote it.");
}

TEST_CASE("a database that a process holds is left to it, whether or not it can be asked") {
  const TempDir dir;
  const auto file = dir.file("devbox.db");
  const Environment runtime("RUNTIME_DIRECTORY", dir.path().c_str());
  const storage::Database held(file);
  const auto found = check_state(with_database(file));
  CHECK(found.is_running);
  CHECK(shown(found.findings.back()) ==
        "warn database: " + file + " is held by a process that cannot be asked. The process at " +
            dir.file("control") + " does not answer: No such file or directory.\n" +
            "     Set RUNTIME_DIRECTORY to where its control socket stands, and be the user it runs as, or "
            "root.");
}

TEST_CASE("a tailnet that has everything makes a key and revokes it") {
  Checked checked;
  CHECK(text_of(checked.of_tailnet()) == "ok   tailnet: " + checked.tailnet +
                                             " takes the OAuth client; devices with tag:devbox: 0\n"
                                             "ok   tailnet key: one with tag:devbox was made and revoked; "
                                             "whoever the tailnet's policy lets reach "
                                             "tag:devbox reaches every editor\n"
                                             "ok   login server: " +
                                             checked.tailnet + " answers\n");
  const auto keys = keys_made(checked);
  REQUIRE(keys.size() == 1);
  CHECK(keys[0]["revoked"] == true);
}

TEST_CASE("a wrong OAuth secret is told, and no key is asked for") {
  Checked checked;
  checked.config.oauth_client_secret = "wrong";
  CHECK(trouble_in(checked.of_tailnet()) ==
        "FAIL tailnet: Tailscale refused to give an access token: API token invalid\n" + std::string(mend) +
            "check the OAuth client's id and secret.\n");
  CHECK(keys_made(checked).empty());
}

TEST_CASE("a tag that the client does not own is told") {
  Checked checked;
  checked.config.settings.tag = "tag:other";
  CHECK(trouble_in(checked.of_tailnet()) ==
        "FAIL tailnet: Tailscale refused to make an auth key: requested tags [tag:other] are invalid or not "
        "permitted\n" +
            std::string(mend) +
            "the tag must stand in the policy's tagOwners and belong to the OAuth client.\n");
}

TEST_CASE("a key is revoked also when the answer with its name was lost") {
  Checked checked;
  checked.ask(checked.tailnet, "POST", "/_sim/faults",
              {{"method", "POST"}, {"path", "/api/v2/tailnet/-/keys"}, {"cut", "after"}});
  const auto findings = checked.of_tailnet();
  CHECK(has_failed(findings));
  const auto keys = keys_made(checked);
  REQUIRE(keys.size() == 1);
  CHECK(keys[0]["revoked"] == true);
}

TEST_CASE("a revocation that fails names the key and says that it ends by itself") {
  Checked checked;
  checked.ask(checked.tailnet, "POST", "/_sim/faults",
              {{"method", "DELETE"}, {"path", "/api/v2/tailnet/-/keys/*"}, {"status", 500}});
  const auto trouble = trouble_in(checked.of_tailnet());
  const std::string description = keys_made(checked)[0]["description"];
  CHECK(trouble.starts_with("warn tailnet key: Tailscale failed to revoke the auth key "));
  CHECK(
      trouble.ends_with("     Revoke \"" + description + "\" in the admin console; it ends in a minute.\n"));
}

TEST_CASE("a tailnet and a login server that nobody answers for are failures") {
  Checked checked;
  checked.config.tailnet_api = "http://127.0.0.1:1";
  checked.config.settings.login_server = "http://127.0.0.1:1";
  const std::string next =
      "     Nothing usable answers at 127.0.0.1:1. Check the URL, the network and the firewall.\n";
  CHECK(
      text_of(checked.of_tailnet()) ==
      "FAIL tailnet: Tailscale cannot be asked to give an access token: cannot reach 127.0.0.1:1: Connection "
      "refused\n" +
          next + "FAIL login server: cannot reach 127.0.0.1:1: Connection refused\n" + next);
}

TEST_CASE("reports are heard where nobody else listens") {
  Checked checked;
  CHECK(text_of(checked.of_reports(false)) ==
        "ok   reports: can listen on 127.0.0.1:0\n"
        "ok   reports: workspaces on this machine reach them\n");
  checked.config.listen = checked.hetzner.substr(std::string("http://").size());
  const auto findings = checked.of_reports(false);
  CHECK(findings[0].level == Level::fail);
  CHECK(findings[0].text.find(checked.config.listen) != std::string::npos);
  CHECK(checked.of_reports(true).size() == 1);
}

TEST_CASE("workspaces at Hetzner need an address that leads to a fixed port") {
  Checked checked;
  checked.config.hetzner_endpoint = "https://api.hetzner.cloud/v1";
  CHECK(
      trouble_in(checked.of_reports(false)) ==
      "FAIL reports: workspaces elsewhere cannot reach them, and an `up` would wait in vain\n"
      "     Set [http] public_url to where the tailnet reaches this machine, and [http] listen to a port.\n");
  checked.config.settings.public_url = "https://devbox.tail1234.ts.net";
  CHECK(
      trouble_in(checked.of_reports(false)) ==
      "warn reports: https://devbox.tail1234.ts.net cannot lead to a port that is another one at each start\n"
      "     Set [http] listen to a fixed port, like \"127.0.0.1:8123\".\n");
}

TEST_CASE("with a running process the address is asked for it") {
  Checked checked;
  checked.config.listen = "127.0.0.1:8123";
  const auto yes = [](const net::HttpRequest&) -> net::awaitable<net::HttpResponse> {
    co_return net::HttpResponse();
  };
  const net::Server server(checked.loop.io.get_executor(), "127.0.0.1:0", yes);
  checked.config.hetzner_endpoint = "https://api.hetzner.cloud/v1";
  // A name that is not loopback's by its looks, and leads here all the same.
  const auto url = "http://127.1:" + std::to_string(server.port());
  checked.config.settings.public_url = url;
  const auto findings = checked.of_reports(true);
  CHECK(text_of(findings) == "ok   reports: workspaces are told " + url + "\nok   reports: " + url +
                                 " leads to the running process\n");
}

TEST_CASE("a running process that is not well says why") {
  Checked checked;
  checked.config.listen = "127.0.0.1:8123";
  const auto unwell = [](const net::HttpRequest&) -> net::awaitable<net::HttpResponse> {
    net::HttpResponse response;
    response.status = 503;
    response.body = R"({"status":"unhealthy","why":["matrix: the last sync is 75 s old"]})";
    co_return response;
  };
  const net::Server server(checked.loop.io.get_executor(), "127.0.0.1:0", unwell);
  checked.config.settings.public_url = "http://127.1:" + std::to_string(server.port());
  CHECK(trouble_in(checked.of_reports(true)) ==
        "warn reports: " + checked.config.settings.public_url +
            " leads to the running process, which is unhealthy: matrix: the last sync is 75 s old\n"
            "     Its log says more: journalctl -u devboxd\n");
}
