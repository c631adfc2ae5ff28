#include "bench/media_server/clip.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "bench/support/stamp.hpp"
#include "media/dhav/frame.hpp"
#include "media/rtp/packetiser.hpp"
#include "proto/auth/hash.hpp"
#include "proto/dvrip/media_frame.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtsp/framing.hpp"

namespace dmss::bench {
namespace {

namespace dhav = media::dhav;
namespace rtp = proto::rtp;

constexpr std::size_t kMtu = 1400;
constexpr std::uint8_t kPayloadType = 96;
constexpr std::uint32_t kSsrc = 0x01020304;
constexpr std::size_t kInterleavedHead = 4;
constexpr std::uint8_t kSlice = 1, kIdr = 5, kSei = 6, kSps = 7, kPps = 8;
// In a bc packet: its head, then the DHAV head with number, date, milliseconds and checksum.
constexpr std::size_t kDhav = proto::dvrip::kHeaderSize;

std::uint8_t type_of(ByteView nal) {
  return nal[0] & 0x1f;
}

bool is_slice(ByteView nal) {
  return type_of(nal) == kSlice || type_of(nal) == kIdr;
}

void append_nal(Bytes& out, ByteView nal) {
  const std::uint8_t start[] = {0, 0, 0, 1};
  out.insert(out.end(), start, start + 4);
  out.insert(out.end(), nal.begin(), nal.end());
}

Bytes stamp_sei() {
  Bytes sei{kSei, 5, static_cast<std::uint8_t>(kStampUuid.size() + kStampDigits)};
  for (const char c : kStampUuid) sei.push_back(static_cast<std::uint8_t>(c));
  sei.resize(sei.size() + kStampDigits, '0');
  sei.push_back(0x80);
  return sei;
}

std::size_t find_stamp(ByteView in) {
  const std::size_t at = as_text(in).find(kStampUuid);
  return at == std::string_view::npos ? 0 : at + kStampUuid.size();
}

std::string describe(ByteView sps, ByteView pps, double fps) {
  return fmt::format(
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Media Server\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
      "a=range:npt=now-\r\n"
      "m=video 0 RTP/AVP {0}\r\na=control:trackID=0\r\na=framerate:{1:.6f}\r\na=rtpmap:{0} H264/90000\r\n"
      "a=fmtp:{0} packetization-mode=1;profile-level-id={2:02X}{3:02X}{4:02X};"
      "sprop-parameter-sets={5},{6}\r\n"
      "a=recvonly\r\n",
      kPayloadType, fps, sps[1], sps[2], sps[3], proto::auth::base64_encode(as_text(sps)),
      proto::auth::base64_encode(as_text(pps)));
}

}  // namespace

Clip::Clip(const std::string& file, double fps, bool stamped) : fps_(fps) {
  std::ifstream in(file, std::ios::binary);
  const Bytes stream{std::istreambuf_iterator<char>(in), {}};
  const Bytes sei = stamp_sei();
  Bytes unit, sps, pps;
  bool has_slice = false, key = false;
  const auto flush = [&] {
    if (has_slice) add_unit(unit, key);
    unit.clear();
    has_slice = key = false;
  };
  media::for_each_nal(stream, [&](ByteView nal) {
    const bool slice = is_slice(nal);
    const bool first_slice = slice && nal.size() > 1 && (nal[1] & 0x80) != 0;
    if (has_slice && (!slice || first_slice)) flush();
    if (slice && stamped && !has_slice) append_nal(unit, sei);
    append_nal(unit, nal);
    has_slice = has_slice || slice;
    key = key || type_of(nal) == kIdr;
    if (type_of(nal) == kSps && sps.empty()) sps.assign(nal.begin(), nal.end());
    if (type_of(nal) == kPps && pps.empty()) pps.assign(nal.begin(), nal.end());
  });
  flush();
  if (units_.empty() || sps.size() < 4) throw std::runtime_error("no H.264 in " + file);
  sdp_ = describe(sps, pps, fps);
}

void Clip::add_unit(ByteView annexb, bool key) {
  Unit u;
  media::packetise(Codec::h264, annexb, kMtu, [&u](const media::RtpPayload& p) {
    u.packets.push_back(static_cast<std::uint32_t>(u.rtp.size()));
    std::uint8_t head[kInterleavedHead + rtp::kHeaderSize];
    proto::rtsp::write_interleaved_head(
        head, 0, static_cast<std::uint16_t>(rtp::kHeaderSize + p.head.size() + p.body.size()));
    rtp::Packet packet;
    packet.payload_type = kPayloadType;
    packet.marker = p.marker;
    packet.ssrc = kSsrc;
    rtp::write_header(head + kInterleavedHead, packet);
    u.rtp.insert(u.rtp.end(), head, head + sizeof head);
    u.rtp.insert(u.rtp.end(), p.head.begin(), p.head.end());
    u.rtp.insert(u.rtp.end(), p.body.begin(), p.body.end());
  });
  dhav::Header h;
  h.type = key ? dhav::FrameType::key : dhav::FrameType::predicted;
  h.date = dhav::pack_date({2026, 1, 1, 12, 0, 0});
  Bytes frame, extension;
  if (key) extension = dhav::video_extension(Codec::h264, 0, 0, static_cast<int>(fps_));
  dhav::append_frame(frame, h, extension, annexb);
  proto::dvrip::append_media(u.dvrip, 0, frame);
  u.rtp_stamp = find_stamp(u.rtp);
  u.dvrip_stamp = find_stamp(u.dvrip);
  units_.push_back(std::move(u));
}

ByteView Clip::interleaved(std::size_t picture, const RtpPatch& patch, std::size_t first, std::size_t count) {
  Unit& u = units_[picture];
  for (std::size_t i = first; i < first + count; ++i) {
    std::uint8_t* p = u.rtp.data() + u.packets[i];
    p[1] = patch.channel;
    store_be16(p + kInterleavedHead + 2, static_cast<std::uint16_t>(patch.sequence + i));
    store_be32(p + kInterleavedHead + 4, patch.timestamp);
  }
  if (u.rtp_stamp != 0) write_stamp(u.rtp.data() + u.rtp_stamp, patch.now);
  const std::size_t begin = u.packets[first];
  const std::size_t end = first + count < u.packets.size() ? u.packets[first + count] : u.rtp.size();
  return ByteView(u.rtp).subspan(begin, end - begin);
}

ByteView Clip::dvrip(std::size_t picture, std::uint32_t number, std::int64_t stream_ms, Time now) {
  Unit& u = units_[picture];
  std::uint8_t* p = u.dvrip.data() + kDhav;
  const auto s = static_cast<int>(stream_ms / 1000);
  store_le32(p + 8, number);
  store_le32(p + 16, dhav::pack_date({2026, 1, 1 + s / 86400 % 28, s / 3600 % 24, s / 60 % 60, s % 60}));
  store_le16(p + 20, static_cast<std::uint16_t>(stream_ms));
  unsigned sum = 0;
  for (int i = 0; i < 23; ++i) sum += p[i];
  p[23] = static_cast<std::uint8_t>(sum);
  if (u.dvrip_stamp != 0) write_stamp(u.dvrip.data() + u.dvrip_stamp, now);
  return u.dvrip;
}

}  // namespace dmss::bench
