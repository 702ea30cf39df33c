#pragma once
#include <string>

#include "commands/operation.hpp"
#include "commands/people.hpp"
#include "commands/plan.hpp"
#include "commands/verbs.hpp"

/// [policy] approve: what is ordered only when somebody else has allowed it.
namespace commands {

/// In place of a type's name in `approved`: whatever is asked for.
inline constexpr const char* any_type = "*";

/// Why this type at this price wants consent, "ccx63 needs an operator's consent ([policy] approve)"; "" = it
/// does not.
std::string consent_for(const Services& world, const std::string& type, hetzner::Money hourly);

/// What goes into `approved` when this person brings up a workspace of `owner`: an operator who acts for
/// another one is the second pair of eyes, and admins make the rule; "" = nothing.
std::string consent_of(Role role, std::int64_t person, std::int64_t owner);

/// Notes in the plan whether consent is needed, where none was given for its type, and leaves out what would
/// need it of the types that may take its place.
void mark_consent(const Services& world, Plan& plan, const std::string& approved);

/// An `up` that may not go on becomes a request, once; what its asker is told.
net::awaitable<std::string> ask_for_consent(const Operation& op, Services& world, const Plan& plan);

/// Stores a request and asks the operators; `price` is shown with it. Of the same origin it is the same
/// request. Returns its row.
storage::RequestRow ask_operators(Services& world, storage::RequestRow row, const std::string& price);

/// What `approve` and `deny` are about. Throws NotAllowed when the caller is who requested it, Error when
/// there is no such request.
storage::RequestRow request_of_another(Services& world, const Caller& caller, const Request& ask);

/// What was asked, for those who decide and for whoever asked: "cpx52 for @bob's workspace main".
std::string subject_of(Services& world, const storage::RequestRow& row);
/// Tells whoever asked what became of it: "approved by @root".
void tell_decision(Services& world, const storage::RequestRow& row, const std::string& what);

}  // namespace commands
