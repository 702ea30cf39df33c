#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "tests/matrix/simulator/homeserver.hpp"

namespace matrix::simulator {

/// Log-ins and their tokens. With a lifetime in the limits, a log-in that asks for a refresh token gets one,
/// and an access token that ends; a refresh token holds until the token it was exchanged for is used.
nlohmann::json log_in(Homeserver& home, const nlohmann::json& body);
nlohmann::json refresh(Homeserver& home, const std::string& refresh_token);
void log_out(Homeserver& home, const std::string& access_token);

/// Whose token it is; marks it used. Throws the 401 Refusal: soft when it has merely expired.
Session authenticate(Homeserver& home, const std::string& access_token);

/// As an administrator may: every access token of the user ends, softly or for good.
void expire_tokens(Homeserver& home, const std::string& user);
void log_out_user(Homeserver& home, const std::string& user);

}  // namespace matrix::simulator
