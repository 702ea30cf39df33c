#include "tests/weeks/ledger.hpp"

#include <ctime>
#include <iomanip>
#include <set>
#include <sstream>

namespace weeks {
namespace {

using hetzner::Money;
using nlohmann::json;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// "2026-10-19T07:00:01Z".
net::Time instant_in(const std::string& text) {
  std::tm parts{};
  std::istringstream in(text);
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  return net::Time(std::chrono::seconds(::timegm(&parts)));
}

json bill_lines(Weeks& story) {
  return story.ask("GET", std::string("/_sim/bill?token=") + Outside::token).at("lines");
}

std::string name_of_server(Weeks& story, std::int64_t id) {
  const auto session = story.storage().sessions.find(id);
  return session ? story.storage().workspaces.find(session->workspace)->hostname : "?";
}

}  // namespace

Texts heard(const Weeks& story, const std::string& beginning) {
  Texts all;
  for (const auto& one : story.said())
    if (one.text.starts_with(beginning))
      all.push_back(story.calendar().text(one.at) + " " + one.room + ": " + first_line(one.text));
  return all;
}

Texts transcript(const Weeks& story) {
  Texts all;
  for (const auto& one : story.said())
    all.push_back(story.calendar().text(one.at) + " " + one.room + ": " + one.text);
  return all;
}

Texts servers(Weeks& story) {
  Texts all;
  for (const auto& line : bill_lines(story)) {
    if (line.at("resource") != "server") continue;
    const auto text = [&](const char* key) {
      return line.at(key).is_null() ? "…" : story.calendar().text(instant_in(line.at(key)));
    };
    const std::string amount = line.at("amount");
    all.push_back(name_of_server(story, line.at("id")) + " " + text("from") + " – " + text("to") + ", " +
                  line.at("hours").dump() + " h, " + Money::parse(amount).text(4));
  }
  return all;
}

Billed billed(Weeks& story, const std::string& person) {
  const auto owner = story.storage().people.find("console", person);
  Billed sum;
  if (!owner) return sum;
  std::set<std::int64_t> own;
  for (const auto& workspace : story.storage().workspaces.of(owner->id)) {
    own.insert({workspace.volume_id, workspace.ip_id});
    for (const auto& session : story.storage().sessions.of(workspace.id, net::Time(), story.now()))
      own.insert(session.server_id);
  }
  for (const auto& line : bill_lines(story)) {
    if (!own.contains(line.at("id"))) continue;
    const std::string amount = line.at("amount");
    (line.at("resource") == "server" ? sum.servers : sum.kept) += Money::parse(amount);
  }
  return sum;
}

std::string cost_text(const Billed& before, const Billed& after) {
  const auto servers_cost = after.servers - before.servers, kept = after.kept - before.kept;
  const auto shown = [](Money amount) { return hetzner::with_currency(amount, "EUR", 2); };
  return shown(servers_cost + kept) + " (servers " + shown(servers_cost) + ", volume and address " +
         shown(kept) + ")";
}

}  // namespace weeks
