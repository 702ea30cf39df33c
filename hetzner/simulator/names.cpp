#include "hetzner/simulator/names.hpp"

#include <regex>

#include "hetzner/simulator/refusal.hpp"

namespace hetzner::simulator {

void require_host_name(const std::string& name, const std::string& field) {
  static const std::regex host(
      "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  if (name.size() > 253 || !std::regex_match(name, host)) throw invalid(field, "is not a valid host name");
}

void require_plain_name(const std::string& name) {
  static const std::regex plain("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");
  if (!std::regex_match(name, plain)) throw invalid("name", "name is not correctly formatted");
}

void require_free_name(const std::string& name, std::size_t longest) {
  if (name.empty() || name.size() > longest) throw invalid("name", "name is not correctly formatted");
}

}  // namespace hetzner::simulator
