#include "tests/faults/slack_room.hpp"

#include <algorithm>

namespace faults {
namespace {

using nlohmann::json;
using slack::simulator::Posted;

constexpr int slack_port = 8004;
constexpr auto channel_of_all = "C1";
constexpr auto yes_button = "Yes";

std::string user_of(const std::string& sender) {
  std::string user = "U";
  for (const char c : sender.substr(sender.find(':') + 1))
    user += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return user;
}

std::string said_in(const Posted& message) {
  auto text = message.text;
  while (text.starts_with("<@")) text.erase(0, text.find("> ") + 2);
  for (const auto& [entity, plain] :
       {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&amp;", "&")})
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, std::string(entity).size(), plain);
  return text;
}

std::string key_in(const Posted& message) {
  return message.metadata.is_object() ? message.metadata["event_payload"].value("key", "") : "";
}

bool has_button(const Posted& message) {
  return std::any_of(message.blocks.begin(), message.blocks.end(), [](const json& block) {
    return block["type"] == "actions" && block["elements"][0]["text"]["text"] == yes_button;
  });
}

}  // namespace

/// Without users:read, so that what somebody is called does not depend on an answer.
SlackRoom::SlackRoom(std::string directory, const std::string& address)
    : directory_(std::move(directory)), listen_(address + ":" + std::to_string(slack_port)) {
  team_.scopes.erase("users:read");
}

std::string SlackRoom::config() const {
  return "[slack]\napi_url = \"http://" + listen_ + "/api\"\napp_token_file = \"" + directory_ +
         "/slack-app\"\nbot_token_file = \"" + directory_ + "/slack-bot\"\n";
}

void SlackRoom::open() {
  simulator_.emplace(io_.get_executor(), clock_, team_, slack::simulator::Options{listen_});
  service_.emplace(io_, "http://" + listen_);
  home().on_shown = [this](const Posted& message, bool is_edit) {
    if (!is_edit) look_at(message);
  };
  write_secret(directory_ + "/slack-app", team_.app_token);
  write_secret(directory_ + "/slack-bot", team_.bot_token);
  home().channel(channel_of_all);
}

void SlackRoom::close() {
  service_.reset();
  simulator_.reset();
}

void SlackRoom::take_over(const Room& prepared) { team_ = dynamic_cast<const SlackRoom&>(prepared).team_; }

void SlackRoom::say(const std::string& sender, const std::string& text, const std::string& room) {
  const auto user = user_of(sender);
  const auto channel = room == "room" ? channel_of_all : "D" + user.substr(1);
  home().say(user, channel, text);
  said_.push_back(
      {{"key", team_.envelopes.back().event_id}, {"room", room}, {"sender", sender}, {"text", text}});
}

void SlackRoom::accept(const json& question) {
  const std::string key = question["key"];
  const auto envelope = home().press(question["user"], question["channel"], question["ts"], yes_button);
  if (envelope.empty()) return;
  if (!pressed_.contains(key))
    said_.push_back({{"key", "press/" + key},
                     {"room", question["channel"]},
                     {"sender", question["user"]},
                     {"text", yes_button}});
  pressed_[key] = envelope;
}

void SlackRoom::look_at(const Posted& message) {
  const auto key = key_in(message);
  shown_.push_back({{"key", key}, {"text", said_in(message)}});
  if (!has_button(message) || !message.text.starts_with("<@")) return;
  questions_.push_back({{"key", key},
                        {"channel", message.channel},
                        {"ts", message.ts},
                        {"user", message.text.substr(2, message.text.find('>') - 2)}});
}

/// It was not acknowledged, and the socket that it went out on is no more.
bool SlackRoom::is_lost(const std::string& id) {
  const auto found = std::find_if(team_.envelopes.begin(), team_.envelopes.end(),
                                  [&](const auto& one) { return one.id == id; });
  if (found == team_.envelopes.end() || found->is_acknowledged) return false;
  const auto& links = home().all_links();
  return std::none_of(links.begin(), links.end(),
                      [&](const auto& link) { return link.number == found->last_link; });
}

bool SlackRoom::pump(std::chrono::milliseconds time) {
  io_.restart();
  io_.run_for(time);
  for (; says_yes && seen_ < questions_.size(); ++seen_) accept(questions_[seen_]);
  if (home().links() == 0) return true;
  for (const auto& question : questions_) {
    const auto press = pressed_.find(question["key"].get<std::string>());
    if (press != pressed_.end() && is_lost(press->second)) accept(question);
  }
  return true;
}

bool SlackRoom::is_settled() {
  const auto is_open = [&](const auto& press) { return is_lost(press.second); };
  if (home().waiting() > 0 || std::any_of(pressed_.begin(), pressed_.end(), is_open)) return false;
  return has_nothing_to_do(directory_);
}

}  // namespace faults
