#pragma once
#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <vector>

#include "net/clock.hpp"

/// A value of the configuration as what it has to be; each throws ConfigError with what it wanted instead.
namespace bot::values {

[[noreturn]] void refuse(const std::string& wanted);

std::string text(const toml::node& node);
std::string word(const toml::node& node);  ///< not empty
std::vector<std::string> list(const toml::node& node);
bool yes_or_no(const toml::node& node);
int number(const toml::node& node, int least, int most);
std::string one_of(const toml::node& node, const std::vector<std::string>& allowed);
net::Duration duration(const toml::node& node);  ///< "15m", "1h30m"
net::Duration limit(const toml::node& node);     ///< also "20ms", which only machines want
std::string amount(const toml::node& node);      ///< "25.00", money a month
std::string url(const toml::node& node);         ///< http or https, or ""

/// Of people, a pattern that is taken, though it matches nobody: a * goes no further than to the next '/'.
constexpr const char* all_of_slack = "slack:*";

/// Becomes a label at Hetzner.
std::string label(const toml::node& node);
/// A login on Linux.
std::string login(const toml::node& node);
std::string tag(const toml::node& node);                          ///< of the tailnet: "tag:devbox"
std::string zone(const toml::node& node);                         ///< "Europe/Riga"
std::string quiet(const toml::node& node);                        ///< hours like "22-7", or ""
std::string prefix(const toml::node& node);                       ///< "!devbox"
std::vector<std::string> people(const toml::node& node);          ///< "console:NAME", "matrix:@*:hs"
std::string matrix_user(const toml::node& node);                  ///< "@devbox:example.org"
std::vector<std::string> matrix_users(const toml::node& node);    ///< the same; one * stands for any
std::vector<std::string> matrix_rooms(const toml::node& node);    ///< "!id" or "#alias:example.org"
std::vector<std::string> slack_channels(const toml::node& node);  ///< ids: "C0123ABCD"
std::vector<std::string> folders(const toml::node& node);         ///< "/var/lib/docker", outside of /home
std::vector<std::string> processes(const toml::node& node);  ///< "make": words that /proc/PID/comm may be

}  // namespace bot::values
