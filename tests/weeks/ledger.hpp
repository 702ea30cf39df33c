#pragma once
#include "hetzner/money.hpp"
#include "tests/weeks/weeks.hpp"

/// What a story is told by: tables of texts.
namespace weeks {

/// "1 mon 09:02 alice: ✓ alice is up — https://…": the first line of each message that begins so.
Texts heard(const Weeks& story, const std::string& beginning = "");
/// All of it, whole messages with their minute.
Texts transcript(const Weeks& story);
/// "alice 1 mon 09:00 – 1 mon 12:56, 4 h, 0.2276": each server on the simulator's bill.
Texts servers(Weeks& story);
/// What the simulator bills for what is a person's own: servers, volume, address.
struct Billed {
  hetzner::Money servers;
  hetzner::Money kept;
};
Billed billed(Weeks& story, const std::string& person);
/// "€1.23 (servers €1.00, volume and address €0.23)": the difference, as the bot says it.
std::string cost_text(const Billed& before, const Billed& after);

}  // namespace weeks
