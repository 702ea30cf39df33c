#pragma once
#include <map>
#include <string>

#include "bot/matrix/api.hpp"

namespace bot::matrix {

/// The first sign that a message was seen: a read receipt, and typing until the answer is there. Neither
/// counts against the homeserver's limit of messages. An answer that comes at once is sign enough.
class Signs {
 public:
  Signs(net::Executor executor, net::Clock& clock, Api& api, const Options& options);

  void seen(const std::string& room, const std::string& event);
  /// Something was said in the room.
  void answered(const std::string& room);

 private:
  struct Waiting {
    std::string event;
    std::uint64_t number = 0;  ///< tells one wait in a room from the next
    bool is_typing = false;
  };
  net::awaitable<void> show(std::string room, std::uint64_t number);
  [[nodiscard]] Waiting* find(const std::string& room, std::uint64_t number);
  net::awaitable<void> type(std::string room, bool typing);
  net::awaitable<void> ask(Call call);

  net::Executor executor_;
  net::Clock& clock_;
  Api& api_;
  const Options& options_;
  std::map<std::string, Waiting> waiting_;
  std::uint64_t numbers_ = 0;
};

}  // namespace bot::matrix
