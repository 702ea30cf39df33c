#include "bot/matrix/homeserver.hpp"

#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <vector>

#include "bot/matrix/event.hpp"
#include "net/server.hpp"
#include "tests/catch.hpp"
#include "tests/run.hpp"
#include "tests/temp_dir.hpp"
#include "tests/throwaway_ca.hpp"

using namespace bot::matrix;
using namespace std::chrono_literals;
using nlohmann::json;
using Lines = std::vector<std::string>;

namespace {

const std::string well_known = "/.well-known/matrix/client";
const std::string versions = "/_matrix/client/versions";

/// A web server over TLS that knows a few paths by heart.
struct Site {
  Site(boost::asio::io_context& io, ThrowawayCa& ca) : server_(make(io, ca.issue("IP:127.0.0.1"))) {}
  [[nodiscard]] std::string name() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  [[nodiscard]] std::string url() const { return "https://" + name(); }
  void put(const std::string& path, const json& body) { pages[path].body = body.dump(); }
  void redirect(const std::string& path, const std::string& where) {
    pages[path].status = 302;
    pages[path].headers = {{"Location", where}};
  }

  std::map<std::string, net::HttpResponse> pages;
  Lines asked;

 private:
  std::unique_ptr<net::Server> make(boost::asio::io_context& io, const ThrowawayCa::Identity& identity) {
    net::ServerOptions options;
    options.certificate_file = identity.certificate_file;
    options.private_key_file = identity.private_key_file;
    const auto serve = [this](const net::HttpRequest& request) { return answer(request); };
    return std::make_unique<net::Server>(io.get_executor(), "127.0.0.1:0", serve, options);
  }
  net::awaitable<net::HttpResponse> answer(const net::HttpRequest& request) {
    asked.push_back(request.method + " " + request.target);
    net::HttpResponse missing;
    missing.status = 404;
    const auto page = pages.find(request.target);
    co_return page == pages.end() ? missing : page->second;
  }

  std::unique_ptr<net::Server> server_;
};

/// The site that a user's id names, and another where the homeserver may be.
struct Web {
  Web() {
    named.put(versions, {{"versions", {"v1.11"}}});
    other.put(versions, {{"versions", {"v1.11"}}});
  }
  void find() { run(io, homeserver().ensure_found(5s)); }
  Homeserver& homeserver() {
    if (!homeserver_) homeserver_.emplace(io.get_executor(), place.empty() ? named.name() : place, ca.file());
    return *homeserver_;
  }
  /// What the homeserver's answer to a request is read as.
  Refusal refused(int status, const std::string& body, const net::Headers& headers = {}) {
    find();
    auto& page = named.pages["/x?y=1"];
    page.status = status;
    page.body = body;
    page.headers = headers;
    try {
      run(io, homeserver().call({"GET", "/x?y=1"}, 5s));
    } catch (const Refusal& refusal) {
      return refusal;
    }
    throw std::runtime_error("it was not refused");
  }

  boost::asio::io_context io{1};
  TempDir dir;
  ThrowawayCa ca{dir};
  Site named{io, ca};
  Site other{io, ca};
  std::string place;

 private:
  std::optional<Homeserver> homeserver_;
};

json base_url(const std::string& url) { return {{"m.homeserver", {{"base_url", url}}}}; }

constexpr auto no_wait = std::optional<net::Duration>();

}  // namespace

TEST_CASE("a server's name leads to the homeserver that its .well-known names") {
  Web web;
  web.named.put(well_known, base_url(web.other.url() + "/"));
  web.find();
  CHECK(web.named.asked == Lines{"GET " + well_known});
  CHECK(web.other.asked == Lines{"GET " + versions});
}

TEST_CASE("without a .well-known the name is where the homeserver is") {
  Web web;
  web.find();
  CHECK(web.named.asked == Lines{"GET " + well_known, "GET " + versions});
}

TEST_CASE("a homeserver that was found is not looked for again") {
  Web web;
  web.find();
  web.find();
  CHECK(web.named.asked == Lines{"GET " + well_known, "GET " + versions});
}

TEST_CASE("a URL is taken as it is") {
  Web web;
  web.place = web.other.url();
  web.find();
  CHECK(web.named.asked.empty());
  CHECK(web.other.asked == Lines{"GET " + versions});
}

TEST_CASE("a .well-known that stands elsewhere is followed there, over TLS") {
  Web web;
  web.named.redirect(well_known, "/here");
  web.named.redirect("/here", web.other.url() + "/there");
  web.other.put("/there", base_url(web.other.url()));
  web.find();
  CHECK(web.named.asked == Lines{"GET " + well_known, "GET /here"});
  CHECK(web.other.asked == Lines{"GET /there", "GET " + versions});
}

TEST_CASE("a .well-known that leads to plain HTTP, or round and round, is as good as none") {
  const std::string target = GENERATE(as<std::string>(), "/.well-known/matrix/client", "http://127.0.0.1:1/");
  Web web;
  web.named.redirect(well_known, target);
  web.find();
  CHECK(web.named.asked.back() == "GET " + versions);
  CHECK(web.named.asked.size() == (target == well_known ? 7 : 2));
}

TEST_CASE("a .well-known that names no homeserver over TLS is not believed") {
  const std::string body = GENERATE(R"({"m.homeserver":{"base_url":"http://127.0.0.1:1"}})",
                                    R"({"m.homeserver":{"base_url":7}})", R"({"m.homeserver":[]})", "{}");
  Web web;
  web.named.pages[well_known].body = body;
  CHECK_THROWS_WITH(web.find(), "https://" + web.named.name() + well_known + " names no https:// base_url");
  CHECK(web.named.asked == Lines{"GET " + well_known});
}

TEST_CASE("a .well-known that is a page of something else is no answer") {
  Web web;
  web.named.pages[well_known].body = "<html>";
  CHECK_THROWS_AS(web.find(), BadAnswer);
}

TEST_CASE("a homeserver that is too old is refused with a sentence") {
  const std::string told = GENERATE(R"(["r0.6.1","v1.1","v1.3"])", "[]", R"("v1.11")", "[7]");
  Web web;
  web.place = web.named.url();
  web.named.put(versions, {{"versions", json::parse(told)}});
  CHECK_THROWS_MATCHES(web.find(), Homeserver::Unsupported,
                       Catch::Matchers::Message("the homeserver at " + web.named.url() +
                                                " does not speak Matrix 1.4 or later, which devbox needs"));
}

TEST_CASE("Matrix 1.4 is new enough") {
  Web web;
  web.named.put(versions, {{"versions", {"r0.6.1", "v1.4"}}});
  CHECK_NOTHROW(web.find());
}

TEST_CASE("a refusal says what was asked, without its parameters, and what the homeserver said") {
  Web web;
  const auto refusal = web.refused(403, R"({"errcode":"M_FORBIDDEN","error":"not\nyou"})");
  CHECK(std::string(refusal.what()) == "the homeserver answered GET /x with 403 M_FORBIDDEN: not\nyou");
  CHECK(refusal.status == 403);
  CHECK(refusal.errcode == "M_FORBIDDEN");
  CHECK(refusal.error == "not\nyou");
  CHECK_FALSE(refusal.soft_logout);
  CHECK(refusal.wait == no_wait);
}

TEST_CASE("a refusal that is none of Matrix's is told by its status") {
  const std::string body = GENERATE("<html>bad gateway</html>", "", "[]", R"({"errcode":7,"error":{}})");
  Web web;
  const auto refusal = web.refused(502, body);
  CHECK(std::string(refusal.what()) == "the homeserver answered GET /x with 502");
  CHECK(refusal.is_trouble());
}

TEST_CASE("how long to wait is taken from the header, the body, or the longer of both") {
  struct Asked {
    std::string header, body;
    std::optional<net::Duration> wait;
  };
  const auto asked = GENERATE(
      Asked{"", "{}", no_wait}, Asked{"2", "{}", 2s}, Asked{"", R"({"retry_after_ms":1421})", 1421ms},
      Asked{"2", R"({"retry_after_ms":1421})", 2s}, Asked{"1", R"({"retry_after_ms":1421})", 1421ms},
      Asked{"soon", R"({"retry_after_ms":"7"})", no_wait}, Asked{"-1", R"({"retry_after_ms":-1})", 0ms},
      Asked{"99999", R"({"retry_after_ms":18446744073709551615})", 1h},
      Asked{"Wed, 21 Oct 2026 07:28:00 GMT", "", no_wait});
  Web web;
  net::Headers headers;
  if (!asked.header.empty()) headers.emplace_back("Retry-After", asked.header);
  INFO(asked.header << " " << asked.body);
  CHECK(web.refused(429, asked.body, headers).wait == asked.wait);
}

TEST_CASE("a path's variable part is escaped whole") {
  CHECK(escaped("!a:hs/#é ~") == "%21a%3Ahs%2F%23%C3%A9%20~");
}
