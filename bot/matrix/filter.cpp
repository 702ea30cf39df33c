#include "bot/matrix/filter.hpp"

namespace bot::matrix {

using nlohmann::json;

const json& event_types() {
  static const json types = {"m.room.message",   "m.reaction",    "m.room.redaction", "m.room.encrypted",
                             "m.room.tombstone", "m.room.member", "m.room.encryption"};
  return types;
}

json sync_filter(const std::string& self) {
  const json nothing = {{"types", json::array()}};
  const json state = {{"types", {"m.room.encryption", "m.room.tombstone", "m.room.member"}},
                      {"lazy_load_members", true}};
  // No types: of a room with more events than it looks at, all of other types, Synapse says nothing, and not
  // that it does.
  const json timeline = {{"limit", 100}, {"lazy_load_members", true}, {"not_senders", {self}}};
  const json room = {
      {"account_data", nothing}, {"ephemeral", nothing}, {"state", state}, {"timeline", timeline}};
  return {{"presence", nothing}, {"account_data", {{"types", {"m.direct"}}}}, {"room", room}};
}

}  // namespace bot::matrix
