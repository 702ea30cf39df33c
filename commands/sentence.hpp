#pragma once
#include <exception>
#include <string>

namespace commands {

/// What a person reads of a failure: our own words where there are some, else those of the service, with
/// who said them. Never an address, a type or a token.
std::string sentence(const std::exception_ptr& failure);

/// Whether a create may have happened although it was not confirmed.
bool leaves_outcome_unknown(const std::exception_ptr& failure);

/// Whether it is our own answer to what was asked, and nobody else's failure.
bool is_refusal(const std::exception_ptr& failure);

/// Whether it failed because Hetzner has no server of this kind to sell now.
bool is_sold_out(const std::exception_ptr& failure);

/// What waited was cancelled because the process ends: no failure of anything.
bool ends_the_process(const std::exception_ptr& failure);

}  // namespace commands
