#include "tests/faults/matrix_room.hpp"

#include <algorithm>

#include "tests/matrix/simulator/event_text.hpp"

namespace faults {
namespace {

using matrix::simulator::Event;
using nlohmann::json;

constexpr int port = 8004;
constexpr auto bot_name = "devbox";
constexpr auto bot_id = "@devbox:devbox.test";
constexpr auto alias = "#room:devbox.test";
constexpr auto yes = "✅";

/// A transaction as the outbox has it.
std::string key_of(std::string transaction) {
  std::replace(transaction.begin(), transaction.end(), '~', '/');
  return transaction;
}

std::vector<std::string> mentioned(const json& content) {
  return content.value("m.mentions", json::object()).value("user_ids", std::vector<std::string>());
}

/// What is said, without the names of those it is said to.
std::string text_of(const json& content) {
  const auto body = content.value("body", "");
  const auto people = mentioned(content);
  const auto greeting = body.find(": ");
  return people.empty() || !body.starts_with(people.front()) ? body : body.substr(greeting + 2);
}

}  // namespace

MatrixRoom::MatrixRoom(std::string directory, const std::string& address)
    : directory_(std::move(directory)), listen_(address + ":" + std::to_string(port)) {}

std::string MatrixRoom::config() const {
  return "[matrix]\nhomeserver = \"http://" + listen_ + "\"\nuser = \"" + bot_id + "\"\npassword_file = \"" +
         directory_ + "/password\"\nrooms = [\"" + alias + "\"]\ninviters = [\"@*:devbox.test\"]\n";
}

void MatrixRoom::open() {
  simulator_.emplace(io_.get_executor(), clock_, contents_, matrix::simulator::Options{listen_});
  service_.emplace(io_, "http://" + listen_);
  home().on_event = [this](const Event& event) { look_at(event); };
  write_secret(directory_ + "/password", std::string(bot_name) + "-pass");
  if (!rooms_.empty()) return;
  home().add_user(bot_name);
  const auto host = home().add_user("host");
  rooms_["room"] = home().create_room(host, {{"preset", "public_chat"}, {"room_alias_name", "room"}});
}

void MatrixRoom::close() {
  service_.reset();
  simulator_.reset();
}

void MatrixRoom::take_over(const Room& prepared) {
  const auto& before = dynamic_cast<const MatrixRoom&>(prepared);
  contents_ = before.contents_;
  rooms_ = before.rooms_;
}

std::string MatrixRoom::room_named(const std::string& name, const std::string& person) {
  auto& id = rooms_[name];
  if (id.empty())
    id = home().create_room(person, {{"invite", json::array({bot_id})}, {"is_direct", true}});
  else
    home().join(person, id);
  return id;
}

void MatrixRoom::say(const std::string& sender, const std::string& text, const std::string& room) {
  const auto person = home().add_user(sender.substr(sender.find(':') + 1));
  const auto id = room_named(room, person);
  keep_said(home().say(person, id, text), sender, room, text);
}

void MatrixRoom::accept(const json& question) {
  const std::string person = question["mentions"][0], room = question["room"];
  keep_said(home().react(person, room, question["event"], yes), person, room, yes);
}

void MatrixRoom::keep_said(const std::string& event, const std::string& sender, const std::string& room,
                           const std::string& text) {
  said_.push_back({{"key", event}, {"room", room}, {"sender", sender}, {"text", text}});
  last_said_ = contents_.position;
}

void MatrixRoom::look_at(const Event& event) {
  const auto is_edit = matrix::simulator::relation_of(event.content) == "m.replace";
  if (event.sender != bot_id || event.type != "m.room.message" || is_edit) return;
  const auto key = key_of(event.txn);
  const auto text = text_of(event.content);
  shown_.push_back({{"key", key}, {"text", text}});
  if (text.find(yes) == std::string::npos) return;
  questions_.push_back(
      {{"key", key}, {"room", event.room}, {"event", event.id}, {"mentions", mentioned(event.content)}});
}

bool MatrixRoom::pump(std::chrono::milliseconds time) {
  io_.restart();
  io_.run_for(time);
  for (; says_yes && pressed_ < questions_.size(); ++pressed_) accept(questions_[pressed_]);
  return true;
}

/// The bot came back for more with a token that stands behind all it was told and every room it had to enter.
bool MatrixRoom::has_read_all() {
  const auto read = home().sync_cache.acknowledged[bot_id];
  return read >= last_said_ && std::all_of(rooms_.begin(), rooms_.end(), [&](const auto& named) {
           const auto own = home().room(named.second).find_state("m.room.member", bot_id);
           return own && own->content.value("membership", "") == "join" && own->position <= read;
         });
}

bool MatrixRoom::is_settled() {
  if (!has_read_all()) return false;
  return has_nothing_to_do(directory_);
}

}  // namespace faults
