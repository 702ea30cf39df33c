#include "net/tls.hpp"

#include <fmt/format.h>

#include <boost/asio/ssl/verify_mode.hpp>
#include <map>

#include "net/error.hpp"

namespace net {
namespace asio = boost::asio;
namespace {

std::shared_ptr<asio::ssl::context> make_client_tls(const std::string& ca_file) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  // A kept connection is mostly idle: it need not keep 34 KB for what is on its way.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  context->set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code failure;
  if (ca_file.empty())
    context->set_default_verify_paths(failure);
  else
    context->load_verify_file(ca_file, failure);
  if (failure)
    throw Error(fmt::format("cannot read the CA certificates in {}: {}",
                            ca_file.empty() ? "the system's directory" : ca_file, failure.message()));
  return context;
}

}  // namespace

std::shared_ptr<asio::ssl::context> client_tls(const std::string& ca_file) {
  static std::map<std::string, std::weak_ptr<asio::ssl::context>> held;
  auto& known = held[ca_file];
  auto context = known.lock();
  if (context) return context;
  context = make_client_tls(ca_file);
  known = context;
  return context;
}

}  // namespace net
