#include "commands/permission.hpp"

#include <array>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace commands::test;

/// Who may do what, written out: this table is what was meant, and was not made from the program's. A cell is
/// the least role that may (n nobody, m member, o operator, a admin), or - for nobody at all. In each kind of
/// room three cells: one's own workspace, one that is shared with one, and a foreign one; a command that is
/// about no workspace has one cell.
namespace {

struct MeantRow {
  const char* verb;
  const char* open_room;
  const char* operator_room;
  const char* member_room;
  const char* read_room;
};

constexpr std::array meant = {
    MeantRow{"up", "m m o", "m m o", "m m -", "- - -"},
    MeantRow{"down", "m m o", "m m o", "m m -", "- - -"},
    MeantRow{"cancel", "m m o", "m m o", "m m -", "- - -"},
    MeantRow{"status", "m m m", "m m m", "m m m", "m m m"},
    MeantRow{"rebuild", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"resize", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"grow", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"delete", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"undelete", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"extend", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"keep", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"snooze", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"why", "m m o", "m m o", "m m -", "m m -"},
    MeantRow{"schedule", "m o o", "m o o", "m - -", "- - -"},
    MeantRow{"quiet", "m", "m", "m", "-"},
    MeantRow{"cost", "m m m", "m m m", "m m m", "m m m"},
    MeantRow{"types", "m", "m", "m", "m"},
    MeantRow{"images", "m", "m", "m", "-"},
    MeantRow{"watch", "m", "m", "m", "-"},
    MeantRow{"share", "m - -", "m - -", "m - -", "- - -"},
    MeantRow{"unshare", "m - -", "m - -", "m - -", "- - -"},
    MeantRow{"request", "m", "m", "m", "-"},
    MeantRow{"approve", "o", "o", "-", "-"},
    MeantRow{"deny", "o", "o", "-", "-"},
    MeantRow{"role", "a", "-", "-", "-"},
    MeantRow{"orphans", "o", "o", "-", "-"},
    MeantRow{"audit", "o", "o", "-", "-"},
    MeantRow{"adopt", "a", "-", "-", "-"},
    MeantRow{"open", "m m -", "m m -", "m m -", "m m -"},
    MeantRow{"ssh", "m m -", "m m -", "m m -", "m m -"},
    MeantRow{"logs", "m m o", "m m o", "m m -", "m m -"},
    MeantRow{"key", "m", "m", "m", "-"},
    MeantRow{"timezone", "m", "m", "m", "-"},
    MeantRow{"yes", "m", "m", "m", "-"},
    MeantRow{"no", "m", "m", "m", "-"},
    MeantRow{"help", "n", "n", "n", "n"},
};

constexpr std::array all_roles = {Role::nobody, Role::member, Role::operating, Role::admin};

/// alice has a workspace and shares it with bob; carol has nothing to do with it.
struct TeamOffice : Alone {
  TeamOffice() {
    settings.policy.rooms = {
        {"!read", RoomLimit::read}, {"!member", RoomLimit::member}, {"!operator", RoomLimit::operating}};
    for (const auto* name : {"bob", "carol"}) storage.people.ensure("console", name);
    storage::ShareRow share;
    share.workspace = workspace;
    share.person = storage.people.ensure("console", "bob").id;
    share.until = clock.now() + std::chrono::hours(1);
    storage.shares.set(share);
  }
  Caller caller(const std::string& who, Role role, const std::string& room) {
    Caller caller;
    caller.person = storage.people.ensure("console", who);
    caller.role = role;
    caller.message.chat = "console";
    caller.message.room = room;
    return caller;
  }
  storage::WorkspaceRow row() { return storage.workspaces.find(workspace).value(); }
};

bool is_meant(const std::string& cell, Role role) {
  static const std::map<std::string, Role> least = {
      {"n", Role::nobody}, {"m", Role::member}, {"o", Role::operating}, {"a", Role::admin}};
  return cell != "-" && role >= least.at(cell);
}

std::vector<std::string> meant_cells(const char* text) {
  std::istringstream in(text);
  std::vector<std::string> cells;
  for (std::string cell; in >> cell;) cells.push_back(cell);
  return cells;
}

bool is_allowed(TeamOffice& office, const Caller& caller, const Command& command, bool is_about_one) {
  if (!is_about_one) return why_not(office.world, caller, command).empty();
  try {
    check_may(office.world, caller, command, office.row());
  } catch (const Error& error) {
    CHECK(std::string(error.what()).ends_with("Nothing was done."));
    return false;
  }
  return true;
}

}  // namespace

static_assert(!std::is_default_constructible_v<Command>, "a command without a tier must not compile");

TEST_CASE("every command is allowed to whom, on whose workspace and where it was meant to be") {
  TeamOffice office;
  int checked = 0;
  for (const auto& row : meant) {
    const auto* command = find_command(row.verb);
    REQUIRE(command);
    const std::pair<const char*, const char*> rooms[] = {{"!open", row.open_room},
                                                         {"!operator", row.operator_room},
                                                         {"!member", row.member_room},
                                                         {"!read", row.read_room}};
    for (const auto& [room, text] : rooms) {
      const auto cells = meant_cells(text);
      for (std::size_t at = 0; at < cells.size(); ++at)
        for (const auto role : all_roles) {
          const std::string who = at == 0 ? "alice" : at == 1 ? "bob" : "carol";
          INFO(row.verb << " in " << room << " by " << name_of(role) << " " << who);
          const auto caller = office.caller(who, role, room);
          CHECK(is_allowed(office, caller, *command, cells.size() > 1) == is_meant(cells[at], role));
          ++checked;
        }
    }
  }
  CHECK(checked == 4 * 4 * (3 * 20 + 16));
}

TEST_CASE("the written-out table has every command and no other") {
  std::set<std::string_view> rows;
  for (const auto& row : meant) CHECK(rows.insert(row.verb).second);
  for (const auto& command : table) {
    CAPTURE(command.verb);
    CHECK(rows.contains(command.verb));
  }
  CHECK(rows.size() == table.size());
}

TEST_CASE("everybody's workspaces at once are for admins, where admins may, and of one command alone") {
  TeamOffice office;
  for (const auto& command : table)
    for (const auto* room : {"!open", "!operator", "!member", "!read"})
      for (const auto role : all_roles) {
        INFO(command.verb << " all in " << room << " by " << name_of(role));
        const auto why = why_not(office.world, office.caller("alice", role, room), command, Bond::all);
        const bool is_meant =
            command.verb == "down" && role == Role::admin && room == std::string_view("!open");
        CHECK(why.empty() == is_meant);
      }
  const auto bob = office.caller("bob", Role::operating, "!open");
  CHECK(why_not(office.world, bob, *find_command("down"), Bond::all) ==
        "`down all` is for admins. Nothing was done.");
}

TEST_CASE("what is not allowed here is not in the help") {
  TeamOffice office;
  for (const auto* room : {"!open", "!operator", "!member", "!read"})
    for (const auto role : all_roles) {
      const auto caller = office.caller("alice", role, room);
      Request ask;
      ask.verb = "help";
      const auto text = std::get<std::string>(help(office.world, caller, ask));
      for (const auto& command : table) {
        INFO(command.verb << " in " << room << " by " << name_of(role));
        const std::string example(command.example);
        const bool is_shown =
            text.find(": " + example) != std::string::npos || text.find("· " + example) != std::string::npos;
        CHECK(is_shown == why_not(office.world, caller, command).empty());
      }
    }
}

TEST_CASE("a share that has ended gives nothing") {
  TeamOffice office;
  office.clock.advance(std::chrono::hours(1));
  const auto bob = office.caller("bob", Role::member, "!open");
  CHECK(bond_of(office.world, bob.person, office.row()) == Bond::foreign);
}

TEST_CASE("a room that was upgraded narrows as the one before it, and its alias elsewhere narrows nothing") {
  TeamOffice office;
  const auto& status = *find_command("status");
  const auto& quiet = *find_command("quiet");
  storage::RoomRow old;
  old.chat = "console";
  old.id = "!read";
  old.alias = "#dev:hs";
  old.successor = "!new";
  office.storage.rooms.put(old);
  CHECK(
      why_not(office.world, office.caller("alice", Role::member, "!new"), quiet) ==
      "`quiet` is not done in this room, which is for reading only ([policy] rooms). Say it in another one. "
      "Nothing was done.");
  CHECK(why_not(office.world, office.caller("alice", Role::member, "!new"), status).empty());
  storage::RoomRow moved;
  moved.chat = "console";
  moved.id = "!other";
  moved.alias = "#dev:hs";
  office.storage.rooms.put(moved);
  CHECK(why_not(office.world, office.caller("alice", Role::member, "!other"), quiet).empty());
  CHECK_FALSE(why_not(office.world, office.caller("alice", Role::member, "!read"), quiet).empty());
}
