#include "hetzner/simulator/state_file.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "hetzner/simulator/project.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;

constexpr int format = 1;

json shown(const World& world) {
  json state = {{"format", format},          {"advanced", world.advanced},
                {"last_id", world.last_id},  {"last_action_id", world.last_action_id},
                {"stock", world.stock},      {"behaviour", world.behaviour},
                {"projects", json::object()}};
  for (const auto& project : world.projects) state["projects"][project->token()] = project->held;
  return state;
}

void take(World& world, const json& state) {
  if (state.at("format") != format) throw std::runtime_error("it has another version's format");
  state.at("advanced").get_to(world.advanced);
  state.at("last_id").get_to(world.last_id);
  state.at("last_action_id").get_to(world.last_action_id);
  state.at("stock").get_to(world.stock);
  state.at("behaviour").get_to(world.behaviour);
  for (auto& project : world.projects) {
    const auto found = state.at("projects").find(project->token());
    if (found == state.at("projects").end()) {
      project->furnish(project == world.projects.front());
    } else {
      found->get_to(project->held);
      project->resume();
    }
  }
}

[[noreturn]] void fail(const std::string& file) {
  throw std::runtime_error("cannot write the state file " + file + ": " + std::strerror(errno));
}

}  // namespace

void write(const World& world, const std::string& file) {
  const auto text = shown(world).dump(-1, ' ', false, json::error_handler_t::replace);
  const auto half = file + ".new";
  // The tokens in it open nothing real, but user-data may hold a key that does.
  const int out = ::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) fail(half);
  std::size_t written = 0;
  while (written < text.size()) {
    const auto more = ::write(out, text.data() + written, text.size() - written);
    if (more < 0 && errno != EINTR) {
      ::close(out);
      fail(half);
    }
    if (more > 0) written += static_cast<std::size_t>(more);
  }
  if (::close(out) != 0) fail(half);
  if (std::rename(half.c_str(), file.c_str()) != 0) fail(file);
}

bool load(World& world, const std::string& file) {
  if (!std::filesystem::exists(file)) return false;
  try {
    std::ifstream stream(file);
    take(world, json::parse(stream));
    ::malloc_trim(0);  // what was parsed is several times what is kept of it
  } catch (const std::exception& error) {
    throw std::runtime_error("the state file " + file + " cannot be read: " + error.what());
  }
  return true;
}

}  // namespace hetzner::simulator
