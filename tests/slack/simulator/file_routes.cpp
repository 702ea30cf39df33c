#include <array>

#include "tests/slack/simulator/call.hpp"

/// Files, and the URLs that commands and presses are answered by.
namespace slack::simulator {
namespace {

using nlohmann::json;

json upload_url(Call& call) {
  call.needs_scope("files:write");
  const auto content = net::find_header(call.request.headers, "Content-Type").value_or("");
  if (content.find("json") != std::string::npos) throw Refusal("invalid_arguments");
  static_cast<void>(call.needed("length"));
  const auto id = call.workspace.id("F");
  call.workspace.team.files[id].name = call.needed("filename");
  return {{"upload_url", call.workspace.base_url + "/upload/" + id}, {"file_id", id}};
}

json upload(Call& call) {
  auto& files = call.workspace.team.files;
  const auto file = files.find(call.rest);
  if (file == files.end()) throw Refusal("file_not_found");
  file->second.bytes = call.request.body;
  return "OK - " + std::to_string(call.request.body.size());
}

json complete_upload(Call& call) {
  auto& workspace = call.workspace;
  json shared = json::array();
  for (const auto& one : call.arguments.at("files")) {
    const auto file = workspace.team.files.find(one.at("id"));
    if (file == workspace.team.files.end() || file->second.bytes.empty()) throw Refusal("file_not_found");
    Posted message;
    message.channel = file->second.channel = call.arguments.value("channel_id", "");
    message.user = workspace.team.bot_user;
    message.thread_ts = call.text("thread_ts");
    message.text = call.text("initial_comment");
    workspace.post(message);
    shared.push_back({{"id", file->first}, {"title", one.value("title", "")}});
  }
  return {{"files", shared}};
}

/// Five uses in half an hour: https://docs.slack.dev/interactivity/handling-user-interaction
json respond(Call& call) {
  auto& workspace = call.workspace;
  const auto found = workspace.team.urls.find(call.rest.substr(call.rest.find('/') + 1));
  if (found == workspace.team.urls.end()) throw Refusal("no_such_url");
  auto& url = found->second;
  if (workspace.now() > url.until) throw Refusal("expired_url");
  if (++url.uses > 5) throw Refusal("used_url");
  const auto blocks = call.arguments.value("blocks", json::array());
  check_blocks(blocks);
  Posted* before = nullptr;
  const bool replaces =
      call.arguments.value("replace_original", false) || call.arguments.value("delete_original", false);
  for (auto& message : workspace.team.posts) {
    const bool is_it = url.message_ts.empty() ? message.url_id == found->first : message.ts == url.message_ts;
    if (replaces && is_it && message.channel == url.channel) before = &message;
  }
  if (before) {
    before->text = call.text("text");
    before->blocks = blocks;
    before->is_deleted = call.arguments.value("delete_original", false);
    workspace.changed(*before);
    return "ok";
  }
  Posted message;
  message.channel = url.channel;
  message.user = workspace.team.bot_user;
  message.text = call.text("text");
  message.blocks = blocks;
  message.thread_ts = call.text("thread_ts");
  message.url_id = found->first;
  if (call.arguments.value("response_type", "ephemeral") != "in_channel") message.reader = url.user;
  workspace.post(message);
  return "ok";
}

constexpr std::array<Route, 4> file_table = {{{"POST", "/api/files.getUploadURLExternal", upload_url},
                                              {"POST", "/upload/", upload, Token::none},
                                              {"POST", "/api/files.completeUploadExternal", complete_upload},
                                              {"POST", "/hooks/", respond, Token::none}}};

}  // namespace

std::span<const Route> file_routes() { return file_table; }

}  // namespace slack::simulator
