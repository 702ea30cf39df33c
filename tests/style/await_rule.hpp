#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace style {

struct Offence {
  int line;
  std::string why;
};

/// The statements of a C++ text that break the coroutine rule: a statement with co_await is
/// `co_await CALL;`, `TYPE name = co_await CALL;`, `name = co_await CALL;` or `co_return co_await CALL;`,
/// where the arguments of CALL are names, member accesses, literals, accessors without arguments, `[&]`
/// lambdas and the few plain calls listed in await_rule.cpp. gcc 12 destroys other temporaries twice, without
/// a warning.
std::vector<Offence> find_await_offences(std::string_view text);

}  // namespace style
