#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "net/http.hpp"

namespace bot {

/// What the HTTP endpoint answers.
net::HttpResponse text_response(int status, const std::string& content_type, std::string text);
/// Bytes that are no UTF-8 are replaced.
net::HttpResponse json_response(int status, const nlohmann::json& body);
/// {"error": why}
net::HttpResponse refusal(int status, const std::string& why);

}  // namespace bot
