#include "tailnet/answers.hpp"

#include <algorithm>
#include <cctype>

namespace tailnet {
namespace {

using nlohmann::json;

constexpr std::size_t longest_words = 300;

bool is_one_line(const std::string& text) {
  return !text.empty() && text.size() <= longest_words &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '<' && c != 127; });
}

/// What is wrong with single fields, as problem+json lists it: [{"message", "location"}].
std::string details_of(const json& body) {
  std::string details;
  const auto errors = body.find("errors");
  if (errors == body.end() || !errors->is_array()) return details;
  for (const auto& one : *errors) {
    if (!one.is_object() || !one.contains("message") || !one["message"].is_string()) continue;
    details += (details.empty() ? ": " : "; ") + one["message"].get<std::string>();
  }
  return details;
}

/// The API's own sentence: {"message"}, problem+json's {"detail"}, OAuth's {"error_description"}, or a line
/// of plain text, as headscale's 401.
std::string words_of(const net::HttpResponse& response) {
  const auto body = json::parse(response.body, nullptr, false);
  for (const auto* field : {"message", "detail", "error_description", "error", "title"})
    if (body.is_object() && body.contains(field) && body[field].is_string() && body[field] != "")
      return body[field].get<std::string>() + details_of(body);
  const auto status = "HTTP " + std::to_string(response.status);
  return body.is_discarded() && is_one_line(response.body) ? status + ", " + response.body : status;
}

void replace_all(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "…");
}

void cut_keys(std::string& text, const std::string& prefix) {
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + prefix.size())) {
    auto end = at + prefix.size();
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '-' || text[end] == '_'))
      ++end;
    text.replace(at, end - at, prefix + "…");
  }
}

}  // namespace

std::string name_of(Kind kind) { return kind == Kind::headscale ? "headscale" : "Tailscale"; }

json Answers::body_of(const std::string& wish, const Attempt& last, const std::string& token) const {
  if (!last.succeeded()) throw refusal(wish, last, token);
  if (last.response->body.empty()) return nullptr;
  auto body = json::parse(last.response->body, nullptr, false);
  if (body.is_discarded())
    throw Error(last.status(), name_of(options_.kind) + " was asked to " + wish + ": its answer is not JSON");
  return body;
}

Error Answers::refusal(const std::string& wish, const Attempt& last, const std::string& token) const {
  const auto who = name_of(options_.kind);
  if (!last.response)
    return Error(0, who + (last.sent ? " was asked to " : " cannot be asked to ") + wish + ": " + last.why);
  const auto words = without_secrets(words_of(*last.response), token);
  const auto* verb = last.status() >= 500 ? " failed to " : " refused to ";
  return Error(last.status(), who + verb + wish + ": " + words + advice(last.status(), words));
}

std::string Answers::advice(int status, const std::string& words) const {
  if (options_.kind == Kind::headscale) {
    if (status == 401)
      return "; check the key in [tailnet] api_key_file, which ends after 90 days unless it was made to last";
    if (words.find("user not found") != std::string::npos)
      return "; [tailnet] user must name a user of headscale's, which 0.26 and 0.27 need for every key";
    return "";
  }
  if (status == 401) return "; check the OAuth client's id and secret";
  if (status == 403) return "; the OAuth client needs the scopes auth_keys and devices:core";
  if (words.find("requested tags") != std::string::npos)
    return "; the tag must stand in the policy's tagOwners and belong to the OAuth client";
  return "";
}

/// An API may repeat to us what we sent, and its words reach a chat room.
std::string Answers::without_secrets(std::string words, const std::string& token) const {
  for (const auto& secret : {options_.oauth_client_secret, options_.api_key, token})
    replace_all(words, secret);
  for (const auto* prefix : {"tskey-", "hskey-"}) cut_keys(words, prefix);
  if (words.size() <= longest_words) return words;
  auto end = longest_words;
  while ((static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
  return words.substr(0, end) + "…";
}

}  // namespace tailnet
