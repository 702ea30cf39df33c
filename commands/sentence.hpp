#pragma once
#include <exception>
#include <string>

namespace commands {

/// What a person reads of a failure: our own words where there are some, else those of the service, with
/// who said them. Never an address, a type or a token.
std::string sentence(const std::exception_ptr& failure);

/// Whether a create may have happened although it was not confirmed.
bool leaves_outcome_unknown(const std::exception_ptr& failure);

}  // namespace commands
