#include <array>

#include "commands/card.hpp"
#include "commands/ledger.hpp"
#include "commands/times.hpp"
#include "commands/verbs.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

using hetzner::Money;

constexpr std::int64_t hours_of_a_day = 24;

/// One person's cost of one workspace, the lines that were asked for.
class Account {
 public:
  Account(Services& world, const storage::WorkspaceRow& workspace)
      : world_(world), workspace_(workspace), now_(world.clock.now()) {}

  [[nodiscard]] std::string session() const {
    const auto session = world_.storage.sessions.current(workspace_.id);
    if (!session) return "no server runs";
    const auto hours = hetzner::started_hours(session->created, now_);
    const auto paid = hetzner::paid_until(session->created, now_);
    const auto daily = Money::from_raw(session->hourly) * hours_of_a_day;
    return money(cost_of(*session, now_)) + " (" + std::to_string(hours) + " started h of " + session->type +
           "), paid until " + clock_text(paid, now_, zone_of(world_, workspace_)) + "; left running, " +
           money(daily) + " a day and at most " + money(Money::from_raw(session->monthly)) + " a month";
  }

  [[nodiscard]] std::string since(net::Time from) const {
    const auto cost = spent_since(from);
    return money(cost.sum()) + " (servers " + money(cost.servers) + ", volume and address " +
           money(cost.kept) + ")";
  }

  [[nodiscard]] std::string stopped() const {
    std::string list;
    Money sum;
    for (const auto& held : world_.storage.holdings.open()) {
      if (held.workspace != workspace_.id) continue;
      const auto monthly = Money::from_raw(held.monthly);
      sum += monthly;
      list += (list.empty() ? "" : ", ") +
              (held.kind == "volume" ? std::to_string(held.gb) + " GB volume "
                                     : "IPv4 " + workspace_.ipv4 + " ") +
              money(monthly);
    }
    return list.empty() ? "nothing is kept" : money(sum) + " a month: " + list;
  }

  [[nodiscard]] net::Time today() const { return start_of_day(now_, zone_of(world_, workspace_)); }
  [[nodiscard]] net::Time month() const { return start_of_month(now_); }
  [[nodiscard]] Spent spent_since(net::Time from) const { return spent(world_, workspace_.id, from, now_); }
  [[nodiscard]] std::string money(Money amount) const {
    const auto& offer = world_.project.last();
    return hetzner::with_currency(amount, offer ? offer->pricing.currency : "EUR", 2);
  }

 private:
  Services& world_;
  const storage::WorkspaceRow& workspace_;
  net::Time now_;
};

/// "alice", "alice (deleted)": what was deleted has left its name to others.
std::string name_of(const storage::WorkspaceRow& workspace) {
  const bool is_deleted = workspace.state == "deleted";
  return workspace.hostname.substr(0, workspace.hostname.find('~')) + (is_deleted ? " (deleted)" : "");
}

std::string lines_of(const Account& account, const std::string& what, const std::string& month) {
  const bool all = what.empty();
  std::string text;
  if (all || what == "session") text += "\n  session: " + account.session();
  if (all || what == "today") text += "\n  today: " + account.since(account.today());
  if (all || what == "month") text += "\n  " + month + ": " + account.since(account.month());
  if (all || what == "stopped") text += "\n  also while it is down: " + account.stopped();
  return text;
}

}  // namespace

Begin cost(Services& world, const Caller& caller, const Request& ask) {
  constexpr std::array kinds = {"session", "today", "month", "stopped"};
  const auto what = ask.words.empty() ? "" : ask.words.front();
  const bool is_known = what.empty() || std::find(kinds.begin(), kinds.end(), what) != kinds.end();
  if (!is_known || ask.words.size() > 1)
    throw Error("`cost` takes one of session, today, month, stopped, or nothing for all of them.");
  const auto owner = whose(world, caller, ask);
  auto mine = world.storage.workspaces.ever_of(owner.id);
  // What was deleted for good is shown as long as it is on the bill of the month.
  std::erase_if(mine, [&](const storage::WorkspaceRow& workspace) {
    const Account account(world, workspace);
    return workspace.state == "deleted" && account.spent_since(account.month()).sum() == Money();
  });
  if (mine.empty() && owner.id == caller.person.id)
    return "You have no workspace yet, so nothing of yours costs anything.";
  if (mine.empty()) return shown(owner) + " has no workspace yet, so nothing costs anything.";
  std::string text;
  Money month;
  const auto name = month_name(world.clock.now());
  for (const auto& workspace : mine) {
    const Account account(world, workspace);
    text += (text.empty() ? "" : "\n") + name_of(workspace) + lines_of(account, what, name);
    month += account.spent_since(account.month()).sum();
  }
  if (mine.size() > 1 && (what.empty() || what == "month"))
    text += "\nall of yours, " + name + ": " + Account(world, mine.front()).money(month);
  return text + "\n" + (world.settings.gross ? "Gross" : "Net") +
         ", an estimate from Hetzner's prices: its invoice is what counts.";
}

}  // namespace commands
