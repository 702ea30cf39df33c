#include "bot/answers.hpp"

namespace bot {

net::HttpResponse text_response(int status, const std::string& content_type, std::string text) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", content_type}};
  response.body = std::move(text);
  return response;
}

net::HttpResponse json_response(int status, const nlohmann::json& body) {
  return text_response(status, "application/json",
                       body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

net::HttpResponse refusal(int status, const std::string& why) {
  return json_response(status, {{"error", why}});
}

}  // namespace bot
