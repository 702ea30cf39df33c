#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace net {

/// What clients verify servers by: TLS 1.2 or later, the CAs in `ca_file`, or the system's for "". One for
/// all who ask while somebody holds it, for the system's CAs take a megabyte. Throws Error when the file
/// cannot be read.
std::shared_ptr<boost::asio::ssl::context> client_tls(const std::string& ca_file);

}  // namespace net
