#include "proto/rtp/rtcp.hpp"

namespace dmss::proto::rtp {
namespace {

constexpr std::uint8_t kSr = 200;
constexpr std::uint8_t kRr = 201;
constexpr std::uint8_t kSdes = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::int64_t kNtpToUnix = 2'208'988'800;  // seconds from 1900 to 1970

void write_sdes(Writer& w, std::uint32_t ssrc, std::string_view cname) {
  cname = cname.substr(0, 255);
  const std::size_t item = 2 + cname.size() + 1;  // with the ending zero
  const std::size_t padded = (item + 3) / 4 * 4;
  w.u8(0x81).u8(kSdes).be16(static_cast<std::uint16_t>(1 + padded / 4));
  w.be32(ssrc).u8(1).u8(static_cast<std::uint8_t>(cname.size())).text(cname).zeros(padded - 2 - cname.size());
}

}  // namespace

bool is_rtcp(ByteView in) noexcept {
  return in.size() >= 8 && (in[0] & 0xc0) == 0x80 && in[1] >= kSr && in[1] <= 207;
}

Rtcp parse_rtcp(ByteView in) noexcept {
  Rtcp out;
  while (in.size() >= 4 && (in[0] & 0xc0) == 0x80) {
    const std::size_t size = (static_cast<std::size_t>(load_be16(&in[2])) + 1) * 4;
    if (size > in.size()) break;
    if (in[1] == kSr && size >= 28) {
      SenderReport sr;
      sr.ssrc = load_be32(&in[4]);
      sr.ntp = static_cast<std::uint64_t>(load_be32(&in[8])) << 32 | load_be32(&in[12]);
      sr.rtp_time = load_be32(&in[16]);
      sr.packets = load_be32(&in[20]);
      sr.octets = load_be32(&in[24]);
      out.sender_report = sr;
    } else if (in[1] == kRr && size >= 8) {
      out.receiver_report = true;
    } else if (in[1] == kBye) {
      out.bye = true;
    }
    in = in.subspan(size);
  }
  return out;
}

Bytes write_receiver_report(std::uint32_t own_ssrc, const std::optional<ReportBlock>& block,
                            std::string_view cname) {
  Bytes out;
  Writer w(out);
  w.u8(static_cast<std::uint8_t>(0x80 | (block ? 1 : 0))).u8(kRr).be16(block ? 7 : 1).be32(own_ssrc);
  if (block) {
    w.be32(block->ssrc);
    w.be32(static_cast<std::uint32_t>(block->fraction_lost) << 24 |
           (static_cast<std::uint32_t>(block->lost) & 0xffffff));
    w.be32(block->highest_sequence)
        .be32(block->jitter)
        .be32(block->last_sender_report)
        .be32(block->delay_since);
  }
  write_sdes(w, own_ssrc, cname);
  return out;
}

Bytes write_sender_report(const SenderReport& sr, std::string_view cname) {
  Bytes out;
  Writer w(out);
  w.u8(0x80).u8(kSr).be16(6).be32(sr.ssrc);
  w.be32(static_cast<std::uint32_t>(sr.ntp >> 32)).be32(static_cast<std::uint32_t>(sr.ntp));
  w.be32(sr.rtp_time).be32(sr.packets).be32(sr.octets);
  write_sdes(w, sr.ssrc, cname);
  return out;
}

Bytes write_bye(std::uint32_t ssrc) {
  Bytes out;
  Writer(out).u8(0x81).u8(kBye).be16(1).be32(ssrc);
  return out;
}

std::int64_t ntp_to_unix_us(std::uint64_t ntp) noexcept {
  const auto seconds = static_cast<std::int64_t>(ntp >> 32) - kNtpToUnix;
  const auto micros = static_cast<std::int64_t>(((ntp & 0xffffffff) * 1'000'000) >> 32);
  return seconds * 1'000'000 + micros;
}

std::uint64_t unix_us_to_ntp(std::int64_t us) noexcept {
  // Rounded so that ntp_to_unix_us() gives the same microsecond back.
  const std::int64_t rest = (us % 1'000'000 + 1'000'000) % 1'000'000;
  const std::int64_t seconds = (us - rest) / 1'000'000 + kNtpToUnix;
  return static_cast<std::uint64_t>(seconds) << 32 |
         ((static_cast<std::uint64_t>(rest) << 32) + 999'999) / 1'000'000;
}

}  // namespace dmss::proto::rtp
