#include "hetzner/simulator/fingerprint.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <sstream>
#include <vector>

namespace hetzner::simulator {
namespace {

/// 0 bytes when the text is not base64.
std::vector<unsigned char> decoded(const std::string& text) {
  std::vector<unsigned char> bytes(text.size() + 4);
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  const int size = text.size() % 4 ? -1 : EVP_DecodeBlock(bytes.data(), in, static_cast<int>(text.size()));
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace

std::optional<std::string> find_fingerprint(const std::string& public_key) {
  std::istringstream words(public_key);
  std::string kind, blob;
  words >> kind >> blob;
  const auto bytes = decoded(blob);
  const bool known = kind.starts_with("ssh-") || kind.starts_with("ecdsa-") || kind.starts_with("sk-");
  if (!known || bytes.empty()) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1)
    return std::nullopt;
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ":"));
}

}  // namespace hetzner::simulator
