#include "bot/guarded.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>

#include "bot/options.hpp"
#include "commands/times.hpp"
#include "net/error.hpp"
#include "net/race.hpp"

namespace bot {
namespace {

bool has_any(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

}  // namespace

net::awaitable<void> guarded(const Checking& with, Findings& findings, std::string what,
                             net::awaitable<void> check) {
  const auto limit = with.config.settings.limits.request;
  std::string why = "it took longer than " + commands::span_text(limit);
  try {
    const bool in_time = co_await net::ends_within(with.clock, limit, std::move(check));
    if (in_time) co_return;
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (const std::exception& error) {
    why = error.what();
  }
  findings.push_back(broken(what + ": " + why, "Look at the other lines, then run the check again."));
}

std::unique_ptr<net::Client> client_of(const Checking& with, Findings& findings, const std::string& url) {
  try {
    return std::make_unique<net::Client>(with.executor, net::parse_endpoint(url),
                                         client_options(with.config));
  } catch (const net::Error& error) {
    findings.push_back(
        broken(error.what(), "Give [bot] ca_file a PEM file that can be read, or take it out."));
    return nullptr;
  }
}

std::string next_when_unreached(const net::Endpoint& endpoint, const std::string& why) {
  if (has_any(why, {"certificate", "SSL", "stream truncated"}))
    return "It speaks no TLS that can be trusted: check the URL, the clock, and [bot] ca_file for a private "
           "CA.";
  if (has_any(why, {"ost not found", "database lookup", "associated data"}))
    return "Its name has no address here. Try: getent hosts " + endpoint.host;
  return "Nothing usable answers at " + endpoint.authority() +
         ". Check the URL, the network and the firewall.";
}

}  // namespace bot
