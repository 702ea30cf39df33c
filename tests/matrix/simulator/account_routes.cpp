#include <algorithm>
#include <array>

#include "tests/matrix/simulator/call.hpp"

namespace matrix::simulator {
namespace {

using nlohmann::json;

Body add_filter(Call& call) {
  call.must_be_own(call.ids[0]);
  const auto filter = call.object();
  auto& filters = call.home.user(call.session.user).filters;
  const auto known = std::find(filters.begin(), filters.end(), filter);
  const auto id = known - filters.begin();
  if (known == filters.end()) filters.push_back(filter);
  return json{{"filter_id", std::to_string(id)}};
}

Body show_filter(Call& call) {
  call.must_be_own(call.ids[0]);
  const auto& filters = call.home.user(call.session.user).filters;
  for (std::size_t i = 0; i < filters.size(); ++i)
    if (std::to_string(i) == call.ids[1]) return filters[i];
  throw not_found("No such filter");
}

Body set_account_data(Call& call) {
  call.must_be_own(call.ids[0]);
  call.home.set_account_data(call.session.user, call.ids[1], call.object());
  return json::object();
}

Body show_account_data(Call& call) {
  call.must_be_own(call.ids[0]);
  const auto& kept = call.home.user(call.session.user).account_data;
  const auto found = kept.find(call.ids[1]);
  if (found == kept.end()) throw not_found("Account data not found");
  return found->second.content;
}

Body set_room_account_data(Call& call) {
  call.must_be_own(call.ids[0]);
  auto& kept = call.home.user(call.session.user).room_account_data[call.ids[1]][call.ids[2]];
  kept.content = call.object();
  kept.position = call.home.stamp();
  return json::object();
}

Body show_room_account_data(Call& call) {
  call.must_be_own(call.ids[0]);
  const auto& all = call.home.user(call.session.user).room_account_data;
  const auto room = all.find(call.ids[1]);
  if (room == all.end() || !room->second.contains(call.ids[2])) throw not_found("Account data not found");
  return room->second.at(call.ids[2]).content;
}

/// Also told to the rooms, as the member's new event.
Body set_display_name(Call& call) {
  call.must_be_own(call.ids[0]);
  auto& user = call.home.user(call.session.user);
  user.display_name = call.object().at("displayname");
  for (const auto& id : std::set<std::string>(user.rooms))
    if (call.home.room(id).membership(user.id) == "join")
      call.home.set_membership(user.id, id, user.id, "join");
  return json::object();
}

Body show_profile(Call& call) {
  const auto& name = call.home.user(call.ids[0]).display_name;
  json profile = json::object();
  if (!name.empty()) profile["displayname"] = name;
  return profile;
}

Body show_devices(Call& call) {
  json devices = json::array();
  for (const auto& id : call.home.user(call.session.user).devices) devices.push_back({{"device_id", id}});
  return json{{"devices", devices}};
}

Body nothing(Call&) { return json::object(); }

constexpr std::array<Route, 14> account_table = {{
    {"POST", "/_matrix/client/v3/user/*/filter", add_filter},
    {"GET", "/_matrix/client/v3/user/*/filter/*", show_filter},
    {"PUT", "/_matrix/client/v3/user/*/account_data/*", set_account_data},
    {"GET", "/_matrix/client/v3/user/*/account_data/*", show_account_data},
    {"PUT", "/_matrix/client/v3/user/*/rooms/*/account_data/*", set_room_account_data},
    {"GET", "/_matrix/client/v3/user/*/rooms/*/account_data/*", show_room_account_data},
    {"GET", "/_matrix/client/v3/profile/*", show_profile, true},
    {"GET", "/_matrix/client/v3/profile/*/displayname", show_profile, true},
    {"GET", "/_matrix/client/v3/profile/*/avatar_url", nothing, true},
    {"PUT", "/_matrix/client/v3/profile/*/displayname", set_display_name},
    {"PUT", "/_matrix/client/v3/presence/*/status", nothing},
    {"GET", "/_matrix/client/v3/devices", show_devices},
    {"GET", "/_matrix/client/v3/pushrules/",
     [](Call&) -> Body {
       return json{{"global", json::object()}};
     }},
    {"GET", "/_matrix/client/v3/capabilities",
     [](Call&) -> Body {
       const json versions = {{"default", "12"}, {"available", {{"12", "stable"}}}};
       return json{{"capabilities", {{"m.room_versions", versions}}}};
     }},
}};

}  // namespace

std::span<const Route> account_routes() { return account_table; }

}  // namespace matrix::simulator
