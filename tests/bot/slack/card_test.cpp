#include "tests/bot/slack/story.hpp"
#include "tests/catch.hpp"

using namespace bot;
using namespace bot::test;

namespace {

/// U2's workspace is up, as an `up` in C1 has left it; the key of its card.
std::string up_in_slack(SlackStory& story) {
  auto& storage = story.process->storage;
  storage::WorkspaceRow workspace;
  workspace.owner = storage.people.ensure("slack", "T1/U2").id;
  workspace.name = "main";
  workspace.hostname = "alice";
  workspace.id = storage.workspaces.add(workspace);
  storage::OperationRow up;
  up.id = storage::operation_id("slack/Ev1");
  up.origin = "slack/Ev1";
  up.verb = "up";
  up.request = {{"verb", "up"}};
  up.workspace = workspace.id;
  up.actor = workspace.owner;
  up.state = "done";
  up.created = up.finished.emplace(story.process->clock.now());
  storage.journal.add(up);
  storage::SessionRow session;
  session.server_id = 42;
  session.workspace = workspace.id;
  session.operation = up.id;
  session.type = "cpx32";
  session.location = "fsn1";
  session.image = "1";
  session.currency = "EUR";
  session.created = story.process->clock.now();
  storage.sessions.add(session);
  return up.id + "/ready";
}

std::vector<std::string> labels_of(const ::slack::simulator::Posted& message) {
  std::vector<std::string> labels;
  for (const auto& block : message.blocks)
    if (block["type"] == "actions")
      for (const auto& button : block["elements"]) labels.push_back(button["text"]["text"]);
  return labels;
}

const commands::Message card_text = {
    "✓ alice is up — https://alice.tail1234.ts.net\n  cpx32", {"slack:T1/U2"}, {}};

}  // namespace

TEST_CASE("the card of a workspace that is up can be opened, stopped and extended by its buttons",
          "[slack]") {
  SlackStory story;
  story.start();
  const auto key = up_in_slack(story);
  story.post(key, card_text);
  story.settle();
  const auto card = story.newest();
  CHECK(labels_of(card) == std::vector<std::string>{"Open", "Stop", "Extend 2 h"});
  const auto& buttons = card.blocks.back()["elements"];
  CHECK(buttons[0]["url"] == "https://alice.tail1234.ts.net");
  CHECK(buttons[1].contains("confirm"));
  CHECK(card.text == "<@U2> ✓ alice is up — https://alice.tail1234.ts.net\n  cpx32");

  // A button that is a link brings a press, too, which does nothing.
  story.home.press("U2", "C1", card.ts, "Open");
  story.home.press("U2", "C1", card.ts, "Extend 2 h");
  story.settle();
  story.pass(5s);
  CHECK(story.newest().text.find("alice") != std::string::npos);
  CHECK(story.newest().ts != card.ts);
  CHECK(labels_of(*story.home.find("C1", card.ts)) == std::vector<std::string>{"Open", "Stop"});

  // What was extended can still be stopped, and what was pressed is used.
  story.home.press("U2", "C1", card.ts, "Stop");
  story.settle();
  story.pass(5s);
  CHECK(labels_of(*story.home.find("C1", card.ts)).empty());
  CHECK(story.process->storage.inbox.has("slack/pressed/" + key + "/down main"));
  CHECK(story.home.lost() == 0);
}

TEST_CASE("a card's buttons do nothing when its server is gone", "[slack]") {
  SlackStory story;
  story.start();
  const auto key = up_in_slack(story);
  story.post(key, card_text);
  story.settle();
  const auto card = story.newest();
  story.process->storage.sessions.end(42, story.process->clock.now());
  story.home.press("U2", "C1", card.ts, "Stop");
  story.settle();
  CHECK(story.newest().text.starts_with("That button is of what was"));
  CHECK(story.newest().reader == "U2");
  CHECK(story.process->storage.journal.unfinished().empty());
  CHECK(story.home.lost() == 0);
}
