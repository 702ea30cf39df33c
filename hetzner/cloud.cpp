#include "hetzner/cloud.hpp"

#include <algorithm>

#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

using nlohmann::json;

/// All of a kind ("servers") that match the query.
template <class T>
net::awaitable<std::vector<T>> all(Api& api, std::string kind, net::Query query = {}) {
  const auto path = "/" + kind;
  const auto found = co_await api.list(path, kind, query);
  co_return found.template get<std::vector<T>>();
}

template <class T>
net::awaitable<std::optional<T>> named(Api& api, std::string kind, std::string name) {
  const net::Query query{{"name", name}};
  auto found = co_await all<T>(api, kind, query);
  // The filter is exact; a name that it let through by chance must not be adopted.
  std::erase_if(found, [&](const T& one) { return one.name != name; });
  if (found.empty()) co_return std::nullopt;
  co_return std::move(found.front());
}

template <class T>
net::awaitable<std::optional<T>> numbered(Api& api, std::string kind, std::int64_t id, std::string key) {
  const auto path = kind + "/" + std::to_string(id);
  try {
    const auto answer = co_await api.get(path);
    co_return reading::required(answer, key).template get<T>();
  } catch (const ApiError& error) {
    if (error.code != "not_found") throw;
  }
  co_return std::nullopt;
}

/// "k=v,k=v": all of them (https://docs.hetzner.cloud/#label-selector).
net::Query selecting(const Labels& labels) {
  if (labels.empty()) return {};
  std::string selector;
  for (const auto& [key, value] : labels) selector += (selector.empty() ? "" : ",") + key + "=" + value;
  return {{"label_selector", selector}};
}

}  // namespace

void to_json(json& json, const CreatedServer& server) {
  json = {{"id", server.id},
          {"name", server.name},
          {"server_type", server.server_type},
          {"ipv4", server.ipv4},
          {"created", server.created.time_since_epoch().count()},
          {"actions", server.actions},
          {"volume_attached", server.volume_attached}};
}

void from_json(const json& json, CreatedServer& server) {
  json.at("id").get_to(server.id);
  json.at("name").get_to(server.name);
  server.server_type = json.value("server_type", "");
  json.at("ipv4").get_to(server.ipv4);
  server.created = Time(std::chrono::milliseconds(json.at("created").get<std::int64_t>()));
  json.at("actions").get_to(server.actions);
  json.at("volume_attached").get_to(server.volume_attached);
}

net::awaitable<std::vector<ServerType>> Cloud::server_types() {
  return all<ServerType>(api_, "server_types");
}
net::awaitable<std::vector<Location>> Cloud::locations() { return all<Location>(api_, "locations"); }
net::awaitable<std::vector<SshKey>> Cloud::ssh_keys() { return all<SshKey>(api_, "ssh_keys"); }
net::awaitable<std::vector<Firewall>> Cloud::firewalls() { return all<Firewall>(api_, "firewalls"); }

net::awaitable<std::vector<Server>> Cloud::servers(Labels labels) {
  return all<Server>(api_, "servers", selecting(labels));
}
net::awaitable<std::vector<Volume>> Cloud::volumes(Labels labels) {
  return all<Volume>(api_, "volumes", selecting(labels));
}
net::awaitable<std::vector<PrimaryIp>> Cloud::primary_ips(Labels labels) {
  return all<PrimaryIp>(api_, "primary_ips", selecting(labels));
}

net::awaitable<Pricing> Cloud::pricing() {
  const auto answer = co_await api_.get("/pricing");
  co_return reading::required(answer, "pricing").get<Pricing>();
}

net::awaitable<std::vector<Image>> Cloud::snapshots(std::string flavour) {
  const net::Query query{{"type", "snapshot"},
                         {"status", "available"},
                         {"label_selector", "os-flavor=" + flavour},
                         {"sort", "created:desc"}};
  auto images = co_await all<Image>(api_, "images", query);
  std::stable_sort(images.begin(), images.end(),
                   [](const Image& a, const Image& b) { return a.created > b.created; });
  co_return images;
}

net::awaitable<std::vector<Image>> Cloud::snapshots() {
  const net::Query query{{"type", "snapshot"},
                         {"status", "available"},
                         {"label_selector", "os-flavor"},
                         {"sort", "created:desc"}};
  auto images = co_await all<Image>(api_, "images", query);
  std::stable_sort(images.begin(), images.end(),
                   [](const Image& a, const Image& b) { return a.created > b.created; });
  co_return images;
}

net::awaitable<std::optional<Server>> Cloud::find_server(std::string name) {
  return named<Server>(api_, "servers", std::move(name));
}
net::awaitable<std::optional<Volume>> Cloud::find_volume(std::string name) {
  return named<Volume>(api_, "volumes", std::move(name));
}
net::awaitable<std::optional<PrimaryIp>> Cloud::find_primary_ip(std::string name) {
  return named<PrimaryIp>(api_, "primary_ips", std::move(name));
}

net::awaitable<std::optional<Server>> Cloud::find_server(ServerId id) {
  return numbered<Server>(api_, "/servers", id.value, "server");
}
net::awaitable<std::optional<Image>> Cloud::find_image(ImageId id) {
  return numbered<Image>(api_, "/images", id.value, "image");
}
net::awaitable<std::optional<Volume>> Cloud::find_volume(VolumeId id) {
  return numbered<Volume>(api_, "/volumes", id.value, "volume");
}
net::awaitable<std::optional<PrimaryIp>> Cloud::find_primary_ip(PrimaryIpId id) {
  return numbered<PrimaryIp>(api_, "/primary_ips", id.value, "primary_ip");
}

}  // namespace hetzner
