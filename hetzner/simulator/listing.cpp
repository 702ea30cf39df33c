#include <algorithm>
#include <charconv>

#include "hetzner/simulator/call.hpp"
#include "hetzner/simulator/labels.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;
using Rows = std::vector<json>;

/// What a list can be filtered and sorted by; query keys that it does not know are ignored, as by the API.
struct Kind {
  std::string_view key, sorts;
  bool has_name = true, has_labels = true;
};

Kind kind_of(std::string_view key) {
  static constexpr Kind kinds[] = {{"actions", " id command status started finished ", false, false},
                                   {"primary_ips", " id created "},
                                   {"ssh_keys", " id name "},
                                   {"locations", " id name ", true, false},
                                   {"datacenters", " id name ", true, false},
                                   {"server_types", "", true, false},
                                   {"isos", "", true, false}};
  for (const auto& each : kinds)
    if (each.key == key) return each;
  return {key, " id name created "};
}

std::size_t number(const Call& call, const std::string& key, std::size_t otherwise) {
  const auto text = call.find(key);
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [stop, failure] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failure != std::errc() || stop != text->data() + text->size() || value < 1)
    throw invalid(key, "must be a positive number");
  return value;
}

void keep(Rows& rows, const std::function<bool(const json&)>& wanted) {
  std::erase_if(rows, [&](const json& row) { return !wanted(row); });
}

void filter(const Call& call, const Kind& kind, Rows& rows, std::initializer_list<const char*> filters) {
  if (const auto name = call.find("name"); name && kind.has_name)
    keep(rows, [&](const json& row) { return row.value("name", json()) == *name; });
  if (const auto text = call.find("label_selector"); text && !text->empty() && kind.has_labels) {
    const Selector selector(*text);
    keep(rows, [&](const json& row) { return selector.matches(row.value("labels", Labels{})); });
  }
  for (const auto* field : filters) {
    const auto wanted = call.all(field);
    if (wanted.empty()) continue;
    keep(rows, [&](const json& row) {
      const auto& value = row.at(field);
      return std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        return value.is_number() ? value.dump() == one : value == one;
      });
    });
  }
}

/// The last key given sorts first, so that the first one given has the last word.
void sort(const Call& call, const Kind& kind, Rows& rows) {
  if (kind.sorts.empty()) return;
  auto keys = call.all("sort");
  std::reverse(keys.begin(), keys.end());
  for (const auto& key : keys) {
    const auto colon = key.find(':');
    const auto field = key.substr(0, colon);
    const auto order = colon == std::string::npos ? "asc" : key.substr(colon + 1);
    const bool known = !field.empty() && kind.sorts.find(" " + field + " ") != std::string_view::npos;
    if (!known || (order != "asc" && order != "desc")) throw invalid("sort", "cannot sort by '" + key + "'");
    const auto before = [&](const json& a, const json& b) {
      const auto left = a.value(field, json()), right = b.value(field, json());
      return order == "asc" ? left < right : right < left;
    };
    std::stable_sort(rows.begin(), rows.end(), before);
  }
}

std::string link_of(const Call& call, std::size_t page, std::size_t last) {
  std::string link;
  const auto add = [&](std::size_t target, const char* relation) {
    auto query = call.query;
    std::erase_if(query, [](const auto& pair) { return pair.first == "page"; });
    query.emplace_back("page", std::to_string(target));
    link += (link.empty() ? "<" : ", <") + call.path + "?" + net::encode_query(query) + ">; rel=\"" +
            relation + "\"";
  };
  if (page > 1) add(page - 1, "prev");
  if (page < last) add(page + 1, "next");
  add(last, "last");
  return link;
}

}  // namespace

Reply listed(const Call& call, const std::string& key, Rows rows,
             std::initializer_list<const char*> filters) {
  const auto kind = kind_of(key);
  filter(call, kind, rows, filters);
  sort(call, kind, rows);
  const auto page = number(call, "page", 1);
  const auto per_page = std::min<std::size_t>(number(call, "per_page", 25), 50);
  const auto total = rows.size();
  const auto last = std::max<std::size_t>(1, (total + per_page - 1) / per_page);
  const auto first = std::min(total, (page - 1) * per_page);
  json shown = json::array();
  for (auto i = first; i < std::min(total, first + per_page); ++i) shown.push_back(std::move(rows[i]));
  Reply reply;
  reply.body[key] = std::move(shown);
  reply.body["meta"]["pagination"] = {{"page", page},
                                      {"per_page", per_page},
                                      {"previous_page", page > 1 ? json(page - 1) : json()},
                                      {"next_page", page < last ? json(page + 1) : json()},
                                      {"last_page", last},
                                      {"total_entries", total}};
  reply.link = link_of(call, page, last);
  return reply;
}

}  // namespace hetzner::simulator
