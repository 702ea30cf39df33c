#include "tests/faults/service.hpp"

#include <stdexcept>

#include "tests/run.hpp"

namespace faults {

Service::Service(const std::string& url, std::string token)
    : own_(std::make_unique<boost::asio::io_context>(1)),
      io_(*own_),
      token_(std::move(token)),
      client_(io_.get_executor(), net::parse_endpoint(url)) {}

Service::Service(boost::asio::io_context& io, const std::string& url)
    : io_(io), client_(io_.get_executor(), net::parse_endpoint(url)) {}

nlohmann::json Service::ask(const std::string& method, const std::string& path, const nlohmann::json& body) {
  net::HttpRequest request;
  request.method = method;
  request.target = path;
  request.headers = {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}};
  if (!body.is_null()) request.body = body.dump();
  const auto response = run(io_, client_.fetch(request, std::chrono::seconds(10)));
  if (response.status >= 300)
    throw std::runtime_error(method + " " + path + " was answered " + std::to_string(response.status) + ": " +
                             response.body);
  return response.body.empty() ? nlohmann::json() : nlohmann::json::parse(response.body);
}

}  // namespace faults
