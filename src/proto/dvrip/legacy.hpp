// The binary commands that are worth speaking: keep-alive, logout, identity queries, the old live dialect and
// the snapshot (protocol dvrip-dhip.md §2.6, §3.2, §4.2, §5.3, §6.2, §6.3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/dvrip/header.hpp"

namespace dmss::proto::dvrip {

inline constexpr std::uint8_t kReplyVersion = 0x68;  ///< byte 3 of newer devices' answers

// Session life
Bytes write_keep_alive();
Bytes write_keep_alive_reply();
Bytes write_logout(std::uint32_t session);
Bytes write_logout_reply(std::uint32_t session);

// System information (a4/b4)
enum class SystemInfo : std::uint8_t {
  basic = 0x01,  ///< 32-byte structure
  disks = 0x02,
  serial = 0x07,
  software = 0x08,
  model = 0x0b,
  capabilities = 0x1a,  ///< Name:version:flags&&…
};
Bytes write_system_query(SystemInfo what, std::uint8_t stream = 0);
Bytes write_system_reply(std::uint8_t sub, ByteView body);
/// Printable text of a b4 body up to the first NUL, trimmed; empty when the body is binary (one NVR answers
/// 08 so).
std::string system_text(ByteView body);
/// Whether a b4/1a text says that JSON (f6) works.
bool has_json(std::string_view capabilities) noexcept;

// Channel names (a8/b8), two dialects: ask 0, then 1; the device answers the one it knows.
inline constexpr std::size_t kMaxChannelNames = 1024;
Bytes write_channel_names_query(std::uint8_t dialect);
Bytes write_channel_names_reply(std::uint8_t dialect, const std::vector<std::string>& names);
std::vector<std::string> parse_channel_names(ByteView body);

// Alarms (68/69): an answer without content that echoes [8] and [12], which is all that is known of it.
Bytes write_alarm_ack(const Header& request);

// Old-style tie of a second connection (f1)
struct Tie {
  std::uint32_t session = 0;
  std::uint8_t type = 1;  ///< 1 = media
  int channel = 0;        ///< from 0
  bool close = false;
};
Bytes write_tie(const Tie& tie);
std::optional<Tie> parse_tie(const Header& header) noexcept;

// Old-style live (11)
inline constexpr int kFlagChannels = 16;
/// Which of the first 16 channels run, and with which stream; all of them are told each time.
struct LiveFlags {
  std::array<bool, kFlagChannels> on{};
  std::array<std::uint8_t, kFlagChannels> stream{};
};
/// One channel beyond the first 16.
struct LiveByName {
  int channel = 0;  ///< the number in "ChannelName:", from 0 like the flags
  int stream = 0;
  bool on = true;
};
/// The third dialect: a flag at [8 + 2*channel + stream] and zeros as body.
struct LivePair {
  int channel = 0;  ///< 0..7
  int stream = 0;   ///< 0..1
  bool on = true;
};
Bytes write_live(const LiveFlags& flags);
Bytes write_live(const LiveByName& request);
Bytes write_live(const LivePair& request);

/// A snapshot request (72 bytes on the wire).
struct SnapshotRequest {
  int channel = 0;  ///< from 0, 0..255
};
Bytes write_snapshot_request(const SnapshotRequest& request);

/// Anything that comes as command 11; exactly one member is set, or none for forms nobody has documented.
struct LiveCommand {
  std::optional<LiveFlags> flags;
  std::optional<LiveByName> by_name;
  std::optional<LivePair> pair;
  std::optional<SnapshotRequest> snapshot;
};
LiveCommand parse_live(const Header& header, ByteView body);

}  // namespace dmss::proto::dvrip
