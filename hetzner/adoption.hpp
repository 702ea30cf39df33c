#pragma once
#include <algorithm>
#include <exception>
#include <optional>
#include <string>

#include "hetzner/cloud.hpp"

namespace hetzner {

template <class T>
bool carries(const T& found, const Labels& ours) {
  return std::all_of(ours.begin(), ours.end(), [&](const auto& label) {
    const auto has = found.labels.find(label.first);
    return has != found.labels.end() && has->second == label.second;
  });
}

/// Throws ApiError uniqueness_error when `found`, which has the name we want, does not carry all of `ours`.
template <class T>
void require_ours(const T& found, const Labels& ours) {
  if (!carries(found, ours))
    throw ApiError(409, "uniqueness_error", "\"" + found.name + "\" exists in the project and is not ours",
                   "name");
}

/// Who cannot look does not know what came of the creation before.
template <class T, class Find>
net::awaitable<std::optional<T>> looked_for(Find& find) {
  try {
    co_return co_await find();
  } catch (const Unavailable& unavailable) {
    throw OutcomeUnknown(unavailable.what());
  }
}

/// Creates what is to be called `name`, at most twice, or adopts it: Hetzner knows no idempotency key, but
/// names are unique. On the first attempt it creates without looking; after a refused name, an unknown
/// outcome or a crash (`resumed`) it looks first. `find()` → optional<T>, throws when the found one is not
/// ours; `create(name)` → T. The second unknown outcome is the caller's.
template <class T, class Find, class Create>
net::awaitable<T> ensure(const std::string& name, Attempt attempt, Find& find, Create& create) {
  bool look = attempt == Attempt::resumed;
  std::exception_ptr failure;
  for (int posts = 0;; ++posts) {
    if (look) {
#ifdef DEVBOX_BUG_NO_ADOPTION
      // Seeded for the fault driver, which must notice that things are made twice.
      const auto other = name + "-2";
      co_return co_await create(other);
#endif
      auto found = co_await looked_for<T>(find);
      if (found) co_return std::move(*found);
    }
    if (posts == 2) std::rethrow_exception(failure);
    try {
      co_return co_await create(name);
    } catch (const ApiError& error) {
      if (error.code != "uniqueness_error") throw;
      failure = std::current_exception();
    } catch (const OutcomeUnknown&) {
      if (posts == 1) throw;
    }
    look = true;
  }
}

}  // namespace hetzner
