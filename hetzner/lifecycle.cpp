#include <algorithm>
#include <exception>

#include "hetzner/cloud.hpp"
#include "hetzner/reading.hpp"

namespace hetzner {
namespace {

std::string path_of(ServerId id) { return "/servers/" + std::to_string(id.value); }

/// The action under `action`; nullopt when the answer has none.
std::optional<ActionId> action_of(const nlohmann::json& answer) {
  const auto* action = reading::find(answer, "action");
  if (!action) return std::nullopt;
  return action->get<Action>().id;
}

}  // namespace

net::awaitable<void> Cloud::until_done(std::vector<ActionId> actions) {
  return actions_.until_done(std::move(actions));
}

net::awaitable<void> Cloud::until_running(CreatedServer server, VolumeId volume) {
  co_await actions_.until_done(server.actions);
  if (!server.actions.empty() && server.volume_attached) co_return;
  PollPace pace(actions_.options().first);
  for (;;) {
    const auto now = co_await find_server(server.id);
    if (!now) throw ApiError(404, "not_found", "server \"" + server.name + "\" was deleted while it booted");
    const bool attached = std::find(now->volumes.begin(), now->volumes.end(), volume) != now->volumes.end();
    if (now->status == "running") {
      if (!attached) co_await attach_volume(volume, server.id);
      co_return;
    }
    const auto pause = pace.next();
    co_await clock_.sleep_for(pause);
  }
}

net::awaitable<void> Cloud::until_off(ServerId id) {
  PollPace pace(actions_.options().first);
  for (;;) {
    const auto server = co_await find_server(id);
    if (!server || server->status == "off") co_return;
    const auto pause = pace.next();
    co_await clock_.sleep_for(pause);
  }
}

net::awaitable<void> Cloud::attach_volume(VolumeId volume, ServerId server) {
  const auto path = "/volumes/" + std::to_string(volume.value);
  const auto attach = path + "/actions/attach";
  const nlohmann::json body{{"server", server}, {"automount", false}};
  PollPace pace(actions_.options().first);
  for (int posts = 1;; ++posts) {
    std::exception_ptr failure;
    bool is_taken = false;
    std::vector<ActionId> attaching;
    try {
      const auto answer = co_await api_.post(attach, body);
      const auto action = action_of(answer);
      if (action) attaching.push_back(*action);
    } catch (const ApiError& refused) {
      failure = std::current_exception();
      is_taken = refused.code == "volume_already_attached";
      if (refused.code == "not_found") throw;
    } catch (const OutcomeUnknown&) {
      failure = std::current_exception();
    }
    if (!failure) {
      co_await actions_.until_done(attaching);
      co_return;
    }
    // The create request's own attach may have been on its way, or ours is done and its answer lost.
    const auto answer = co_await api_.get(path);
    const auto now = reading::required(answer, "volume").get<Volume>();
    if (now.server == server) co_return;
    if (is_taken && !now.server) {
      // Promised and not there yet: the create request's attach comes after the start.
      --posts;
      const auto pause = pace.next();
      co_await clock_.sleep_for(pause);
      continue;
    }
    if (posts == 2) std::rethrow_exception(failure);
  }
}

/// A refusal may mean that a request before this one has done it.
net::awaitable<void> Cloud::grow_volume(VolumeId id, int size_gb) {
  const auto path = "/volumes/" + std::to_string(id.value);
  const auto grow = path + "/actions/resize";
  const nlohmann::json body{{"size", size_gb}};
  for (int posts = 1;; ++posts) {
    std::exception_ptr failure;
    std::vector<ActionId> growing;
    try {
      const auto answer = co_await api_.post(grow, body);
      const auto action = action_of(answer);
      if (action) growing.push_back(*action);
    } catch (const ApiError&) {
      failure = std::current_exception();
    } catch (const OutcomeUnknown&) {
      failure = std::current_exception();
    }
    if (!failure) {
      co_await actions_.until_done(growing);
      co_return;
    }
    const auto answer = co_await api_.get(path);
    const auto now = reading::required(answer, "volume").get<Volume>();
    if (now.size_gb >= size_gb) co_return;
    if (posts == 2) std::rethrow_exception(failure);
  }
}

/// The action, or nullopt when there is nothing to do: the server is gone or off. An unknown outcome is
/// tried once more, for a second signal does no harm.
net::awaitable<std::optional<ActionId>> Cloud::power_down(ServerId id, std::string verb) {
  const auto path = path_of(id) + "/actions/" + verb;
  const auto body = nlohmann::json::object();
  for (int posts = 1;; ++posts) {
    std::exception_ptr failure;
    bool unknown = false;
    try {
      const auto answer = co_await api_.post(path, body);
      co_return action_of(answer);
    } catch (const ApiError&) {
      failure = std::current_exception();
    } catch (const OutcomeUnknown&) {
      failure = std::current_exception();
      unknown = true;
    }
    const auto server = co_await find_server(id);
    if (!server || server->status == "off") co_return std::nullopt;
    if (!unknown || posts == 2) std::rethrow_exception(failure);
  }
}

net::awaitable<void> Cloud::shutdown(ServerId id) { co_await power_down(id, "shutdown"); }

net::awaitable<void> Cloud::poweroff(ServerId id) {
  const auto action = co_await power_down(id, "poweroff");
  std::vector<ActionId> stopping;
  if (action) stopping.push_back(*action);
  std::exception_ptr failure;
  try {
    co_await actions_.until_done(stopping);
  } catch (const ActionFailed&) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  const auto server = co_await find_server(id);
  if (server && server->status != "off") std::rethrow_exception(failure);
}

net::awaitable<std::optional<ActionId>> Cloud::delete_server(ServerId id) {
  const auto path = path_of(id);
  try {
    const auto answer = co_await api_.remove(path);
    co_return action_of(answer);
  } catch (const ApiError& error) {
    if (error.code != "not_found") throw;
  }
  co_return std::nullopt;
}

net::awaitable<void> Cloud::remove_if_there(std::string path) {
  try {
    co_await api_.remove(path);
  } catch (const ApiError& error) {
    if (error.code != "not_found") throw;
  }
}
net::awaitable<void> Cloud::delete_ssh_key(SshKeyId id) {
  return remove_if_there("/ssh_keys/" + std::to_string(id.value));
}
net::awaitable<void> Cloud::delete_image(ImageId id) {
  return remove_if_there("/images/" + std::to_string(id.value));
}
net::awaitable<void> Cloud::delete_volume(VolumeId id) {
  return remove_if_there("/volumes/" + std::to_string(id.value));
}
net::awaitable<void> Cloud::delete_primary_ip(PrimaryIpId id) {
  return remove_if_there("/primary_ips/" + std::to_string(id.value));
}

net::awaitable<void> Cloud::protect(std::string path, bool on) {
  const nlohmann::json body{{"delete", on}};
  for (int posts = 1;; ++posts) {
    try {
      co_await api_.post(path, body);
      co_return;
    } catch (const OutcomeUnknown&) {
      if (posts == 2) throw;
    }
  }
}
net::awaitable<void> Cloud::set_delete_protection(VolumeId id, bool on) {
  return protect("/volumes/" + std::to_string(id.value) + "/actions/change_protection", on);
}
net::awaitable<void> Cloud::set_delete_protection(PrimaryIpId id, bool on) {
  return protect("/primary_ips/" + std::to_string(id.value) + "/actions/change_protection", on);
}

net::awaitable<void> Cloud::keep_after_server(PrimaryIpId id) {
  const auto path = "/primary_ips/" + std::to_string(id.value);
  const nlohmann::json body{{"auto_delete", false}};
  for (int puts = 1;; ++puts) {
    try {
      co_await api_.put(path, body);
      co_return;
    } catch (const OutcomeUnknown&) {
      if (puts == 2) throw;
    }
  }
}

}  // namespace hetzner
