#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "net/client.hpp"

namespace faults {

/// A simulator as the driver sees it: a request, its JSON answer; anything but success throws.
class Service {
 public:
  Service(const std::string& url, std::string token);
  /// One that lives on `io`, in this process.
  Service(boost::asio::io_context& io, const std::string& url);
  nlohmann::json get(const std::string& path) { return ask("GET", path, nullptr); }
  nlohmann::json put(const std::string& path, const nlohmann::json& body) { return ask("PUT", path, body); }
  nlohmann::json post(const std::string& path, const nlohmann::json& body) { return ask("POST", path, body); }
  nlohmann::json remove(const std::string& path) { return ask("DELETE", path, nullptr); }

 private:
  nlohmann::json ask(const std::string& method, const std::string& path, const nlohmann::json& body);
  std::unique_ptr<boost::asio::io_context> own_;
  boost::asio::io_context& io_;
  std::string token_;
  net::Client client_;
};

}  // namespace faults
