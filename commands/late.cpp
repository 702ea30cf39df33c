#include "commands/late.hpp"

#include <spdlog/spdlog.h>

#include "commands/keys.hpp"
#include "commands/sentence.hpp"
#include "commands/stages.hpp"
#include "net/race.hpp"

namespace commands {
namespace {

/// " Its server is off: …" when that is why nothing comes of it any more; "" where it runs, or nobody knows.
net::awaitable<std::string> what_became_of_it(const Operation& op, Services& world) {
  const auto session = world.storage.sessions.current(op.row().workspace);
  if (!session) co_return "";
  const hetzner::ServerId id{session->server_id};
  const auto limit = world.settings.limits.request;
  std::optional<hetzner::Server> server;
  bool is_known = false;
  const auto look = [&]() -> net::awaitable<void> { server = co_await world.cloud.find_server(id); };
  try {
    auto looking = look();
    is_known = co_await net::ends_within(world.clock, limit, std::move(looking));
  } catch (const std::exception& error) {
    if (ends_the_process(std::current_exception())) throw;
    spdlog::warn("operation {}: what became of its server is not known: {}", op.id(), error.what());
  }
  if (!is_known) co_return "";
  if (!server) co_return " Somebody deleted its server meanwhile.";
  co_return server->status == "off" ? " Its server is off: it went off, or was switched off, while it booted."
                                    : "";
}

}  // namespace

net::awaitable<std::string> what_is_late(const Operation& op, Services& world, std::string step) {
  const auto& limits = world.settings.limits;
  const auto limit = step == "boot"           ? limits.stage_boot
                     : step == "join tailnet" ? limits.stage_join
                                              : limits.stage_editor;
  const auto stages = stages_of(world.storage.journal, op.id());
  const auto joined = last_of(stages, "join");
  auto why = co_await what_became_of_it(op, world);
  if (why.empty() && step == "join tailnet" && (!joined || joined->failed))
    why = co_await what_its_key_tells(op, world);
  co_return late_sentence(step, limit, stages) + why;
}

}  // namespace commands
