#include "bot/check_project.hpp"

#include <algorithm>
#include <map>

#include "bot/guarded.hpp"
#include "commands/project.hpp"
#include "commands/request.hpp"
#include "commands/times.hpp"
#include "hetzner/reading.hpp"

namespace bot {
namespace {

using hetzner::Image;
using hetzner::ServerType;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

/// The Offer refuses names that are not in it.
template <class Find>
bool is_accepted(Find find) {
  try {
    find();
    return true;
  } catch (const commands::Error&) {
    return false;
  }
}

class ProjectCheck {
 public:
  ProjectCheck(const Checking& with, hetzner::Api& api)
      : with_(with), settings_(with.config.settings), api_(api) {}

  net::awaitable<Findings> run(const Locations& locations);

 private:
  void check_location(const Locations& locations);
  net::awaitable<void> check_type();
  net::awaitable<void> check_keys();
  net::awaitable<void> check_firewalls();
  net::awaitable<void> check_snapshots();
  void show_flavour(const std::string& flavour, const std::vector<Image>& images);
  void choose_image(const std::map<std::string, std::vector<Image>>& flavours);
  [[nodiscard]] std::string age(const Image& image) const {
    return commands::span_text(with_.clock.now() - image.created) + " old";
  }
  void add(Finding finding) { findings_.push_back(std::move(finding)); }

  const Checking& with_;
  const commands::Settings& settings_;
  hetzner::Api& api_;
  Findings findings_;
  std::optional<ServerType> type_;
};

net::awaitable<Findings> ProjectCheck::run(const Locations& locations) {
  check_location(locations);
  const auto name = "server type " + settings_.type;
  auto type = check_type();
  co_await guarded(with_, findings_, name, std::move(type));
  auto keys = check_keys();
  co_await guarded(with_, findings_, "ssh keys", std::move(keys));
  auto firewalls = check_firewalls();
  co_await guarded(with_, findings_, "firewalls", std::move(firewalls));
  auto snapshots = check_snapshots();
  co_await guarded(with_, findings_, "snapshots", std::move(snapshots));
  co_return findings_;
}

void ProjectCheck::check_location(const Locations& locations) {
  std::vector<std::string> names;
  for (const auto& one : locations) {
    if (one.name == settings_.location)
      return add(good("location " + one.name + ": " + one.city + ", " + one.country));
    names.push_back(one.name);
  }
  add(broken("location " + settings_.location + ": there is none of this name",
             "Set [hetzner] location to one of: " + joined(names)));
}

net::awaitable<void> ProjectCheck::check_type() {
  const auto answer = co_await api_.list("/server_types", "server_types");
  const auto types = answer.get<std::vector<ServerType>>();
  std::vector<std::string> orderable;
  for (const auto& type : types) {
    if (type.name == settings_.type) type_ = type;
    if (type.is_orderable(settings_.location, with_.clock.now())) orderable.push_back(type.name);
  }
  const auto name = "server type " + settings_.type;
  const auto next =
      "Set [workspace] type to one that " + settings_.location + " has now: " + joined(orderable);
  if (!type_)
    add(broken(name + ": there is none of this name", next));
  else if (!type_->is_orderable(settings_.location, with_.clock.now()))
    add(broken(name + ": cannot be ordered in " + settings_.location + " now", next));
  else
    add(good(name + ": can be ordered in " + settings_.location + "; " + type_->architecture + ", " +
             std::to_string(type_->disk_gb) + " GB disk"));
}

net::awaitable<void> ProjectCheck::check_keys() {
  const auto answer = co_await api_.list("/ssh_keys", "ssh_keys");
  commands::Offer offer;
  offer.ssh_keys = answer.get<std::vector<hetzner::SshKey>>();
  const auto before = findings_.size();
  for (const auto& name : settings_.ssh_keys)
    if (!is_accepted([&] { offer.keys_named({name}, {}); }))
      add(broken(
          "ssh key \"" + name + "\": is not in the project",
          "Add it in the project's console (Security, SSH keys), or take it out of [hetzner] ssh_keys."));
  if (findings_.size() > before) co_return;
  std::size_t shared = 0;
  if (!is_accepted([&] { shared = offer.keys_named(settings_.ssh_keys, {}).size(); }))
    add(doubtful("ssh keys: the project has none for all, so each person needs one of their own",
                 "Add one in the project's console (Security, SSH keys), or let people add theirs: " +
                     settings_.prefix + " key add"));
  else if (settings_.ssh_keys.empty())
    add(good("ssh keys: " + std::to_string(shared) + " of the project, on every server"));
  else
    add(good("ssh keys: " + joined(settings_.ssh_keys)));
}

net::awaitable<void> ProjectCheck::check_firewalls() {
  const auto answer = co_await api_.list("/firewalls", "firewalls");
  commands::Offer offer;
  offer.firewalls = answer.get<std::vector<hetzner::Firewall>>();
  const auto before = findings_.size();
  for (const auto& name : settings_.firewalls)
    if (!is_accepted([&] { offer.firewalls_named({name}); }))
      add(broken("firewall \"" + name + "\": is not in the project",
                 "Add it in the project's console (Firewalls), or take it out of [hetzner] firewalls."));
  if (findings_.size() == before) add(good("firewalls: " + joined(settings_.firewalls)));
}

net::awaitable<void> ProjectCheck::check_snapshots() {
  const net::Query query{{"type", "snapshot"}, {"status", "available"}, {"label_selector", "os-flavor"}};
  const auto answer = co_await api_.list("/images", "images", query);
  auto images = answer.get<std::vector<Image>>();
  std::stable_sort(images.begin(), images.end(),
                   [](const auto& a, const auto& b) { return a.created > b.created; });
  std::map<std::string, std::vector<Image>> flavours;
  for (auto& image : images) {
    const auto label = image.labels.find("os-flavor");
    if (label != image.labels.end()) flavours[label->second].push_back(std::move(image));
  }
  for (const auto& [flavour, of_it] : flavours) show_flavour(flavour, of_it);
  choose_image(flavours);
}

void ProjectCheck::show_flavour(const std::string& flavour, const std::vector<Image>& images) {
  const auto& newest = images.front();
  const auto contract = newest.labels.find("devbox-contract");
  const bool has_contract = contract != newest.labels.end() && contract->second == "1";
  const auto text = "snapshots os-flavor=" + flavour + ": " + std::to_string(images.size()) +
                    ", the newest " + age(newest) + ", " + newest.architecture +
                    (has_contract ? ", " : ", not ") + "devbox-contract=1";
  if (has_contract) return add(good(text));
  add(doubtful(text, "It may not know how to start a workspace. If it does, label it devbox-contract=1."));
}

void ProjectCheck::choose_image(const std::map<std::string, std::vector<Image>>& flavours) {
  const auto name = "image " + settings_.image;
  const auto found = flavours.find(settings_.image);
  if (found == flavours.end()) {
    std::vector<std::string> others;
    for (const auto& [flavour, images] : flavours) others.push_back(flavour);
    return add(broken(name + ": no available snapshot is labelled os-flavor=" + settings_.image,
                      "Build one, or set [workspace] image to a flavour that is there: " + joined(others)));
  }
  if (!type_) return;
  const auto& images = found->second;
  const auto fits = [&](const Image& image) {
    return image.architecture == type_->architecture && image.disk_gb <= type_->disk_gb;
  };
  const auto chosen = std::find_if(images.begin(), images.end(), fits);
  if (chosen != images.end())
    return add(good(name + ": snapshot " + std::to_string(chosen->id.value) + " fits " + type_->name + ", " +
                    age(*chosen)));
  add(broken(name + ": no snapshot fits " + type_->name + " (" + type_->architecture + ", " +
                 std::to_string(type_->disk_gb) + " GB disk); the newest is for " +
                 images.front().architecture + " and needs " + std::to_string(images.front().disk_gb) + " GB",
             "Build one that does, or choose another [workspace] type or image."));
}

}  // namespace

std::optional<Locations> find_locations(const std::string& answer) {
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  try {
    auto locations = hetzner::reading::required(json, "locations").get<Locations>();
    if (!locations.empty()) return locations;
  } catch (const std::exception&) {
    // Whatever it is, it is not the API's.
  }
  return std::nullopt;
}

net::awaitable<Findings> check_project(const Checking& with, hetzner::Api& api, const Locations& locations) {
  ProjectCheck check(with, api);
  auto findings = co_await check.run(locations);
  co_return findings;
}

}  // namespace bot
