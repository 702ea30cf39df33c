#pragma once
#include <string>
#include <vector>

#include "commands/services.hpp"

namespace commands {

/// The ssh keys that people have added, as the Hetzner project has them. Their ids are stored, so that an
/// `up` asks for none; one that somebody deleted in the console is found when a server is refused for it.

/// What the project has of this person's keys.
std::vector<hetzner::SshKeyId> own_keys(Services& world, std::int64_t person);

/// Labels of this person's things: ours, and whose.
hetzner::Labels labels_of_key(const Services& world, const storage::PersonRow& person);

/// Whether a server was refused because one of its ssh keys is not in the project.
bool misses_ssh_key(const hetzner::ApiError& refusal);

/// After such a refusal: reads the project again, uploads what it lacks of this person's keys, and returns
/// all that a server of theirs gets. Throws Error where Offer::keys_named does.
net::awaitable<std::vector<hetzner::SshKeyId>> keys_made_anew(Services& world, std::int64_t person);

/// The public keys, "ssh-ed25519 AAAA…" without comment, of whoever may log in to a server of this person's
/// that gets these of the project; their own also where the project has lost them.
std::vector<std::string> authorized_keys(Services& world, std::int64_t person,
                                         const std::vector<hetzner::SshKeyId>& ids);

/// "devbox-alice-2" → "2": what a key is called by its owner.
std::string number_of(const storage::SshKeyRow& key);

}  // namespace commands
