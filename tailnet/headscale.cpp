#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "net/url.hpp"
#include "tailnet/dialect.hpp"
#include "tailnet/tag.hpp"

namespace tailnet {
namespace {

using nlohmann::json;
using std::chrono::seconds;

const std::string keys_path = "/api/v1/preauthkey";
const std::string nodes_path = "/api/v1/node";

/// headscale's keys have no description. What it keeps to the microsecond, and nobody else asks for, is when
/// they expire: the fraction of that second marks a key as made for this description.
int mark_of(const std::string& description) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : description) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<int>(hash % 1'000'000);
}

/// "2026-11-27T05:24:14.012345Z", where the last six digits are the mark.
std::string marked_time(Time time, int mark) {
  const auto second = std::chrono::ceil<seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<seconds> clock(second - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), mark);
  return text;
}

/// The microseconds of a time: ".5" is 500000, none is 0.
int micros_in(const std::string& time) {
  const auto point = time.find('.');
  int micros = 0;
  auto at = point == std::string::npos ? time.size() : point + 1;
  for (int unit = 100'000; unit > 0 && at < time.size() && time[at] >= '0' && time[at] <= '9'; unit /= 10)
    micros += unit * (time[at++] - '0');
  return micros;
}

/// A field that is there and not null; else nullptr.
const json* field_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// Ids are numbers as text.
std::string id_of(const json& object) {
  const auto& id = object.at("id");
  return id.is_number_unsigned() ? std::to_string(id.get<std::uint64_t>()) : id.get<std::string>();
}

std::string text_of(const json& object, const char* name) {
  const auto* text = field_of(object, name);
  return text ? text->get<std::string>() : "";
}

Time time_of(const json& object, const char* name) {
  const auto text = text_of(object, name);
  return text.empty() ? Time() : parse_time(text);
}

bool is_true(const json& object, const char* name) {
  const auto* value = field_of(object, name);
  return value && value->get<bool>();
}

/// Those that are not there yet.
void add_texts(std::vector<std::string>& texts, const json& object, const char* name) {
  const auto* list = field_of(object, name);
  if (!list) return;
  for (const auto& one : *list) {
    auto text = one.get<std::string>();
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
}

struct Key {
  std::string id;
  std::string text;  ///< up to 0.27 whole, then "hskey-auth-abcdefghijkl-***"
  std::string user;  ///< its id, "" = nobody's
  std::vector<std::string> tags;
  Time expires;
  int mark = 0;
  bool is_spent = false;

  [[nodiscard]] bool is_whole() const { return !text.empty() && text.find('*') == std::string::npos; }
  [[nodiscard]] bool is_active(Time now) const { return !is_spent && expires > now; }
};

Key key_from(const json& answer) {
  Key key;
  key.id = id_of(answer);
  key.text = text_of(answer, "key");
  if (const auto* user = field_of(answer, "user")) key.user = id_of(*user);
  add_texts(key.tags, answer, "aclTags");
  key.expires = time_of(answer, "expiration");
  key.mark = micros_in(text_of(answer, "expiration"));
  key.is_spent = is_true(answer, "used") && !is_true(answer, "reusable");
  return key;
}

Device device_from(const json& node, const std::string& domain) {
  Device device;
  device.id = id_of(node);
  device.name = full_name(node.at("givenName").get<std::string>(), domain);
  device.hostname = node.at("name").get<std::string>();
  if (const auto* key = field_of(node, "preAuthKey")) device.key_id = id_of(*key);
  // From 0.28 on `tags`; before, in three lists, one of them of tags that are refused.
  for (const auto* list : {"tags", "forcedTags", "validTags"}) add_texts(device.tags, node, list);
  add_texts(device.addresses, node, "ipAddresses");
  device.online = is_true(node, "online");
  device.created = time_of(node, "createdAt");
  return device;
}

class Headscale final : public Dialect {
 public:
  Headscale(Api& api, net::Clock& clock, Options options)
      : api_(api), clock_(clock), options_(std::move(options)) {}

  net::awaitable<AuthKey> mint(KeyWish wish) override;
  net::awaitable<void> revoke(std::string key_id) override;
  net::awaitable<std::vector<std::string>> keys(std::string description) override;
  net::awaitable<KeyState> key_state(std::string key_id, std::string description) override;
  net::awaitable<std::vector<Device>> devices() override;
  net::awaitable<void> delete_device(std::string id) override;

 private:
  /// Of [tailnet] user, "" when there is none; asked for once.
  net::awaitable<std::string> user_id();
  net::awaitable<std::vector<Key>> listed();
  [[nodiscard]] std::string mint_body(const std::string& user, const KeyWish& wish) const;

  Api& api_;
  net::Clock& clock_;
  Options options_;
  std::string user_id_;
};

net::awaitable<std::string> Headscale::user_id() {
  if (options_.user.empty() || !user_id_.empty()) co_return user_id_;
  const Call call{"show the user " + options_.user, "GET",
                  "/api/v1/user?" + net::encode_query({{"name", options_.user}})};
  const auto answer = co_await api_.send(call);
  user_id_ = read_answer(Kind::headscale, call.wish, [&] {
    for (const auto& user : answer.at("users"))
      if (text_of(user, "name") == options_.user) return id_of(user);
    throw Error(404, "headscale has no user \"" + options_.user +
                         "\"; headscale users create makes one, and [tailnet] user names it");
  });
  co_return user_id_;
}

std::string Headscale::mint_body(const std::string& user, const KeyWish& wish) const {
  const auto life = std::clamp<net::Duration>(wish.life, seconds(1), std::chrono::hours(1));
  json body = {{"reusable", false},
               {"ephemeral", true},
               {"expiration", marked_time(clock_.now() + life, mark_of(wish.description))},
               {"aclTags", json::array({tag_of(options_.tag, wish.owner)})}};
  if (!user.empty()) body["user"] = user;
  return body.dump();
}

net::awaitable<AuthKey> Headscale::mint(KeyWish wish) {
  const auto user = co_await user_id();
  Call call{"make an auth key", "POST", keys_path, mint_body(user, wish)};
  call.is_idempotent = false;
  json answer;
  try {
    answer = co_await api_.send(call);
  } catch (const Error& error) {
    // Somebody made the user anew.
    if (error.status == 404) user_id_.clear();
    throw;
  }
  co_return read_answer(Kind::headscale, call.wish, [&] {
    const auto& made = answer.at("preAuthKey");
    const AuthKey key{id_of(made), made.at("key").get<std::string>(), time_of(made, "createdAt")};
    if (key_from(made).expires <= key.created)
      throw Error(200,
                  "headscale made an auth key that has expired already: set this machine's clock, or "
                  "headscale's");
    return key;
  });
}

net::awaitable<std::vector<Key>> Headscale::listed() {
  const auto user = co_await user_id();
  // 0.26 and 0.27 list one user's keys; later ones list all, whatever is asked.
  const auto query = user.empty() ? "" : "?" + net::encode_query({{"user", user}});
  const Call call{"list the auth keys", "GET", keys_path + query};
  const auto answer = co_await api_.send(call);
  co_return read_answer(Kind::headscale, call.wish, [&] {
    std::vector<Key> keys;
    for (const auto& one : answer.at("preAuthKeys")) keys.push_back(key_from(one));
    return keys;
  });
}

/// Up to 0.27 a key is expired by its text, which those versions list in full; later by its id.
net::awaitable<void> Headscale::revoke(std::string key_id) {
  const auto keys = co_await listed();
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& one) { return one.id == key_id; });
  if (key == keys.end() || !key->is_active(clock_.now())) co_return;
  const json body = key->is_whole() ? json{{"user", key->user}, {"key", key->text}} : json{{"id", key_id}};
  const Call call{"revoke the auth key " + key_id, "POST", keys_path + "/expire", body.dump()};
  co_await api_.find(call);
}

net::awaitable<std::vector<std::string>> Headscale::keys(std::string description) {
  const auto all = co_await listed();
  std::vector<std::string> ids;
  for (const auto& key : all) {
    const bool is_ours = has_tag(key.tags, options_.tag) && key.mark == mark_of(description);
    if (is_ours && key.is_active(clock_.now())) ids.push_back(key.id);
  }
  co_return ids;
}

/// A revoked key is one whose expiry was set to that moment, and so has lost its mark.
net::awaitable<KeyState> Headscale::key_state(std::string key_id, std::string description) {
  const auto all = co_await listed();
  const auto key = std::find_if(all.begin(), all.end(), [&](const Key& one) { return one.id == key_id; });
  if (key == all.end()) co_return KeyState::revoked;
  if (key->is_spent) co_return KeyState::used;
  if (key->mark != mark_of(description)) co_return KeyState::revoked;
  co_return key->is_active(clock_.now()) ? KeyState::usable : KeyState::expired;
}

net::awaitable<std::vector<Device>> Headscale::devices() {
  const Call call{"list the devices", "GET", nodes_path};
  const auto answer = co_await api_.send(call);
  co_return read_answer(Kind::headscale, call.wish, [&] {
    std::vector<Device> ours;
    for (const auto& one : answer.at("nodes")) {
      auto device = device_from(one, options_.domain);
      if (has_tag(device.tags, options_.tag)) ours.push_back(std::move(device));
    }
    return ours;
  });
}

net::awaitable<void> Headscale::delete_device(std::string id) {
  const Call call{"delete the device " + id, "DELETE", nodes_path + "/" + escaped(id)};
  co_await api_.find(call);
}

}  // namespace

std::unique_ptr<Dialect> headscale(Api& api, net::Clock& clock, const Options& options) {
  return std::make_unique<Headscale>(api, clock, options);
}

}  // namespace tailnet
