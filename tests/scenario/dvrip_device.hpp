// A recorder's 37777 service: login with the notes' worked frames (protocol dvrip-dhip.md §2.7), identity, keep-alive.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "scenario/conversation.hpp"

namespace dmss::scenario {

inline const Bytes kRealmRequest = from_hex(
    "a0 05 00 60 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 01 00 00 a1 aa");
inline const Bytes kAccepted = from_hex(
    "b0 00 00 68 00 00 00 00 00 08 01 00 00 00 00 00 ff f5 28 44 01 00 00 00 06 00 f9 00 00 07 00 02");
inline const Bytes kWrongPassword = from_hex(
    "b0 00 00 68 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 04 00 02");
inline constexpr std::uint32_t kSession = 0x4428f5ff;
Bytes golden_challenge();
/// Of "admin" with "donotuse".
Bytes golden_digest_login();

struct DvripDevice {
  Bytes challenge = golden_challenge();
  Bytes verdict = kAccepted;
  bool silent = false;                        ///< hears everything, says nothing
  std::optional<std::uint8_t> names_dialect;  ///< the only one it answers; none: both
  std::map<std::uint8_t, int> drops;          ///< by subcommand of `a4`: so many stay unanswered
  bool sub_connections = true;
  bool acknowledges_ties = true;  ///< of the old dialect
  int deaf_to_starts = 0;         ///< so many `11` are dropped

  int digest_logins = 0;
  int keep_alives = 0;
  int logouts = 0;
  int deleted_objects = 0;
  int starts = 0;  ///< `11` heard

  /// One stream that was started and whose connection is open.
  struct Stream {
    int channel = 0;  ///< from 0
    int stream = 0;
    Peer* media = nullptr;
    std::uint32_t frames = 0;
  };
  std::vector<Stream> streams();
  /// One key frame on each of them.
  void send_frames();
  /// One picture that builds on the one before.
  void send_predicted();
  /// Every connection there is breaks.
  void reset_all();

  /// Serves control connections and the sub-connections of streams.
  Script script();
  /// The words of one connection.
  Bytes answer(const Bytes& frame, Peer* peer = nullptr);

 private:
  Bytes answer_text(ByteView body, Peer* peer);
  void take_live(ByteView frame);
  void send_picture(bool key);
  std::vector<Peer*> peers_;
  std::map<int, Peer*> ties_;                // of the old dialect, by channel from 0
  std::map<std::uint32_t, Stream> streams_;  // by connection id
};

}  // namespace dmss::scenario
