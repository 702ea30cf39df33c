#pragma once
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/temp_dir.hpp"

/// A certificate authority that exists as long as its directory: TLS in tests is real TLS.
class ThrowawayCa {
 public:
  struct Identity {
    std::string certificate_file;
    std::string private_key_file;
  };

  explicit ThrowawayCa(const TempDir& directory) : directory_(directory), key_(EVP_EC_gen("P-256")) {
    certificate_ = make("Throwaway CA", key_.get(), NID_basic_constraints, "critical,CA:TRUE");
    write(file(), [&](FILE* out) { return PEM_write_X509(out, certificate_.get()); });
  }

  /// What a client is given as its ca_file.
  [[nodiscard]] std::string file() const { return directory_.file("ca.pem"); }

  /// A server's certificate for "DNS:localhost" or "IP:127.0.0.1".
  Identity issue(const std::string& subject_alt_name) {
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = make("server", key.get(), NID_subject_alt_name, subject_alt_name);
    const auto name = "server" + std::to_string(serial_);
    Identity identity{directory_.file(name + ".pem"), directory_.file(name + ".key")};
    write(identity.certificate_file, [&](FILE* out) { return PEM_write_X509(out, certificate.get()); });
    write(identity.private_key_file, [&](FILE* out) {
      return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return identity;
  }

 private:
  template <auto free>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      free(object);
    }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
  using Certificate = std::unique_ptr<X509, Free<X509_free>>;
  using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

  /// Signed by this CA; the first one is the CA's own.
  Certificate make(const std::string& name, EVP_PKEY* key, int extension, const std::string& value) {
    Certificate made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 24 * 3600);
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
    auto* issuer = certificate_ ? certificate_.get() : made.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    X509_set_pubkey(made.get(), key);
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, made.get(), nullptr, nullptr, 0);
    const Extension added(X509V3_EXT_conf_nid(nullptr, &context, extension, value.c_str()));
    if (!added || X509_add_ext(made.get(), added.get(), -1) != 1 ||
        X509_sign(made.get(), key_.get(), EVP_sha256()) == 0)
      throw std::runtime_error("cannot make a certificate for " + value);
    return made;
  }

  template <class Write>
  static void write(const std::string& path, Write write) {
    const std::unique_ptr<FILE, Free<fclose>> out(fopen(path.c_str(), "w"));
    if (!out || write(out.get()) != 1) throw std::runtime_error("cannot write " + path);
  }

  const TempDir& directory_;
  Key key_;
  Certificate certificate_;
  long serial_ = 0;
};
