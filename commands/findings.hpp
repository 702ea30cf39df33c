#pragma once
#include <string>
#include <vector>

#include "commands/inventory.hpp"

/// What differs between the project and the database. Pure: told from done (reconciler.hpp).
namespace commands {

struct Finding {
  enum class Kind {
    server_gone,  ///< deleted outside
    server_off,   ///< powered off outside; still billed
    server_renamed,
    labels_edited,
    volume_gone,
    volume_elsewhere,  ///< detached from the running server, or at another one
    address_gone,
    address_elsewhere,
    unprotected_volume,
    unprotected_address,
    lost_server,  ///< made by an operation of ours that has ended and undone everything it knew of
  };
  Kind kind{};
  std::int64_t workspace = 0;  ///< 0 for lost_server
  std::int64_t id = 0;         ///< of the server, volume or address
  std::string text;            ///< to the owner, a sentence; "" = nobody has to know
};

/// Nothing is found of workspaces where an operation is at work.
std::vector<Finding> compare(const Inventory& inventory, const Known& known);

/// Nothing of several workspaces exists: as likely as not the token is of another project.
bool is_another_project(const Inventory& inventory, const Known& known);

/// "<workspace>/server_gone/123".
std::string key_of(const Finding& finding);

}  // namespace commands
