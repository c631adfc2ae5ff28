// A recorder's 37777 service: login with the notes' worked frames (protocol dvrip-dhip.md §2.7), identity, keep-alive.
#pragma once

#include "base/bytes.hpp"

namespace dmss::scenario {

inline const Bytes kRealmRequest =
    from_hex("a0 05 00 60 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 01 00 00 a1 aa");
inline const Bytes kAccepted =
    from_hex("b0 00 00 68 00 00 00 00 00 08 01 00 00 00 00 00 ff f5 28 44 01 00 00 00 06 00 f9 00 00 07 00 02");
inline const Bytes kWrongPassword =
    from_hex("b0 00 00 68 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 04 00 02");
inline constexpr std::uint32_t kSession = 0x4428f5ff;
Bytes golden_challenge();
/// Of "admin" with "donotuse".
Bytes golden_digest_login();

struct DvripDevice {
  Bytes challenge = golden_challenge();
  Bytes verdict = kAccepted;
  bool answers_keep_alive = true;

  int digest_logins = 0;
  int keep_alives = 0;
  int logouts = 0;

  /// Words of `converse`.
  Bytes answer(const Bytes& frame);
};

}  // namespace dmss::scenario
