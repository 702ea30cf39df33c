#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace commands {

/// A refusal the person must read: what was wanted, what happened, what to do. `what()` is posted as it is.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Not this person's to do, or not there.
struct NotAllowed : Error {
  using Error::Error;
};

/// Nothing of the kind that was asked for is sold where it was asked for.
struct SoldOut : Error {
  using Error::Error;
};

/// A parsed line: `up cpx32 name image=x --plan for @bob for 3h` → verb, words, options, flags.
struct Request {
  std::string verb;                ///< canonical: the alias "start" is "up"
  std::vector<std::string> words;  ///< what is left, in order, unquoted
  std::map<std::string, std::string>
      options;                  ///< key=value, keys lower-case; also for=3h, until=18:00, in=20m
  std::set<std::string> flags;  ///< --plan → "plan"
  std::string person;           ///< `for @user` or a leading @user, without the @; "" = none
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Request, verb, words, options, flags, person)
};

}  // namespace commands
