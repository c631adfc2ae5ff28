// Feeds a depacketiser by hand and keeps what comes out.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "media/rtp/depacketiser.hpp"

namespace dmss::media {

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline Bytes bytes_of(ByteView v) {
  return {v.begin(), v.end()};
}

/// `n` bytes that name their place and never look like a start code.
inline Bytes filler(std::size_t n, std::uint8_t seed = 1) {
  Bytes b(n);
  for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>(1 + (i * 7 + seed) % 250);
  return b;
}

/// NAL units behind four-byte start codes.
inline Bytes annexb(const std::vector<Bytes>& nals) {
  Bytes out;
  for (const Bytes& n : nals) out = out + Bytes{0, 0, 0, 1} + n;
  return out;
}

class Feed {
 public:
  template <class Make>
  explicit Feed(Make make) : depacketiser(make([this](AccessUnit u) { units.push_back(std::move(u)); })) {}

  void push(const Bytes& payload, std::int64_t ticks, bool marker = false, bool lost = false) {
    proto::rtp::Packet p;
    p.payload = payload;
    p.marker = marker;
    depacketiser->push(p, ticks, lost, arrived);
  }
  Bytes data(std::size_t i) const { return bytes_of(units.at(i).data.view()); }

  std::vector<AccessUnit> units;
  std::chrono::steady_clock::time_point arrived{};
  std::unique_ptr<Depacketiser> depacketiser;
};

}  // namespace dmss::media
