#pragma once
#include <string>
#include <string_view>

namespace commands {

/// An OpenSSH public key (RFC 4253 §6.6, RFC 8709, PROTOCOL.u2f), as its one line in `id_….pub` says it.
struct PublicKey {
  std::string type;     ///< "ssh-ed25519"
  std::string base64;   ///< the key itself
  std::string comment;  ///< fit to be shown; "" = none
  std::string md5;      ///< "aa:bb:…", as Hetzner writes it
  std::string sha256;   ///< "SHA256:…", as ssh-keygen -l writes it
  int bits = 0;         ///< of an RSA key
  /// "ssh-ed25519 AAAA… alice@laptop".
  [[nodiscard]] std::string line() const;
  /// "ssh-ed25519 alice@laptop, SHA256:…": how it is shown.
  [[nodiscard]] std::string shown() const;
};

/// Throws Error with the sentence to read: a type that is not taken, a key that is cut off, that is of
/// another type than the line says or too short.
PublicKey parse_public_key(std::string_view line);

/// Whether somebody pasted what must never leave their machine: PEM, OpenSSH's or PuTTY's private key.
bool holds_private_key(std::string_view text);

}  // namespace commands
