#include <array>

#include "tests/matrix/simulator/call.hpp"

namespace matrix::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t largest_upload = 52'428'800;

Body upload(Call& call) {
  if (call.request.body.size() > largest_upload)
    throw Refusal(413, "M_TOO_LARGE", "Upload request body is too large");
  const auto id = call.home.random_id().substr(0, 24);
  call.home.contents.media[id] = call.request.body;
  return json{{"content_uri", "mxc://" + call.home.contents.server_name + "/" + id}};
}

Body download(Call& call) {
  const auto found = call.home.contents.media.find(call.ids[1]);
  if (found == call.home.contents.media.end()) throw not_found("Not found");
  return {found->second, "application/octet-stream"};
}

Body config(Call&) { return json{{"m.upload.size", largest_upload}}; }

constexpr std::array<Route, 5> media_table = {{
    {"POST", "/_matrix/media/v3/upload", upload},
    {"GET", "/_matrix/media/v3/config", config},
    {"GET", "/_matrix/client/v1/media/config", config},
    {"GET", "/_matrix/client/v1/media/download/*/*", download},
    {"GET", "/_matrix/client/v1/media/download/*/*/*", download},
}};

}  // namespace

std::span<const Route> media_routes() { return media_table; }

}  // namespace matrix::simulator
