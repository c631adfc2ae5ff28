// RTCP: what a receiver reads and says (RFC 3550 §6).
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace dmss::proto::rtp {

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;  ///< 32.32 seconds since 1900
  std::uint32_t rtp_time = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
};

/// One compound packet; sub-packets with inconsistent lengths end the reading.
struct Rtcp {
  std::optional<SenderReport> sender_report;
  bool receiver_report = false;
  bool bye = false;
};
Rtcp parse_rtcp(ByteView in) noexcept;
/// RTCP packet types 200–207 tell RTCP from RTP where both share a channel.
bool is_rtcp(ByteView in) noexcept;

struct ReportBlock {
  std::uint32_t ssrc = 0;
  std::uint8_t fraction_lost = 0;
  std::int32_t lost = 0;  ///< 24 bits, signed
  std::uint32_t highest_sequence = 0;
  std::uint32_t jitter = 0;
  std::uint32_t last_sender_report = 0;  ///< middle 32 bits of its NTP time
  std::uint32_t delay_since = 0;         ///< in 1/65536 s
};
/// RR with one block (none: empty RR) and SDES CNAME.
Bytes write_receiver_report(std::uint32_t own_ssrc, const std::optional<ReportBlock>& block,
                            std::string_view cname);
/// SR without blocks and SDES CNAME.
Bytes write_sender_report(const SenderReport& report, std::string_view cname);
Bytes write_bye(std::uint32_t ssrc);

/// 32.32 NTP time to and from microseconds since 1970.
std::int64_t ntp_to_unix_us(std::uint64_t ntp) noexcept;
std::uint64_t unix_us_to_ntp(std::int64_t us) noexcept;

}  // namespace dmss::proto::rtp
