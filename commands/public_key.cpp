#include "commands/public_key.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cctype>
#include <optional>
#include <sstream>

#include "commands/printable.hpp"
#include "commands/request.hpp"
#include "commands/utf8.hpp"

namespace commands {
namespace {

constexpr int fewest_rsa_bits = 2048;
constexpr std::size_t longest_comment = 100;
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view taken =
    "ssh-ed25519, ecdsa-sha2-nistp256 (384, 521), their sk- forms, ssh-rsa from 2048 bits on";

/// A kind of key: what stands in it after its type.
struct KeyKind {
  std::string_view type;
  std::string_view curve;    ///< named again in an ECDSA key
  std::size_t public_size;   ///< of the point or the Ed25519 key; 0 = RSA
  bool is_hardware = false;  ///< followed by the name of its application
};
constexpr std::array key_kinds = {
    KeyKind{"ssh-ed25519", "", 32},
    KeyKind{"ecdsa-sha2-nistp256", "nistp256", 65},
    KeyKind{"ecdsa-sha2-nistp384", "nistp384", 97},
    KeyKind{"ecdsa-sha2-nistp521", "nistp521", 133},
    KeyKind{"sk-ssh-ed25519@openssh.com", "", 32, true},
    KeyKind{"sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65, true},
    KeyKind{"ssh-rsa", "", 0},
};

Error no_key(const std::string& why) { return Error(why + " Nothing was done."); }

Error cut_off() {
  return no_key(
      "That key is cut off or mistyped. Paste the whole line of the .pub file: type, key and comment.");
}

const KeyKind* key_kind_of(std::string_view type) {
  for (const auto& kind : key_kinds)
    if (kind.type == type) return &kind;
  return nullptr;
}

std::string decoded(std::string_view text) {
  const bool is_whole = text.size() % 4 == 0 && !text.empty();
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char digit : text) {
    const auto value = base64_digits.find(digit);
    if (value == std::string_view::npos) throw cut_off();
    held = held << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xff);
  }
  if (!is_whole || (held & ((1U << bits) - 1)) != 0) throw cut_off();
  return bytes;
}

/// Reads the strings of the wire format: four bytes of length, then so many bytes.
class Wire {
 public:
  explicit Wire(std::string_view bytes) : bytes_(bytes) {}
  std::string_view next() {
    if (bytes_.size() < 4) throw cut_off();
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(4);
    if (size > bytes_.size()) throw cut_off();
    const auto text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

int bits_of(std::string_view number) {
  while (number.starts_with('\0')) number.remove_prefix(1);
  int bits = static_cast<int>(number.size()) * 8;
  for (int top = 0x80; !number.empty() && top && !(number[0] & top); top >>= 1) --bits;
  return bits;
}

/// Checks all that stands in the key; the bits of an RSA key, else 0.
int check_inside(const KeyKind& kind, const std::string& bytes) {
  Wire wire(bytes);
  const auto type = wire.next();
  if (type != kind.type) {
    const auto* other = key_kind_of(type);
    if (!other) throw cut_off();
    throw no_key("The line says " + std::string(kind.type) + ", but the key in it is " +
                 std::string(other->type) + ".");
  }
  int bits = 0;
  if (kind.public_size == 0) {
    wire.next();  // the exponent
    bits = bits_of(wire.next());
  } else {
    if (!kind.curve.empty() && wire.next() != kind.curve) throw cut_off();
    if (wire.next().size() != kind.public_size) throw cut_off();
    if (kind.is_hardware) wire.next();
  }
  if (!wire.at_end()) throw cut_off();
  if (kind.public_size == 0 && bits < fewest_rsa_bits)
    throw no_key("That RSA key has " + std::to_string(bits) +
                 " bits, and fewer than 2048 are no protection. " +
                 "`ssh-keygen -t ed25519` makes a good one.");
  return bits;
}

std::string digest(const std::string& bytes, const EVP_MD* method) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, method, nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot take a key's fingerprint");
  return {hash.begin(), hash.begin() + size};
}

std::string md5_of(const std::string& bytes) {
  const auto hash = digest(bytes, EVP_md5());
  std::string text;
  for (const char byte : hash)
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", static_cast<unsigned char>(byte));
  return text;
}

std::string sha256_of(const std::string& bytes) {
  const auto hash = digest(bytes, EVP_sha256());
  std::array<char, 45> text{};
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(hash.data()), static_cast<int>(hash.size()));
  std::string base64(text.data());
  while (base64.ends_with('=')) base64.pop_back();
  return "SHA256:" + base64;
}

}  // namespace

std::string PublicKey::line() const { return type + " " + base64 + (comment.empty() ? "" : " " + comment); }

std::string PublicKey::shown() const {
  const auto size = bits ? " " + std::to_string(bits) + " bits" : "";
  return type + size + (comment.empty() ? "" : " " + comment) + ", " + sha256;
}

PublicKey parse_public_key(std::string_view line) {
  std::istringstream words{std::string(line)};
  PublicKey key;
  words >> key.type >> key.base64;
  if (key.type.empty())
    throw no_key(
        "An ssh public key is missing: the one line of ~/.ssh/id_ed25519.pub or the like, as in key add "
        "ssh-ed25519 AAAA… alice@laptop.");
  key.type = lower(key.type);
  const auto* kind = key_kind_of(key.type);
  if (!kind)
    throw no_key("\"" + cut(printable(key.type), 40) +
                 "\" is no type of ssh key that is taken: " + std::string(taken) + ".");
  if (key.base64.empty()) throw no_key("After " + key.type + " the key itself is missing.");
  const auto bytes = decoded(key.base64);
  key.bits = check_inside(*kind, bytes);
  for (std::string word; words >> word;) key.comment += (key.comment.empty() ? "" : " ") + word;
  key.comment = cut(printable(key.comment), longest_comment);
  key.md5 = md5_of(bytes);
  key.sha256 = sha256_of(bytes);
  return key;
}

bool holds_private_key(std::string_view text) {
  const auto said = lower(text);
  const auto has = [&](const char* sign) { return said.find(sign) != std::string::npos; };
  // The last one is how the base64 of OpenSSH's form begins, for who left its first line out.
  return (has("begin ") && has("private key")) || has("putty-user-key-file") || has("b3blbnnzac1rzxktdje");
}

}  // namespace commands
