#pragma once
#include <cstdint>
#include <memory>

#include "net/clock.hpp"
#include "net/server.hpp"

namespace net {

/// Request log and fault plan of a simulator, the same for every one: wraps its handler and serves
/// GET /_sim/requests[?since=N] → [{n,method,path,query,body,status}] and POST /_sim/faults
/// {method,path(glob),status,code,delay_ms,cut:"before|after|half",spoil:"body|type|http",drip_ms,kill:pid,
/// count,skip} → {id},
/// GET /_sim/faults → [{id}] of those that have not begun for the last time, DELETE /_sim/faults.
/// `cut` "before": the connection is closed and nothing happens; "after": it happens, then the connection is
/// closed without an answer; "half": it happens, half of the body that was announced is sent.
/// `spoil` "body": bytes that are no JSON; "type": the answer says that it is HTML; "http": it is not HTTP.
/// `drip_ms`: it is sent a byte each so many ms. Both happen, unless there is a `status`.
/// `kill` sends SIGKILL to that process at the same moment; without `cut`: after the answer's last byte.
/// With `status` the handler is not called: the error is answered in the API's envelope made by `error_body`.
/// `skip` lets the first matches pass; `count` (default 1) ends the fault. Requests under /_sim/ are neither
/// logged nor faulted. A held answer counts when it is answered.
class Faults {
 public:
  using ErrorBody = std::function<std::string(int status, const std::string& code)>;
  Faults(Clock& clock, ErrorBody error_body);
  ~Faults();
  [[nodiscard]] Server::Handler wrap(Server::Handler handler);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace net
