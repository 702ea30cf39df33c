#include <nlohmann/json.hpp>
#include <optional>

#include "bot/guarded.hpp"
#include "net/error.hpp"
#include "net/server.hpp"

namespace bot {
namespace {

bool is_port_any(const std::string& listen) { return listen.ends_with(":0"); }

Finding listen_finding(const Checking& with) {
  const auto& listen = with.config.listen;
  try {
    const auto nobody = [](const net::HttpRequest&) -> net::awaitable<net::HttpResponse> {
      co_return net::HttpResponse();
    };
    const net::Server probe(with.executor, listen, nobody);
    return good("reports: can listen on " + listen);
  } catch (const net::Error& error) {
    return broken(std::string("reports: ") + error.what(),
                  "Find out who has the port (ss -ltnp), or give [http] listen another.");
  }
}

/// Whether workspaces at Hetzner can be told where to report.
Finding address_finding(const Config& config) {
  const auto& url = config.settings.public_url;
  const bool is_near = net::is_loopback(net::parse_endpoint(config.hetzner_endpoint).host);
  if (url.empty() || net::is_loopback(net::parse_endpoint(url).host)) {
    if (is_near) return good("reports: workspaces on this machine reach them");
    return broken(
        "reports: workspaces elsewhere cannot reach them, and an `up` would wait in vain",
        "Set [http] public_url to where the tailnet reaches this machine, and [http] listen to a port.");
  }
  if (is_port_any(config.listen))
    return doubtful("reports: " + url + " cannot lead to a port that is another one at each start",
                    "Set [http] listen to a fixed port, like \"127.0.0.1:8123\".");
  return good("reports: workspaces are told " + url);
}

/// What the process that answers there says of itself: "" = it is well; nullopt = it is not ours.
std::optional<std::string> told_by(const net::HttpResponse& answer) {
  if (answer.status == 200) return "";
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (answer.status != 503 || !body.is_object() || !body.contains("why") || !body["why"].is_array())
    return std::nullopt;
  std::string told;
  for (const auto& why : body["why"])
    if (why.is_string()) told += (told.empty() ? "" : "; ") + why.get<std::string>();
  return told;
}

net::awaitable<void> ask_health(const Checking& with, Findings& findings) {
  const auto& url = with.config.settings.public_url;
  const auto client = client_of(with, findings, url);
  if (!client) co_return;
  const auto limit = with.config.settings.limits.request;
  net::HttpRequest request;
  request.method = "GET";
  request.target = "/healthz";
  std::string why;
  std::optional<std::string> told;
  try {
    const auto answer = co_await client->fetch(request, limit);
    told = told_by(answer);
    if (!told) why = url + "/healthz is answered with HTTP status " + std::to_string(answer.status);
  } catch (const net::Error& error) {
    why = error.what();
  }
  if (told && told->empty())
    findings.push_back(good("reports: " + url + " leads to the running process"));
  else if (told)
    findings.push_back(
        doubtful("reports: " + url + " leads to the running process, which is unhealthy: " + *told,
                 "Its log says more: journalctl -u devboxd"));
  else
    findings.push_back(doubtful(
        "reports: " + why, "See whether a machine of the tailnet gets an answer: curl " + url + "/healthz"));
}

}  // namespace

net::awaitable<Findings> check_reports(Checking with, bool is_running) {
  Findings findings;
  if (!is_running) findings.push_back(listen_finding(with));
  const auto address = address_finding(with.config);
  findings.push_back(address);
  if (is_running && address.level == Level::ok && !with.config.settings.public_url.empty())
    co_await ask_health(with, findings);
  co_return findings;
}

}  // namespace bot
