#include "commands/measured.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "commands/sentence.hpp"
#include "net/race.hpp"

namespace commands {
namespace {

constexpr net::Duration measured_span = std::chrono::minutes(10);

Reason reason_of(const hetzner::Load& load, net::Time at) {
  const auto cores = load.cpu / 100;
  Reason reason;
  reason.signal = "measured by Hetzner";
  reason.value = fmt::format("{:.2f} cores, {:.1f} MB/s of disk, {:.1f} MB/s of network", cores,
                             load.disk / 1e6, load.network / 1e6);
  reason.at = at;
  reason.use = is_busy(cores, load.disk) ? Use::work : Use::idle;
  return reason;
}

}  // namespace

net::awaitable<std::optional<Reason>> measured(Services& world, std::int64_t server) {
  const hetzner::ServerId id{server};
  const auto now = world.clock.now();
  const auto from = now - measured_span;
  std::optional<hetzner::Load> load;
  const auto limit = world.settings.limits.request;
  const auto look = [&]() -> net::awaitable<void> { load = co_await world.cloud.load(id, from, now); };
  try {
    auto looking = look();
    co_await net::ends_within(world.clock, limit, std::move(looking));
  } catch (const std::exception& error) {
    if (ends_the_process(std::current_exception())) throw;
    spdlog::warn("what Hetzner measured of server {} cannot be had: {}", server, error.what());
  }
  if (!load) co_return std::nullopt;
  co_return reason_of(*load, now);
}

}  // namespace commands
