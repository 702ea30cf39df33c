#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/inventory.hpp"

namespace commands {

/// Something in the project, or a device of ours in the tailnet, that belongs to no workspace.
struct Orphan {
  std::string kind;  ///< server | volume | address | device
  std::string id;
  std::string name;
  std::string about;  ///< "cpx32 · fsn1", "20 GB · fsn1"
  hetzner::Money monthly;
  bool ours = false;  ///< labelled by this installation
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Orphan, kind, id, name, about, monthly, ours)
  [[nodiscard]] std::string label() const { return kind + " \"" + name + "\" (" + id + ")"; }
};

/// Servers first, for what they hold is free only after them. Addresses that come and go with a server are no
/// orphans, and neither is anything that an operation is at work on.
std::vector<Orphan> find_orphans(const Services& world, const Inventory& inventory, const Known& known,
                                 const Offer& offer, const std::vector<hetzner::ServerType>& types);

}  // namespace commands
