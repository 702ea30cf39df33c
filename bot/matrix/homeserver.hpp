#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "net/client.hpp"

namespace bot::matrix {

/// The homeserver's answer to a request that it does not fulfil: {"errcode","error"}
/// (https://spec.matrix.org/latest/client-server-api/#standard-error-response).
struct Refusal : std::runtime_error {
  Refusal(const std::string& what, int code) : std::runtime_error(what), status(code) {}
  int status;
  std::string errcode;  ///< "M_FORBIDDEN"; "" when the body was none of Matrix's
  std::string error;
  bool soft_logout = false;
  std::optional<net::Duration> wait;  ///< Retry-After, or retry_after_ms
  [[nodiscard]] bool is_limit() const { return status == 429; }
  /// The homeserver says so itself, in Matrix's words.
  [[nodiscard]] bool is(int wanted) const { return status == wanted && !errcode.empty(); }
  /// Nobody knows whether it happened: the homeserver is in trouble, or what stands before it, which does not
  /// find it or does not let us through.
  [[nodiscard]] bool is_trouble() const {
    const bool is_unknown = errcode.empty() && (status == 401 || status == 404);
    return status >= 500 || status < 400 || status == 408 || is_unknown;
  }
};

struct Call {
  std::string method;
  std::string target;  ///< "/_matrix/client/v3/sync?…"
  std::string body;
  std::string token;  ///< "" = without one
  std::string content_type = "application/json";
};

/// Requests to one homeserver, without a session.
class Homeserver {
 public:
  /// `place`: a URL, or a server's name, which is looked up when it is first needed.
  Homeserver(net::Executor executor, std::string place, std::string ca_file);

  /// Finds out where the homeserver is and that it speaks what we need; may be repeated. Throws net::Error,
  /// Refusal, and Unsupported.
  net::awaitable<void> ensure_found(net::Duration timeout);
  /// The body of a 2xx answer. Throws Refusal and net::Error.
  net::awaitable<std::string> call(Call call, net::Duration timeout);

  [[nodiscard]] const net::Tally& tally() const { return *tally_; }

  struct Unsupported : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

 private:
  net::awaitable<std::string> discover(net::Duration timeout);
  net::awaitable<std::string> well_known(net::Duration timeout);
  [[nodiscard]] std::unique_ptr<net::Client> client_of(const std::string& url) const;

  net::Executor executor_;
  std::string place_;
  std::string ca_file_;
  std::unique_ptr<net::Client> client_;
  bool is_found_ = false;
  std::shared_ptr<net::Tally> tally_ = std::make_shared<net::Tally>();
};

/// A path's variable part: every byte but unreserved ones as %XX.
std::string escaped(const std::string& text);

/// The body as a JSON object. Throws BadAnswer.
nlohmann::json object_of(const std::string& body);
/// A string member; "" when it is not there or something else.
std::string text_of(const nlohmann::json& object, const char* key);

}  // namespace bot::matrix
