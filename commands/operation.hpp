#pragma once
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "commands/message.hpp"
#include "commands/services.hpp"
#include "net/race.hpp"

namespace commands {

/// Somebody stopped the operation; what() says who or what.
struct Cancelled : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A step's deadline has passed; what() is the sentence.
struct Late : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Question {
  std::string text;
  net::Duration open;  ///< then it counts as answered "no"
};

/// One durable run of a command: a coroutine of steps that reads top to bottom (DESIGN, Operations). A
/// finished step's result is in the journal and returned on replay instead of being run again, so a step
/// has at most one effect, makes it true rather than does it, and returns ids, never a secret.
class Operation {
 public:
  /// `resumed`: a process before this one may have been in the middle of it.
  Operation(Services& world, storage::OperationRow row, bool resumed);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  [[nodiscard]] const std::string& id() const { return row_.id; }
  [[nodiscard]] const storage::OperationRow& row() const { return row_; }
  [[nodiscard]] storage::WorkspaceRow workspace() const;
  /// Whether the step that runs now may have had its effect already.
  [[nodiscard]] hetzner::Attempt attempt() const;

  /// Runs `work`, an awaitable maker, once: throws Cancelled before it when the operation was cancelled.
  template <class Work>
  std::invoke_result_t<Work&> step(const char* name, Work work);
  /// A step that changes nothing: whoever lost the right to it before its first other step is refused
  /// (Runner).
  template <class Work>
  std::invoke_result_t<Work&> look(const char* name, Work work);
  /// Whether a step that may have changed something has begun, in this process or one before it.
  [[nodiscard]] bool has_effects() const { return has_effects_; }
  /// A step that only waits: also ended by cancellation, and by `limit`, counted from its first begin, even
  /// if the process was restarted since. Throws Late.
  template <class Work>
  std::invoke_result_t<Work&> step(const char* name, net::Duration limit, Work work);

  /// Durable before it returns; for what must be known of an effect that is about to happen.
  void note(const std::string& name, const std::string& value);
  [[nodiscard]] std::vector<std::string> notes(const std::string& name) const;
  /// "" when there is none.
  [[nodiscard]] std::string last_note(const std::string& name) const;
  [[nodiscard]] std::optional<nlohmann::json> result(const std::string& step) const;

  /// Says a line once, however often it is replayed. The line "plan" is the one that progress edits; any
  /// other mentions the person who asked, and the owner of the workspace when that is somebody else.
  void say(const std::string& line, const std::string& text, std::vector<Button> buttons = {});
  /// Asks the person who started this, once, and waits for "yes" or "no"; "no" when nobody answers.
  net::awaitable<std::string> ask(std::string name, Question question);
  /// The same with the usual time to answer; whether it was yes.
  net::awaitable<bool> agrees(std::string name, std::string text);
  [[nodiscard]] bool is_cancelled() const;
  /// The last progress, for those who ask meanwhile.
  [[nodiscard]] const std::string& progress() const { return progress_; }
  std::function<void()> on_ask = [] {};
  /// What is said of a step that has not ended within its limit.
  std::function<net::awaitable<std::string>(const std::string& step)> on_late =
      [](const std::string& step) -> net::awaitable<std::string> {
    co_return "\"" + step + "\" took too long.";
  };

 private:
  /// The stored result, or nullptr when the step is to run now.
  const nlohmann::json* begin(const std::string& name);
  const nlohmann::json* begin_effect(const std::string& name);
  template <class Work>
  std::invoke_result_t<Work&> run(const char* name, const nlohmann::json* stored, Work work);
  void end(const std::string& name, nlohmann::json result);
  net::awaitable<void> until_late(net::Time deadline);
  net::awaitable<void> wait(const char* name, net::Duration limit, net::awaitable<void> work);
  net::Time deadline(const std::string& name, net::Duration limit);
  [[nodiscard]] std::string key(const std::string& line) const { return row_.id + "/" + line; }
  [[nodiscard]] std::optional<storage::PersonRow> other_owner() const;
  [[nodiscard]] std::string by_line(const storage::PersonRow& owner) const;
  void tell_apart(const std::string& line, Message& message, const storage::PersonRow& owner);
  void queue(const std::string& line, const std::string& kind, const Message& message);

  template <class T>
  static net::awaitable<void> keep(net::awaitable<T> work, std::optional<T>& result) {
    auto value = co_await std::move(work);
    result.emplace(std::move(value));
  }

  Services& world_;
  storage::OperationRow row_;
  std::map<std::string, nlohmann::json> results_;
  bool resumed_;
  bool attempt_resumed_ = false;
  bool has_effects_;
  std::string progress_;
};

template <class Work>
std::invoke_result_t<Work&> Operation::step(const char* name, Work work) {
  return run(name, begin_effect(name), std::move(work));
}

template <class Work>
std::invoke_result_t<Work&> Operation::look(const char* name, Work work) {
  return run(name, begin(name), std::move(work));
}

template <class Work>
std::invoke_result_t<Work&> Operation::run(const char* name, const nlohmann::json* stored, Work work) {
  using T = typename std::invoke_result_t<Work&>::value_type;
  if constexpr (std::is_void_v<T>) {
    if (stored) co_return;
    co_await work();
    end(name, nullptr);
  } else {
    if (stored) co_return stored->template get<T>();
    auto value = co_await work();
    end(name, value);
    co_return value;
  }
}

template <class Work>
std::invoke_result_t<Work&> Operation::step(const char* name, net::Duration limit, Work work) {
  using T = typename std::invoke_result_t<Work&>::value_type;
  const auto* stored = begin_effect(name);
  if constexpr (std::is_void_v<T>) {
    if (stored) co_return;
    auto task = work();
    co_await wait(name, limit, std::move(task));
    end(name, nullptr);
  } else {
    if (stored) co_return stored->template get<T>();
    std::optional<T> value;
    auto task = keep(work(), value);
    co_await wait(name, limit, std::move(task));
    end(name, *value);
    co_return std::move(*value);
  }
}

}  // namespace commands
