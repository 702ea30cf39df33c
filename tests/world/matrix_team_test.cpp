#include "tests/catch.hpp"
#include "tests/matrix/simulator/person.hpp"
#include "tests/matrix/simulator/simulator.hpp"
#include "tests/world/audit_lines.hpp"
#include "tests/world/world.hpp"

using namespace world;

namespace {

namespace simulator = ::matrix::simulator;

/// A homeserver with a room that the bot is to be in, @root, who is an operator, @alice and @bob.
struct Homeserver {
  Homeserver() {
    home.add_user("devbox");
    contents.access_tokens["devbox-token"] = {"@devbox:devbox.test", "devbox"};
  }
  Setting setting(std::function<void(bot::Config&)> configure = [](bot::Config&) {}) {
    auto setting = configured([this, configure](bot::Config& config) {
      config.matrix.emplace();
      config.matrix->homeserver = server.url();
      config.matrix->user = "@devbox:devbox.test";
      config.matrix->access_token = "devbox-token";
      config.matrix->rooms = {room};
      config.settings.policy.members = {"matrix:@*:devbox.test"};
      config.settings.policy.operators = {"matrix:@root:devbox.test"};
      configure(config);
    });
    setting.meanwhile = [this] {
      io.restart();
      io.poll();
    };
    return setting;
  }
  /// Everybody joins, and the bot has seen it.
  void gather(World& world) {
    world.until([&] { return home.room(room).membership("@devbox:devbox.test") == "join"; });
    world.until([&] { return root.acknowledged_by("@devbox:devbox.test") == 0 && is_read(); });
  }
  /// The newest event that has this in it.
  [[nodiscard]] simulator::EventPtr newest(const std::string& text) const {
    simulator::EventPtr newest;
    for (const auto& event : home.events_of(room))
      if (event->content.value("body", "").find(text) != std::string::npos) newest = event;
    if (!newest) throw std::runtime_error("nobody has said \"" + text + "\"");
    return newest;
  }
  [[nodiscard]] bool is_read() { return home.sync_cache.acknowledged["@devbox:devbox.test"] > 0; }

  boost::asio::io_context io{1};
  net::SystemClock clock;
  simulator::Contents contents;
  simulator::Simulator server{io.get_executor(), clock, contents};
  simulator::Homeserver& home = server.home();
  std::string room = home.create_room(home.add_user("host"), {{"preset", "public_chat"}});
  simulator::Person root{home, "root", room};
  simulator::Person alice{home, "alice", room};
  simulator::Person bob{home, "bob", room};
};

/// Waits until somebody reads it, and says what else is on the screen when it does not come.
void until_read(World& world, const simulator::Person& person, const std::string& text) {
  try {
    world.until([&] { return person.screen().find(text) != std::string::npos; });
  } catch (const std::runtime_error&) {
    FAIL("\"" << text << "\" did not come; on the screen:\n" << person.screen());
  }
}

std::string pill(const std::string& user, const std::string& label) {
  return "<a href=\"https://matrix.to/#/" + user + "\">" + label + "</a>";
}

/// As clients send a mention: the label in the body, the id in the formatted one.
nlohmann::json formatted(const std::string& html) {
  return {{"format", "org.matrix.custom.html"}, {"formatted_body", html}};
}

}  // namespace

TEST_CASE(
    "a team's day in a Matrix room: a request, its approval, a share, a stop by the other, delete, "
    "undelete") {
  Homeserver hs;
  World world(hs.setting());
  hs.gather(world);
  hs.root.say("!devbox help");
  until_read(world, hs.root, "An example of each");
  hs.alice.say("!devbox request cpx42 \"training run\"");
  until_read(world, hs.root, "Operators are asked: it is request 1.");
  const auto question = hs.newest("Request 1: cpx42");
  CHECK(question->content["m.mentions"]["user_ids"] == nlohmann::json({"@root:devbox.test"}));
  // Neither the asker nor a member approves it with the operator's button.
  hs.alice.react(question->id, "✅");
  until_read(world, hs.alice, "`approve` is for operators. Nothing was done.");
  hs.root.react(question->id, "✅");
  until_read(world, hs.alice, "is approved by @root:devbox.test.");
  until_read(world, hs.alice, "✓ alice is up — https://alice.tail1234.ts.net");
  CHECK(world.servers()[0]["server_type"]["name"] == "cpx42");

  hs.home.say(hs.alice.id(), hs.room, "!devbox share @admin:devbox.test 2h",
              formatted("!devbox share " + pill("@bob:devbox.test", "@admin:devbox.test") + " 2h"));
  until_read(world, hs.bob, "alice is shared with @bob:devbox.test until ");
  hs.bob.say("!devbox delete alice");
  until_read(world, hs.bob, "`delete` is for its owner and operators. Nothing was done.");
  hs.bob.say("!devbox down alice");
  until_read(world, hs.alice, "✓ alice is down.");
  CHECK(world.servers().empty());

  hs.alice.say("!devbox delete main");
  until_read(world, hs.alice, "Delete alice?");
  const auto asked = hs.newest("Delete alice?");
  hs.bob.react(asked->id, "✅");
  until_read(world, hs.bob, "Nothing is waiting for your answer.");
  hs.alice.react(asked->id, "✅");
  until_read(world, hs.alice, "✓ alice is in the trash until ");
  CHECK(world.volumes().size() == 1);
  hs.alice.say("!devbox undelete main");
  until_read(world, hs.alice, "✓ alice is back: 20 GB volume");

  hs.root.say("!devbox audit 20");
  until_read(world, hs.root, "The last of the audit");
  CHECK(lines_of_audit(hs.newest("The last of the audit")->content["body"]) ==
        a_day_of("@root:devbox.test", "@alice:devbox.test", "@bob:devbox.test", hs.room, true));
}

TEST_CASE("whom a mention means is its user id, whatever name it shows") {
  Homeserver hs;
  World world(hs.setting());
  hs.gather(world);
  hs.home.say(hs.root.id(), hs.room, "!devbox up cpx22 for alice",
              formatted("!devbox up cpx22 for " + pill("@bob:devbox.test", "alice")));
  until_read(world, hs.bob, "✓ bob is up");
  hs.root.say("!devbox up for @alice");
  until_read(world, hs.root, "\"@alice\" is nobody's id here: mention them");
  CHECK(world.servers().size() == 1);
}

TEST_CASE("a message that is edited afterwards is not run again, nor as what it says now") {
  Homeserver hs;
  World world(hs.setting());
  hs.gather(world);
  const auto said = hs.alice.say("!devbox status");
  until_read(world, hs.alice, "You have no workspace yet.");
  hs.alice.edit(said, "!devbox up cpx32");
  hs.alice.say("!devbox timezone");
  until_read(world, hs.alice, "UTC");
  CHECK(world.storage().journal.last_by(world.storage().people.ensure("matrix", hs.alice.id()).id) ==
        std::nullopt);
}

TEST_CASE("what is narrowed is a room by its id, whatever alias it or another one has") {
  Homeserver hs;
  const nlohmann::json named = {{"preset", "public_chat"}, {"room_alias_name", "dev"}};
  const auto other = hs.home.create_room("@host:devbox.test", named);
  World world(hs.setting([&](bot::Config& config) {
    config.matrix->rooms.push_back(other);
    config.settings.policy.rooms = {{hs.room, commands::RoomLimit::read}};
  }));
  hs.gather(world);
  const simulator::Person elsewhere(hs.home, "alice", other);
  hs.alice.say("!devbox up cpx32");
  until_read(world, hs.alice, "`up` is not done in this room, which is for reading only");
  hs.home.say(hs.alice.id(), other, "!devbox quiet 22-7");
  until_read(world, elsewhere, "Reminders do not come to you");
  hs.alice.say("!devbox quiet off");
  until_read(world, hs.alice, "`quiet` is not done in this room");
  CHECK(world.servers().empty());
}
