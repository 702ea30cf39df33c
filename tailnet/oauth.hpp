#pragma once
#include <exception>
#include <memory>
#include <string>

#include "net/signal.hpp"
#include "tailnet/answers.hpp"

namespace tailnet {

/// The access token that an OAuth client is given (POST /api/v2/oauth/token): kept, and renewed five minutes
/// before its end. Callers at the same time share one renewal. Throws Error.
class OAuth {
 public:
  OAuth(net::Executor executor, net::Clock& clock, Attempts& attempts, const Options& options);

  net::awaitable<std::string> token();
  /// The API takes this one no more: the next call is given another.
  void forget(const std::string& token);

 private:
  struct Renewal;
  net::awaitable<void> renew();

  net::Executor executor_;
  net::Clock& clock_;
  Attempts& attempts_;
  Answers answers_;
  std::string client_id_;
  std::string client_secret_;
  std::string token_;
  Time renew_at_{};
  std::shared_ptr<Renewal> renewal_;
};

}  // namespace tailnet
