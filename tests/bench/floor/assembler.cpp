#include "bench/floor/assembler.hpp"

#include <cstring>

namespace dmss::bench {
namespace {

constexpr std::size_t kPadding = 64;
constexpr std::size_t kRtpHeader = 12, kInterleavedHead = 4;
constexpr std::size_t kFrameHeader = 32, kDhavHeader = 24, kDhavTrailer = 8;
constexpr std::uint8_t kFragment = 28;
constexpr std::uint8_t kStartCode[] = {0, 0, 0, 1};

}  // namespace

std::size_t Assembler::take(ByteView in) {
  if (transport_ == Transport::udp) {
    rtp(in);
    return in.size();
  }
  std::size_t used = 0;
  if (transport_ == Transport::dvrip) {
    while (in.size() - used >= kFrameHeader) {
      const std::size_t body = load_le32(&in[used + 4]);
      if (in.size() - used < kFrameHeader + body) break;
      dhav(in.subspan(used + kFrameHeader, body));
      used += kFrameHeader + body;
    }
    return used;
  }
  while (in.size() - used >= kInterleavedHead) {
    const std::size_t length = load_be16(&in[used + 2]);
    if (in.size() - used < kInterleavedHead + length) break;
    if ((in[used + 1] & 1) == 0) rtp(in.subspan(used + kInterleavedHead, length));
    used += kInterleavedHead + length;
  }
  return used;
}

void Assembler::append(ByteView bytes) {
  if (size_ + bytes.size() + kPadding > unit_.size()) unit_.resize((size_ + bytes.size() + kPadding) * 2);
  std::memcpy(unit_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void Assembler::rtp(ByteView packet) {
  if (packet.size() <= kRtpHeader + 1) return;
  const std::uint16_t sequence = load_be16(&packet[2]);
  if (started_ && sequence != expected_) ++gaps_;
  started_ = true;
  expected_ = static_cast<std::uint16_t>(sequence + 1);
  const bool marker = (packet[1] & 0x80) != 0;
  const ByteView payload = packet.subspan(kRtpHeader);
  if ((payload[0] & 0x1f) == kFragment) {
    if ((payload[1] & 0x80) != 0) {
      const auto nal = static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f));
      append(kStartCode);
      append({&nal, 1});
    }
    append(payload.subspan(2));
  } else {
    append(kStartCode);
    append(payload);
  }
  if (marker) give(0, size_);
}

void Assembler::dhav(ByteView body) {
  append(body);
  if (size_ < kDhavHeader) return;
  const std::size_t length = load_le32(&unit_[12]);
  if (size_ >= length) give(kDhavHeader + unit_[22], length - kDhavTrailer);
}

void Assembler::give(std::size_t begin, std::size_t end) {
  std::memset(unit_.data() + end, 0, kPadding);
  on_unit_(ByteView(unit_).subspan(begin, end - begin));
  size_ = 0;
}

}  // namespace dmss::bench
