#include "bot/slack/card.hpp"

#include <algorithm>

#include "bot/choices.hpp"

namespace bot::slack {
namespace {

using nlohmann::json;

constexpr std::string_view end_of_key = "/ready";

std::string url_in(const std::string& text) {
  const auto line = text.substr(0, text.find('\n'));
  const auto start = line.find("http");
  return start == std::string::npos ? "" : line.substr(start, line.find(' ', start) - start);
}

json open_button(const std::string& url) {
  return {{"type", "button"},
          {"action_id", "open"},
          {"url", url},
          {"text", {{"type", "plain_text"}, {"text", "Open"}}}};
}

}  // namespace

std::optional<Card> card_of(storage::Storage& storage, const std::string& key, const std::string& text) {
  if (!key.ends_with(end_of_key)) return std::nullopt;
  const auto operation = storage.journal.find(key.substr(0, key.size() - end_of_key.size()));
  if (!operation) return std::nullopt;
  const auto running = storage.sessions.running();
  const auto is_its = [&](const storage::SessionRow& session) { return session.operation == operation->id; };
  if (std::none_of(running.begin(), running.end(), is_its)) return std::nullopt;
  const auto workspace = storage.workspaces.find(operation->workspace);
  if (!workspace) return std::nullopt;
  Card card;
  card.url = url_in(text);
  card.buttons = {{"Stop", "down " + workspace->name}, {"Extend 2 h", "extend " + workspace->name + " 2h"}};
  return card;
}

void add_buttons(Content& content, const Card& card, const std::string& key) {
  auto block = actions_of(choices_of(card.buttons), key);
  auto& elements = block["elements"];
  if (!card.url.empty()) elements.insert(elements.begin(), open_button(card.url));
  content.blocks.push_back(std::move(block));
}

}  // namespace bot::slack
