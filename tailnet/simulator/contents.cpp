#include "tailnet/simulator/contents.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tailnet::simulator {
namespace fs = std::filesystem;

Contents load(const std::string& file) {
  if (file.empty() || !fs::exists(file)) return {};
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read the state in " + file);
  try {
    return nlohmann::json::parse(in).get<Contents>();
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error("the state in " + file + " is damaged (" + error.what() +
                             "): move it away to start anew");
  }
}

void save(const std::string& file, const Contents& contents) {
  if (file.empty()) return;
  const auto draft = file + ".new";
  std::ofstream out(draft, std::ios::trunc);
  std::error_code failure;
  // It holds the secrets of keys and tokens.
  fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write, failure);
  out << nlohmann::json(contents).dump(1) << '\n';
  out.close();
  if (out && !failure) fs::rename(draft, file, failure);
  if (!out || failure) throw std::runtime_error("cannot write the state to " + file);
}

}  // namespace tailnet::simulator
