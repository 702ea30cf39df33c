#pragma once
#include <optional>
#include <type_traits>

#include "commands/people.hpp"

namespace commands {

/// Whose workspaces a command reaches: none at all, the caller's own, or also what is shared with the caller.
enum class Reach { none, own, shared };

/// Whether a command changes anything: in a room for reading only, what does is refused.
enum class Effect { reads, changes };

/// Who may say a command, and how far it reaches. Without a default: a command that does not declare it does
/// not compile.
struct Access {
  constexpr Access(Role needed, Effect what, Reach reached, std::optional<Role> for_others = std::nullopt,
                   std::optional<Role> at_once = std::nullopt)
      : tier(needed), effect(what), reach(reached), others(for_others), all(at_once) {}
  Role tier;  ///< who may say it at all
  Effect effect;
  Reach reach;
  std::optional<Role> others;  ///< from whom on it reaches everybody's workspaces; nullopt = from nobody
  std::optional<Role> all;     ///< from whom on it may be said of all of them at once; nullopt = by nobody
};
static_assert(!std::is_default_constructible_v<Access>);

}  // namespace commands
