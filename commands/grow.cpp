#include <algorithm>
#include <charconv>

#include "commands/card.hpp"
#include "commands/ledger.hpp"
#include "commands/printable.hpp"
#include "commands/running.hpp"
#include "commands/utf8.hpp"
#include "commands/verbs.hpp"

/// `grow 40`: the volume first, at Hetzner, then the file system on it, by the workspace that has it mounted.
namespace commands {
namespace {

/// https://docs.hetzner.cloud/reference/cloud#volumes-create-a-volume: from 10 GB to 10 TB.
constexpr int largest_volume_gb = 10'240;

/// What the workspace said of its file system; silence is an answer, too.
struct Grown {
  bool runs = false;
  bool was_silent = false;
  std::string error;  ///< "" = it is as large as the volume
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Grown, runs, was_silent, error)
};

std::optional<int> gigabytes_in(std::string text) {
  if (text.ends_with("GB") || text.ends_with("gb")) text.resize(text.size() - 2);
  int gb = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, gb);
  if (read.ec == std::errc::result_out_of_range) return largest_volume_gb + 1;
  if (read.ec != std::errc() || read.ptr != end || gb < 1) return std::nullopt;
  return gb;
}

/// `grow 40 [name]`, in any order: takes the size off the words.
int take_size(Request& ask) {
  const auto found = std::find_if(ask.words.begin(), ask.words.end(),
                                  [](const auto& word) { return gigabytes_in(word).has_value(); });
  if (found == ask.words.end())
    throw Error("`grow` wants the new size in whole GB, as in `grow 40`. Nothing was done.");
  const auto size = gigabytes_in(*found).value();
  const auto unit = ask.words.erase(found);
  if (unit != ask.words.end() && lower(*unit) == "gb") ask.words.erase(unit);
  return size;
}

void check_size(const storage::WorkspaceRow& workspace, int size) {
  if (workspace.volume_id == 0)
    throw Error(workspace.hostname + " has no volume yet: its first `up` makes one. Nothing was done.");
  const auto has = std::to_string(workspace.volume_gb) + " GB";
  if (size > largest_volume_gb)
    throw Error("A volume at Hetzner has at most " + std::to_string(largest_volume_gb) +
                " GB. Nothing was done.");
  if (size == workspace.volume_gb)
    throw Error(workspace.hostname + " has " + has + " already. Nothing was done.");
  if (size < workspace.volume_gb)
    throw Error(workspace.hostname + " has " + has + ", and a volume can only grow. Nothing was done.");
}

int size_of(const Request& ask) { return std::stoi(ask.options.at("size")); }

net::awaitable<std::string> what_it_costs(const Operation& op, Services& world, const Request& ask) {
  const auto offer = co_await world.project.offer();
  const auto workspace = op.workspace();
  const auto monthly = [&](int gb) {
    return hetzner::with_currency(volume_monthly(world, offer, gb), offer.pricing.currency, 2);
  };
  co_return "Grow the volume of " + workspace.hostname + " from " + std::to_string(workspace.volume_gb) +
      " to " + std::to_string(size_of(ask)) + " GB? It costs " + monthly(size_of(ask)) +
      " a month then, instead of " + monthly(workspace.volume_gb) +
      ", also while it is down, and cannot be made smaller again.";
}

net::awaitable<void> grow_volume(const Operation& op, Services& world, const Request& ask) {
  const auto workspace = op.workspace();
  const hetzner::VolumeId id{workspace.volume_id};
  const auto size = size_of(ask);
  // Another one may have come before it.
  if (size < workspace.volume_gb) check_size(workspace, size);
  co_await world.cloud.grow_volume(id, size);
  const auto offer = co_await world.project.offer();
  hetzner::Volume volume;
  volume.id = id;
  volume.location = workspace.location;
  volume.size_gb = size;
  world.storage.database.write(storage::Commit::full, [&] {
    world.storage.workspaces.set_volume(workspace.id, workspace.location, id.value, size);
    hold_volume(world, offer, workspace.id, volume, world.clock.now());
  });
}

net::awaitable<Grown> grow_file_system(const Operation& op, Services& world) {
  const auto session = world.storage.sessions.current(op.row().workspace);
  Grown grown;
  grown.runs = session && !session->node_name.empty();
  if (!grown.runs) co_return grown;
  const Reports::Source source{op.row().workspace, session->operation};
  const Order order{"grow", op.id() + "/grow"};
  const auto limit = world.settings.limits.flush;
  const auto report = co_await world.reports.until_done(source, order, limit);
  grown.was_silent = !report;
  if (!report) co_return grown;
  const auto done = report->value("done", nlohmann::json::object());
  if (!done.value("ok", false)) grown.error = cut(printable(done.value("error", "it does not say why")), 200);
  co_return grown;
}

std::string outcome(const Operation& op, Services& world, const Grown& grown) {
  const auto workspace = op.workspace();
  const auto text =
      "✓ The volume of " + workspace.hostname + " has " + std::to_string(workspace.volume_gb) + " GB";
  if (!grown.runs) return text + "; its file system grows at the next `up`.";
  if (!grown.was_silent && grown.error.empty()) return text + ", and /home is as large.";
  return text +
         ", but /home is as it was: " + (grown.was_silent ? "the workspace does not answer" : grown.error) +
         ". It grows at the next `up`: " + line_for(world, workspace, "rebuild") + " makes one.";
}

}  // namespace

net::awaitable<void> grow(Operation& op, Services& world, const Request& ask) {
  auto question = co_await op.look("price", [&] { return what_it_costs(op, world, ask); });
  const bool agreed = co_await op.agrees("grow", question);
  if (!agreed) {
    op.say("grown", "✓ Nothing was changed: " + op.workspace().hostname + " keeps its size.");
    co_return;
  }
  co_await op.step("grow volume", [&] { return grow_volume(op, world, ask); });
  auto grown = co_await op.step("grow file system", [&] { return grow_file_system(op, world); });
  op.say("grown", outcome(op, world, grown));
}

Begin begin_grow(Services& world, const Caller& caller, const Request& asked) {
  auto ask = asked;
  const auto size = take_size(ask);
  const auto workspace = workspace_of(world, caller, ask);
  check_rest(world, workspace);
  check_size(workspace, size);
  ask.options["size"] = std::to_string(size);
  return operation_of(world, caller, ask, workspace.id);
}

}  // namespace commands
