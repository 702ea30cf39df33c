#pragma once
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hetzner/simulator/project.hpp"
#include "hetzner/simulator/world.hpp"
#include "net/url.hpp"

namespace hetzner::simulator {

struct Reply {
  int status = 200;
  nlohmann::json body;  ///< null = no body
  std::string link;     ///< the Link header of a list
};

/// One request that has been authenticated and routed: whose it is and what it says. Fields of the body
/// are taken by name and type; what is missing or of another type is 422 invalid_input.
struct Call {
  World& world;
  Project& project;
  std::string path;
  net::Query query;
  nlohmann::json body = nlohmann::json::object();
  std::vector<Id> ids;  ///< of the path's {id}s, in order

  [[nodiscard]] std::optional<std::string> find(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> all(const std::string& key) const;

  /// 422 when the body has any other key.
  void only(std::initializer_list<const char*> keys) const;
  /// The field, or nullptr when it is absent or null.
  [[nodiscard]] const nlohmann::json* field(const std::string& name) const;
  [[nodiscard]] const nlohmann::json& needed(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::optional<std::string> find_text(const std::string& name) const;
  [[nodiscard]] Id integer(const std::string& name) const;
  [[nodiscard]] bool flag(const std::string& name, bool otherwise) const;
  [[nodiscard]] nlohmann::json list(const std::string& name) const;
  [[nodiscard]] nlohmann::json needed_list(const std::string& name) const;
  [[nodiscard]] Labels labels() const;
  [[nodiscard]] const nlohmann::json& location() const;
};

/// The member of an object; null when it is not there or `object` is none.
nlohmann::json member(const nlohmann::json& object, const char* name);

/// The objects of a list: filtered by ?name, ?label_selector and the fields named (?status=…, repeatable),
/// sorted by ?sort, cut to ?page and ?per_page, in the API's envelope.
Reply listed(const Call& call, const std::string& key, std::vector<nlohmann::json> all,
             std::initializer_list<const char*> filters = {});

/// The same of objects that are large or many: only those of the page are made.
struct Rows {
  std::size_t count = 0;
  std::function<nlohmann::json(std::size_t row, const std::string& name)> field;  ///< null when it has none
  std::function<Labels(std::size_t row)> labels;
  std::function<nlohmann::json(std::size_t row)> shown;
};
Reply page_of(const Call& call, const std::string& key, const Rows& rows,
              std::initializer_list<const char*> filters = {});

/// 409 when another resource of the kind has the name.
template <class T>
void require_unique(const std::map<Id, T>& all, const std::string& name, Id self = 0);

}  // namespace hetzner::simulator

#include "hetzner/simulator/refusal.hpp"

template <class T>
void hetzner::simulator::require_unique(const std::map<Id, T>& all, const std::string& name, Id self) {
  for (const auto& [id, each] : all) {
    if (id == self || each.name != name) continue;
    if constexpr (requires(const T& one) { one.deleting; })
      if (each.deleting) continue;
    throw not_unique("name");
  }
}
