#include <algorithm>
#include <charconv>
#include <numeric>

#include "hetzner/simulator/call.hpp"
#include "hetzner/simulator/labels.hpp"

namespace hetzner::simulator {
namespace {

using nlohmann::json;
using Kept = std::vector<std::size_t>;  ///< the rows that are left, in order

/// What a list can be filtered and sorted by; query keys that it does not know are ignored, as by the API.
struct Kind {
  std::string_view key, sorts;
  bool has_name = true, has_labels = true;
};

Kind kind_of(std::string_view key) {
  static constexpr Kind kinds[] = {{"actions", " id command status started finished ", false, false},
                                   {"members", " id type status ip ", false, false},
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

void filter(const Call& call, const Kind& kind, const Rows& rows, Kept& kept,
            std::initializer_list<const char*> filters) {
  if (const auto name = call.find("name"); name && kind.has_name)
    std::erase_if(kept, [&](std::size_t row) { return rows.field(row, "name") != *name; });
  if (const auto text = call.find("label_selector"); text && !text->empty() && kind.has_labels) {
    const Selector selector(*text);
    std::erase_if(kept, [&](std::size_t row) { return !selector.matches(rows.labels(row)); });
  }
  for (const auto* field : filters) {
    const auto wanted = call.all(field);
    if (wanted.empty()) continue;
    std::erase_if(kept, [&](std::size_t row) {
      const auto value = rows.field(row, field);
      return std::none_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        return value.is_number() ? value.dump() == one : value == one;
      });
    });
  }
}

void sort_by(const Rows& rows, Kept& kept, const std::string& field, bool upwards) {
  std::vector<std::pair<json, std::size_t>> keyed;
  keyed.reserve(kept.size());
  for (const auto row : kept) keyed.emplace_back(rows.field(row, field), row);
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return upwards ? a.first < b.first : b.first < a.first;
  });
  std::transform(keyed.begin(), keyed.end(), kept.begin(), [](const auto& one) { return one.second; });
}

/// The last key given sorts first, so that the first one given has the last word.
void sort(const Call& call, const Kind& kind, const Rows& rows, Kept& kept) {
  if (kind.sorts.empty()) return;
  auto keys = call.all("sort");
  std::reverse(keys.begin(), keys.end());
  for (const auto& key : keys) {
    const auto colon = key.find(':');
    const auto field = key.substr(0, colon);
    const auto order = colon == std::string::npos ? "asc" : key.substr(colon + 1);
    const bool known = !field.empty() && kind.sorts.find(" " + field + " ") != std::string_view::npos;
    if (!known || (order != "asc" && order != "desc")) throw invalid("sort", "cannot sort by '" + key + "'");
    sort_by(rows, kept, field, order == "asc");
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

Reply listed(const Call& call, const std::string& key, std::vector<json> all,
             std::initializer_list<const char*> filters) {
  Rows rows;
  rows.count = all.size();
  rows.field = [&](std::size_t row, const std::string& name) { return all[row].value(name, json()); };
  rows.labels = [&](std::size_t row) { return all[row].value("labels", Labels{}); };
  rows.shown = [&](std::size_t row) { return std::move(all[row]); };
  return page_of(call, key, rows, filters);
}

Reply page_of(const Call& call, const std::string& key, const Rows& rows,
              std::initializer_list<const char*> filters) {
  Kept kept(rows.count);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  const auto kind = kind_of(key);
  filter(call, kind, rows, kept, filters);
  sort(call, kind, rows, kept);
  const auto page = number(call, "page", 1);
  const auto per_page = std::min<std::size_t>(number(call, "per_page", 25), 50);
  const auto total = kept.size();
  const auto last = std::max<std::size_t>(1, (total + per_page - 1) / per_page);
  const auto first = page > last ? total : (page - 1) * per_page;
  json shown = json::array();
  for (auto i = first; i < std::min(total, first + per_page); ++i) shown.push_back(rows.shown(kept[i]));
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
