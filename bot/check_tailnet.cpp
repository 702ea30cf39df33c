#include "bot/guarded.hpp"
#include "bot/options.hpp"
#include "net/error.hpp"
#include "tailnet/tailnet.hpp"

namespace bot {
namespace {

/// Should the revocation fail, the key ends by itself.
constexpr net::Duration life_of_key = std::chrono::minutes(1);

class TailnetCheck {
 public:
  TailnetCheck(const Checking& with, net::Client& client)
      : with_(with),
        client_(client),
        description_("devbox check " + with.random.hex(4)),
        tailnet_(with.executor, client, with.clock, with.random, options(with.config)) {}

  net::awaitable<Findings> run();

 private:
  static tailnet::Options options(const Config& config) {
    auto options = tailnet_options(config);
    options.tries = 1;
    return options;
  }
  net::awaitable<void> list();
  net::awaitable<void> mint();
  net::awaitable<void> revoke();
  [[nodiscard]] std::string reached(std::size_t devices) const;
  [[nodiscard]] std::string what_a_key_proves() const;
  [[nodiscard]] bool is_headscale() const { return with_.config.tailnet_kind == "headscale"; }
  [[nodiscard]] bool has_owners() const { return tag().find("{owner}") != std::string::npos; }
  [[nodiscard]] const std::string& tag() const { return with_.config.settings.tag; }
  [[nodiscard]] Finding refused(const tailnet::Error& error) const;

  const Checking& with_;
  net::Client& client_;
  std::string description_;
  tailnet::Tailnet tailnet_;
  Findings findings_;
  bool is_reached_ = false;
  bool may_exist_ = false;  ///< a key was asked for and not refused
  std::string key_;         ///< its id, once it is known
};

net::awaitable<Findings> TailnetCheck::run() {
  auto listing = list();
  co_await guarded(with_, findings_, "tailnet", std::move(listing));
  if (!is_reached_) co_return findings_;
  if (has_owners() && !is_headscale()) {
    findings_.push_back(
        good("tailnet key: none was made, since " + tag() +
             " is another tag for each owner: everybody's must stand in the policy's tagOwners"));
    co_return findings_;
  }
  auto minting = mint();
  co_await guarded(with_, findings_, "tailnet key", std::move(minting));
  if (!may_exist_) co_return findings_;
  auto revoking = revoke();
  co_await guarded(with_, findings_, "revocation of the tailnet key", std::move(revoking));
  co_return findings_;
}

net::awaitable<void> TailnetCheck::list() {
  try {
    const auto devices = co_await tailnet_.devices();
    is_reached_ = true;
    findings_.push_back(good(reached(devices.size())));
  } catch (const tailnet::Error& error) {
    is_reached_ = error.status == 403;  // it may still make keys
    findings_.push_back(refused(error));
  }
}

std::string TailnetCheck::reached(std::size_t devices) const {
  return "tailnet: " + client_.endpoint().url() +
         (is_headscale() ? " takes the API key; devices with " : " takes the OAuth client; devices with ") +
         tag() + ": " + std::to_string(devices);
}

net::awaitable<void> TailnetCheck::mint() {
  may_exist_ = true;
  const tailnet::KeyWish wish{"check", description_, life_of_key};
  try {
    const auto key = co_await tailnet_.mint(wish);
    key_ = key.id;
  } catch (const tailnet::Error& error) {
    may_exist_ = error.status < 400 || error.status >= 500;
    findings_.push_back(refused(error));
  }
}

net::awaitable<void> TailnetCheck::revoke() {
  std::vector<std::string> ids;
  if (!key_.empty()) ids.push_back(key_);
  try {
    if (ids.empty()) {
      ids = co_await tailnet_.keys(description_);
    }
    for (const auto& id : ids) {
      co_await tailnet_.revoke(id);
    }
    if (!key_.empty())
      findings_.push_back(
          good("tailnet key: one with " + tag() + " was made and revoked; " + what_a_key_proves()));
  } catch (const tailnet::Error& error) {
    findings_.push_back(doubtful(
        std::string("tailnet key: ") + error.what(),
        is_headscale() ? "It ends in a minute."
                       : "Revoke \"" + description_ + "\" in the admin console; it ends in a minute."));
  }
}

std::string TailnetCheck::what_a_key_proves() const {
  const std::string proved =
      has_owners() ? "each owner's tag must stand in the policy"
                   : "whoever the tailnet's policy lets reach " + tag() + " reaches every editor";
  return is_headscale() ? proved + "; headscale does not say whether its policy knows the tag" : proved;
}

/// The advice for whoever reads it in a room is our next step here.
Finding TailnetCheck::refused(const tailnet::Error& error) const {
  std::string text = error.what();
  const auto advice = text.rfind("; ");
  const bool has_advice = advice != std::string::npos && error.status >= 400 && error.status < 500;
  auto next = error.status == 0 ? next_when_unreached(client_.endpoint(), text)
              : is_headscale()  ? "Check [tailnet] api, and headscale's log."
                                : "Check [tailnet] api, normally https://api.tailscale.com, and try again "
                                  "later.";
  if (has_advice) {
    next = "Mend it, and run the check again: " + text.substr(advice + 2) + ".";
    text.resize(advice);
  }
  return broken("tailnet: " + text, next);
}

/// Any answer will do: what a control server says at its root is its own affair.
net::awaitable<void> check_login_server(const Checking& with, Findings& findings) {
  const auto url = with.config.settings.login_server;
  const auto client = client_of(with, findings, url);
  if (!client) co_return;
  const auto limit = with.config.settings.limits.request;
  net::HttpRequest request;
  request.method = "GET";
  request.target = "/";
  std::string why;
  try {
    co_await client->fetch(request, limit);
  } catch (const net::Error& error) {
    why = error.what();
  }
  if (why.empty())
    findings.push_back(good("login server: " + url + " answers"));
  else
    findings.push_back(broken("login server: " + why, next_when_unreached(client->endpoint(), why)));
}

}  // namespace

net::awaitable<Findings> check_tailnet(Checking with) {
  Findings findings;
  const auto client = client_of(with, findings, with.config.tailnet_api);
  if (client) {
    TailnetCheck check(with, *client);
    const auto found = co_await check.run();
    findings.insert(findings.end(), found.begin(), found.end());
  }
  if (!with.config.settings.login_server.empty()) co_await check_login_server(with, findings);
  co_return findings;
}

}  // namespace bot
