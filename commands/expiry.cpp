#include "commands/expiry.hpp"

#include <algorithm>

#include "commands/approval.hpp"
#include "commands/post.hpp"
#include "commands/whose.hpp"

namespace commands {
namespace {

void end_share(Services& world, const storage::ShareRow& share) {
  const auto workspace = world.storage.workspaces.find(share.workspace).value();
  const auto person = world.storage.people.find(share.person).value();
  Message message;
  message.text = workspace.hostname + " is no longer shared with " + shown(person) +
                 ": the time has passed. What the tailnet's policy allows stays as it is.";
  message.mentions = {sender_of(world.storage, workspace.owner), sender_of(world.storage, person.id)};
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.shares.remove(share.workspace, share.person);
    post(world, {share.chat, share.room, share.thread},
         "share/" + std::to_string(share.workspace) + "/" + std::to_string(share.person) + "/" +
             std::to_string(storage::to_ms(share.until)),
         "final", message);
  });
}

void end_request(Services& world, const storage::RequestRow& row) {
  world.storage.database.write(storage::Commit::full, [&] {
    if (!world.storage.requests.decide(row.id, "expired", 0)) return;
    tell_decision(world, row, "was not decided in time and counts as denied; nothing was made");
  });
}

}  // namespace

std::optional<net::Time> end_due(Services& world) {
  const auto now = world.clock.now();
  for (const auto& share : world.storage.shares.due(now)) end_share(world, share);
  for (const auto& row : world.storage.requests.due(now)) end_request(world, row);
  const auto share = world.storage.shares.next();
  const auto request = world.storage.requests.next();
  if (!share || !request) return share ? share : request;
  return std::min(*share, *request);
}

}  // namespace commands
