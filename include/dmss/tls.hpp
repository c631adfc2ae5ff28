// How a TLS connection to a device is trusted.
#pragma once

#include <cstdint>
#include <string>

namespace dmss {

enum class TlsMode : std::int32_t {
  first_use =
      0,  ///< trust the first certificate seen at an address and remember it; a changed one is refused (tls_changed)
  ca = 1,        ///< chain to a CA and host-name check
  pin = 2,       ///< exactly the certificate with `fingerprint`
  insecure = 3,  ///< encrypt but accept anything. A middle-man can read the login. For tests only.
};

enum class TlsVersion : std::int32_t { tls1_0 = 0x0301, tls1_1 = 0x0302, tls1_2 = 0x0303, tls1_3 = 0x0304 };

struct TlsOptions {
  TlsMode mode = TlsMode::first_use;
  /// TlsMode::pin: SHA-256 of the certificate (DER), hex, colons allowed.
  std::string fingerprint;
  /// TlsMode::ca: PEM file with CA certificates; empty = the system's.
  std::string ca_file;
  /// TlsMode::ca: name the certificate must carry instead of the host name (e.g. the device's serial number).
  std::string expected_name;
  /// Never lowered silently. Old devices may need tls1_0, which must be asked for.
  TlsVersion minimum = TlsVersion::tls1_2;
};

}  // namespace dmss
