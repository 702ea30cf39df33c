#include "net/url.hpp"

#include "net/error.hpp"
#include "tests/catch.hpp"

using net::Query;

TEST_CASE("an endpoint is read from its URL and written back") {
  struct Row {
    std::string url, host;
    int port;
    bool tls;
    std::string path, authority, written;
  };
  const Row rows[] = {
      {"https://api.hetzner.cloud/v1", "api.hetzner.cloud", 443, true, "/v1", "api.hetzner.cloud",
       "https://api.hetzner.cloud/v1"},
      {"https://api.hetzner.cloud/v1/", "api.hetzner.cloud", 443, true, "/v1", "api.hetzner.cloud",
       "https://api.hetzner.cloud/v1"},
      {"http://127.0.0.1:8080", "127.0.0.1", 8080, false, "", "127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"http://localhost/", "localhost", 80, false, "", "localhost", "http://localhost"},
      {"https://host:443/a/b", "host", 443, true, "/a/b", "host", "https://host/a/b"},
      {"https://host:80", "host", 80, true, "", "host:80", "https://host:80"},
      {"HTTPS://host", "host", 443, true, "", "host", "https://host"},
      {"http://[::1]:8080/x", "::1", 8080, false, "/x", "[::1]:8080", "http://[::1]:8080/x"},
      {"https://[fd7a:115c::1]", "fd7a:115c::1", 443, true, "", "[fd7a:115c::1]", "https://[fd7a:115c::1]"},
  };
  for (const auto& row : rows) {
    INFO(row.url);
    const auto endpoint = net::parse_endpoint(row.url);
    CHECK(endpoint.host == row.host);
    CHECK(endpoint.port == row.port);
    CHECK(endpoint.tls == row.tls);
    CHECK(endpoint.path == row.path);
    CHECK(endpoint.authority() == row.authority);
    CHECK(endpoint.url() == row.written);
  }
}

TEST_CASE("what is no address of a service is refused with the text in the sentence") {
  for (const std::string url : {"", "host", "host:80", "ftp://host", "//host/v1", "/v1", "http://",
                                "https:///v1", "http://host:0", "http://host:99999", "http://user:word@host",
                                "http://host/?a=1", "http://host/#top", "http://ho st/", "http://[::1"}) {
    INFO(url);
    CHECK_THROWS_AS(net::parse_endpoint(url), net::Error);
  }
  for (const std::string url :
       {"http://127.0.0.1.evil.example:1/api", "http://127.0.0.1evil/", "http://127.0.0.1%41:5",
        "http://127.0.0.1:80x/", "http://[::1]x:80/", "http://[::1].evil.example"}) {
    INFO(url);
    CHECK_THROWS_WITH(net::parse_endpoint(url),
                      "\"" + url +
                          "\" is not the address of a service: after its host may follow only a port and a "
                          "path, which begins with /");
    CHECK_THROWS_AS(net::parse_link(url), net::Error);
  }
  CHECK_THROWS_WITH(net::parse_endpoint("ftp://host"),
                    "\"ftp://host\" is not the address of a service: it must look like https://host/path");
}

TEST_CASE("a target is split and decoded, order and repeated keys kept") {
  struct Row {
    std::string target, path;
    Query query;
  };
  const Row rows[] = {
      {"/", "/", {}},
      {"/v1/servers", "/v1/servers", {}},
      {"/v1/servers?", "/v1/servers", {}},
      {"/a%20b?x=1&x=2", "/a b", {{"x", "1"}, {"x", "2"}}},
      {"/a?label_selector=a%3D%3Db%2Cc&page=2", "/a", {{"label_selector", "a==b,c"}, {"page", "2"}}},
      {"/a?q=one+two%2B&flag", "/a", {{"q", "one two+"}, {"flag", ""}}},
      {"/a?b=c=d", "/a", {{"b", "c=d"}}},
  };
  for (const auto& row : rows) {
    INFO(row.target);
    const auto target = net::parse_target(row.target);
    CHECK(target.path == row.path);
    CHECK(target.query == row.query);
  }
  const auto target = net::parse_target("/a?x=1&x=2");
  CHECK(target.find("x") == "1");
  CHECK(target.find("y") == std::nullopt);
  for (const std::string text : {"", "a", "http://host/", "/a b", "/%zz", "*"}) {
    INFO(text);
    CHECK_THROWS_AS(net::parse_target(text), net::Error);
  }
}

TEST_CASE("a whole URL is a place and what is asked for there") {
  const auto link = net::parse_link("wss://wss-primary.slack.com/link/?ticket=1&app_id=2#x");
  CHECK(link.endpoint.url() == "https://wss-primary.slack.com");
  CHECK(link.target == "/link/?ticket=1&app_id=2");
  CHECK(net::parse_link("http://127.0.0.1:80/a").target == "/a");
  CHECK(net::parse_link("ws://[::1]:8443").endpoint.authority() == "[::1]:8443");
  CHECK(net::parse_link("https://x.example?y=1").target == "/?y=1");
  for (const std::string text : {"", "x", "ftp://x/", "/a", "://x"})
    CHECK_THROWS_AS(net::parse_link(text), net::Error);
}

TEST_CASE("a query is encoded so that it reads back the same") {
  CHECK(net::encode_query({}).empty());
  CHECK(net::encode_query({{"x", "1"}, {"y", "a b"}}) == "x=1&y=a%20b");
  CHECK(net::encode_query({{"label_selector", "a==b,c!=d"}}) == "label_selector=a%3D%3Db%2Cc%21%3Dd");
  CHECK(net::encode_query({{"~._-", "AZaz09"}}) == "~._-=AZaz09");
  const Query hard{{"k&=", "ü+ %&=?#/\n"}, {"", ""}, {"k&=", "again"}};
  CHECK(net::parse_form(net::encode_query(hard)) == hard);
  CHECK(net::parse_target("/?" + net::encode_query(hard)).query == hard);
}

TEST_CASE("a form body is decoded and nonsense refused") {
  CHECK(net::parse_form("").empty());
  CHECK(net::parse_form("grant_type=client_credentials&scope=a+b") ==
        Query{{"grant_type", "client_credentials"}, {"scope", "a b"}});
  CHECK_THROWS_AS(net::parse_form("a=%zz"), net::Error);
}
