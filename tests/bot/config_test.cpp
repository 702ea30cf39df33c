#include "bot/config.hpp"

#include "tests/bot/written_config.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;
using namespace std::chrono_literals;

TEST_CASE("what is not written keeps its default, what is written is taken") {
  const WrittenConfig written;
  const Environment state("STATE_DIRECTORY", nullptr);
  const auto config = written.read(written.complete(
      "[bot]\nmoney = \"gross\"\nlog = \"warn\"\n[workspace]\nvolume_gb = 50\nkeep_dirs = []\n"
      "[policy]\nadmins = [\"console:*\"]\n[limits]\npoll_actions = \"20ms\"\nstage_boot = \"1h30m\"\n"));
  CHECK(config.hetzner_token == "token-of-hetzner");
  CHECK(config.oauth_client_secret == "secret-of-oauth");
  CHECK(config.database == "var/devbox.db");
  CHECK(config.log == "warn");
  CHECK(config.settings.gross);
  CHECK(config.settings.volume_gb == 50);
  CHECK(config.settings.keep_dirs.empty());
  CHECK(config.settings.policy.admins == std::vector<std::string>{"console:*"});
  CHECK(config.settings.limits.poll_actions == 20ms);
  CHECK(config.settings.limits.stage_boot == 90min);
  CHECK(config.settings.limits.retry == commands::Limits().retry);
}

TEST_CASE("an unknown key or section is refused, and the nearest named") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& text) { return written.refusal(text); };
  CHECK(refusal("[bot]\nnmae = \"x\"\n") == "line 2: [bot] nmae is not known. Did you mean \"name\"?");
  CHECK(refusal("[bot]\nname = \"x\"\n\ncolour = 1\n") == "line 4: [bot] colour is not known");
  CHECK(refusal("[hetzner]\ntoken = \"x\"\n") == "line 2: [hetzner] token is not known");
  CHECK(refusal("[tailnets]\n") == "line 1: [tailnets] is not known. Did you mean \"tailnet\"?");
  CHECK(refusal("bot = 1\n") == "line 1: [bot] must be a section, not a value");
  CHECK(refusal("[[bot]]\n") == "line 1: [bot] must be a section, not a value");
}

TEST_CASE("a value of another type or outside its range is refused with what it must be") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& text) { return written.refusal(text); };
  CHECK(refusal("[bot]\nname = 3\n") == "line 2: [bot] name: must be a text in quotes");
  CHECK(refusal("[hetzner]\nlocation = \"\"\n") ==
        "line 2: [hetzner] location: must be a text in quotes that is not empty");
  CHECK(refusal("[bot]\nprefix = \"dev box\"\n") ==
        "line 2: [bot] prefix: must be a word without spaces, like \"!devbox\"");
  CHECK(refusal("[workspace]\nkeep_dirs = [\"docker\"]\n") ==
        "line 2: [workspace] keep_dirs: must be a list of absolute paths like \"/var/lib/docker\"");
  CHECK(refusal("[policy]\nmembers = [\"bob\"]\n") ==
        "line 2: [policy] members: must be people like \"console:NAME\", \"matrix:@a:hs\" or \"slack:T1/*\", "
        "and "
        "\"bob\" is none");
  CHECK(refusal("[bot]\nname = \"my bot\"\n").find("label at Hetzner") != std::string::npos);
  CHECK(refusal("[bot]\nname = \"" + std::string(64, 'x') + "\"\n").find("at most 63") != std::string::npos);
  CHECK(refusal("[bot]\ntimezone = \"Riga\"\n") ==
        "line 2: [bot] timezone: must be a time zone like \"Europe/Riga\" or \"UTC\"");
  CHECK(refusal("[bot]\nmoney = \"euro\"\n") == "line 2: [bot] money: must be \"net\" or \"gross\"");
  CHECK(refusal("[hetzner]\nsubstitutes = \"none\"\n") ==
        "line 2: [hetzner] substitutes: must be \"same\" or \"any\" or \"off\"");
  CHECK(refusal("[tailnet]\nserve = \"ftp\"\n") ==
        "line 2: [tailnet] serve: must be \"auto\" or \"https\" or \"http\"");
  CHECK(refusal("[tailnet]\nkind = \"zerotier\"\n") ==
        "line 2: [tailnet] kind: must be \"tailscale\" or \"headscale\"");
  CHECK(refusal("[tailnet]\nssh = \"yes\"\n") == "line 2: [tailnet] ssh: must be true or false");
  CHECK(refusal("[tailnet]\ntag = \"tag:{owner}\"\n") ==
        "line 2: [tailnet] tag: must be a tag of the tailnet, like \"tag:devbox\", or "
        "\"tag:devbox-of-{owner}\" "
        "with "
        "a beginning of its own");
  CHECK(refusal("[tailnet]\ntag = \"tag:devbox-{person}\"\n").find("a tag of the tailnet") !=
        std::string::npos);
  CHECK(refusal("[tailnet]\ntag = \"devbox\"\n").find("a tag of the tailnet") != std::string::npos);
  CHECK(refusal("[workspace]\nuser = \"root\"\n").find("other than root") != std::string::npos);
  CHECK(refusal("[workspace]\nvolume_gb = 9\n") ==
        "line 2: [workspace] volume_gb: must be a number from 10 to 10240");
  CHECK(refusal("[workspace]\nvolume_gb = 20.5\n").find("must be a number") != std::string::npos);
  CHECK(refusal("[policy]\nadmins = \"console:a\"\n").find("must be a list of texts") != std::string::npos);
  CHECK(refusal("[policy]\nadmins = [\"console:a\", 3]\n").find("must be a list of texts") !=
        std::string::npos);
}

TEST_CASE("what is kept on the volume is a directory that can be mounted there") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& path) {
    return written.refusal(written.complete("[workspace]\nkeep_dirs = [\"/srv/a\", \"" + path + "\"]\n"));
  };
  for (const std::string fine :
       {"/var/lib/docker", "/opt", "/srv/it's $(here)", "/homes", "/var/lib/a.b/..c"})
    CHECK(refusal(fine).empty());
  for (const std::string crooked : {"docker", "/", "", "/srv/", "/srv//a", "/srv/../a", "/srv/./a", "/srv/..",
                                    "/a:b", "/a\\nb", "/a\\tb", "/a\\u0085b"})
    CHECK(refusal(crooked).find("keep_dirs: must be ") != std::string::npos);
  for (const std::string home : {"/home", "/home/dev", "/home/dev/src"})
    CHECK(refusal(home).find("outside of /home, which is on the volume already") != std::string::npos);
  for (const std::string system : {"/etc", "/usr", "/var", "/proc/1", "/run", "/dev/shm"})
    CHECK(refusal(system).find("\"" + system + "\" belongs to the system") != std::string::npos);
  CHECK(refusal("/" + std::string(200, 'x')).find("absolute paths") != std::string::npos);
}

TEST_CASE("jobs are names of processes") {
  const WrittenConfig written;
  const auto jobs = [&](const std::string& list) {
    return written.complete("[policy]\njobs = " + list + "\n");
  };
  CHECK(written.read(jobs("[\"g++\", \"docker-buildx\"]")).settings.policy.jobs ==
        std::vector<std::string>{"g++", "docker-buildx"});
  CHECK(written.read(jobs("[]")).settings.policy.jobs.empty());
  for (const std::string other : {"docker build", "$(reboot)", "a'b", "sixteen-letters-", "a/b"})
    CHECK(written.refusal(jobs("[\"" + other + "\"]")).find("names of processes like \"make\"") !=
          std::string::npos);
}

TEST_CASE("a limit is a duration, down to milliseconds, and the rest of the durations is for people") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& text) { return written.refusal(text); };
  const auto limit = [&](const std::string& value) {
    return refusal(written.complete("[limits]\nretry = " + value + "\n"));
  };
  CHECK(limit("\"20ms\"").empty());
  CHECK(limit("\"90s\"").empty());
  CHECK(limit("\"0ms\"").find("a duration like \"20ms\"") != std::string::npos);
  CHECK(limit("\"ms\"").find("a duration like \"20ms\"") != std::string::npos);
  CHECK(limit("\"-5ms\"").find("a duration like \"20ms\"") != std::string::npos);
  CHECK(limit("\"99999999999ms\"").find("a duration like \"20ms\"") != std::string::npos);
  CHECK(limit("\"soon\"").find("a duration like \"15m\"") != std::string::npos);
  CHECK(limit("\"0s\"").find("is no time at all") != std::string::npos);
  CHECK(limit("15").find("must be a text in quotes") != std::string::npos);
  CHECK(refusal(written.complete("[policy]\ngrace = \"20ms\"\n")).find("a duration like \"15m\"") !=
        std::string::npos);
}

TEST_CASE("the times of idleness are durations that fit together") {
  const WrittenConfig written;
  const auto policy = [&](const std::string& lines) { return written.complete("[policy]\n" + lines); };
  const auto idle =
      written
          .read(policy("idle_remind = \"20m\"\nidle_stop = \"2h\"\ngrace = \"5m\"\nhard_cap = \"2d\"\n"
                       "quiet = \"22-7\"\n"))
          .settings.policy.idle;
  CHECK(idle.remind == 20min);
  CHECK(idle.stop == 2h);
  CHECK(idle.grace == 5min);
  CHECK(idle.hard_cap == 48h);
  CHECK(idle.quiet == "22-7");
  const std::pair<const char*, const char*> rows[] = {
      {"quiet = \"\"\n", ""},
      {"grace = \"30m\"\nhard_cap = \"31d\"\n", ""},
      {"idle_stop = \"60m\"\nhard_cap = \"1h\"\n", ""},
      {"idle_remind = \"60m\"\n",
       "line 7: [policy] idle_remind: 1h must be shorter than idle_stop, which is 1h"},
      {"idle_stop = \"20m\"\n", "[policy] idle_remind: 30m must be shorter than idle_stop, which is 20m"},
      {"idle_stop = \"25h\"\n",
       "line 7: [policy] idle_stop: 25h must not be longer than hard_cap, which is 1d"},
      {"grace = \"31m\"\n",
       "line 7: [policy] grace: 31m must be at most 30m, the time to answer before a stop"},
      {"hard_cap = \"59m\"\n", "line 7: [policy] hard_cap: 59m must be from 1h to 31d"},
      {"hard_cap = \"32d\"\n", "line 7: [policy] hard_cap: 32d must be from 1h to 31d"},
      {"trash = \"23h\"\n", "line 7: [policy] trash: 23h must be from 1d to 90d"},
      {"trash = \"91d\"\n", "line 7: [policy] trash: 91d must be from 1d to 90d"},
      {"trash = \"1d\"\n", ""},
      {"hard_cap = 24\n", "line 7: [policy] hard_cap: must be a text in quotes"},
      {"quiet = \"9-9\"\n",
       "line 7: [policy] quiet: \"9-9\" is no time at all; hours are written like 9-18, 8:30-17:00, 22-7 or "
       "0-24."},
      {"quiet = \"off\"\n",
       "line 7: [policy] quiet: \"off\" is no time of day; hours are written like 9-18, 8:30-17:00, 22-7 or "
       "0-24."},
  };
  for (const auto& [lines, why] : rows) CHECK(written.refusal(policy(lines)) == why);
}

TEST_CASE("what cannot be read as TOML is refused with its line") {
  const WrittenConfig written;
  CHECK(written.refusal("[bot]\nname = \n").starts_with("line 2: "));
  CHECK(written.refusal("[bot]\nname = \"a\"\nname = \"b\"\n").starts_with("line 3: "));
  CHECK(written.refusal("\xff\xfe").starts_with("line 1: "));
  CHECK(written.refusal("\n#" + std::string(4096, 'x')) == "line 2: is longer than 4096 bytes");
}

TEST_CASE("a configuration that is not there is refused") {
  const WrittenConfig written;
  const auto missing = written.path("nothing.toml");
  CHECK_THROWS_WITH(read_config(missing), missing + ": cannot be read");
  CHECK_THROWS_WITH(read_config(written.path("")), written.path("") + ": cannot be read");
}

TEST_CASE("what is required is missed by name") {
  const WrittenConfig written;
  CHECK(written.refusal("") == "[hetzner] token_file: is missing: the file with the project's API token");
  CHECK(written.refusal("[hetzner]\ntoken_file = \"" + written.path("hetzner-token") + "\"\n") ==
        "[tailnet] oauth_client_id: is missing: of Tailscale's OAuth client");
  CHECK(written.refusal(written.complete()).empty());
}

TEST_CASE("headscale needs its own keys, and none of Tailscale's") {
  const WrittenConfig written;
  written.write("headscale-key", "hskey-api-abc\n");
  const std::string hetzner = "[hetzner]\ntoken_file = \"" + written.path("hetzner-token") + "\"\n";
  const std::string kind = hetzner + "[tailnet]\nkind = \"headscale\"\n";
  CHECK(written.refusal(kind) ==
        "[tailnet] api_key_file: is missing: the file with an API key of headscale's (headscale apikeys "
        "create)");
  const auto key = kind + "api_key_file = \"" + written.path("headscale-key") + "\"\n";
  CHECK(written.refusal(key) ==
        "[tailnet] domain: is missing: headscale's dns.base_domain, which its API does not tell");
  const auto domain = key + "domain = \"tail.example.org\"\n";
  CHECK(written.refusal(domain) == "[tailnet] login_server: is missing: headscale's server_url");
  const auto server = domain + "login_server = \"https://headscale.example.org\"\n";
  CHECK(written.refusal(server) ==
        "[tailnet] api: is missing: where headscale answers, like \"https://headscale.example.org\"");
  const auto whole = server + "api = \"https://headscale.example.org\"\n";
  CHECK(written.refusal(whole + "tag = \"tag:Devbox\"\n") ==
        "line 9: [tailnet] tag: \"tag:Devbox\" must be in small letters: headscale takes no others");
  CHECK(
      written.refusal(whole + "serve = \"https\"\n") ==
      "line 9: [tailnet] serve: \"https\" wants certificates, and headscale has none: \"auto\" or \"http\"");
  const auto config = written.read(whole + "user = \"devbox\"\ntag = \"tag:devbox-{owner}\"\nssh = true\n");
  CHECK(config.headscale_key == "hskey-api-abc");
  CHECK(config.headscale_user == "devbox");
  CHECK(config.settings.tag == "tag:devbox-{owner}");
  CHECK(config.settings.ssh);
}

TEST_CASE("nothing listens on a public address") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& listen) {
    return written.refusal(written.complete("[http]\nlisten = \"" + listen + "\"\n"));
  };
  for (const auto* fine : {"127.0.0.1:0", "127.9.9.9:80", "localhost:8123", "[::1]:8123", "100.64.0.1:80",
                           "100.127.255.254:80", "[fd7a:115c:a1e0::1]:8123"}) {
    INFO(fine);
    CHECK(refusal(fine).empty());
  }
  for (const auto* open : {"0.0.0.0:80", "[::]:80", "10.0.0.1:80", "100.128.0.1:80", "100.63.255.255:80",
                           "192.168.1.1:80", "[fd7a:115c:a1e1::1]:80", "devbox.example:80"}) {
    INFO(open);
    CHECK(refusal(open) ==
          "line 7: [http] listen: \"" + std::string(open) +
              "\" must be a loopback or tailnet address (100.64.0.0/10, fd7a:115c:a1e0::/48): "
              "nothing listens on a public one");
  }
  for (const auto* odd :
       {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:http", "::1:80", "[]:1x"}) {
    INFO(odd);
    CHECK(refusal(odd).find("must be ADDRESS:PORT") != std::string::npos);
  }
}

TEST_CASE("tokens travel over https or inside the tailnet") {
  const WrittenConfig written;
  const auto refusal = [&](const std::string& url, const std::string& domain = "") {
    return written.refusal(
        written.complete("[http]\npublic_url = \"" + url + "\"\n", "", "domain = \"" + domain + "\"\n"));
  };
  CHECK(refusal("").empty());
  CHECK(refusal("https://devbox.example").empty());
  CHECK(refusal("http://127.0.0.1:8123").empty());
  CHECK(refusal("http://100.64.1.2:8123").empty());
  CHECK(refusal("http://[fd7a:115c:a1e0::7]:8123").empty());
  CHECK(refusal("http://bot.tail1234.ts.net", "tail1234.ts.net").empty());
  CHECK(refusal("http://Bot.Tail1234.ts.net", "tail1234.TS.net").empty());
  CHECK(refusal("http://bot.eviltail1234.ts.net", "tail1234.ts.net").find("tokens travel") !=
        std::string::npos);
  CHECK(refusal("http://bot.tail1234.ts.net").find("tokens travel") != std::string::npos);
  CHECK(refusal("http://10.0.0.1").find("[http] public_url: \"http://10.0.0.1\" must be https") !=
        std::string::npos);
  CHECK(refusal("devbox.example").find("is not the address of a service") != std::string::npos);

  CHECK(written.refusal(written.complete("", "endpoint = \"http://127.0.0.1:1/v1\"\n")).empty());
  CHECK(written.refusal(written.complete("", "endpoint = \"http://api.example/v1\"\n"))
            .find("line 3: [hetzner] endpoint: ") == 0);
  CHECK(written.refusal(written.complete("", "", "api = \"\"\n")).find("must be an http or https URL") !=
        std::string::npos);
}
