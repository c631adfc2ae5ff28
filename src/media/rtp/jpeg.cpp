// Motion JPEG payloads: the sender leaves out the JPEG headers, the receiver makes them again (RFC 2435).
#include "media/rtp/jpeg.hpp"

#include <algorithm>
#include <array>

namespace dmss::media {
namespace {

// ISO/IEC 10918-1 annex K.1, in zig-zag order (as RFC 2435 appendix A uses them).
constexpr std::array<std::uint8_t, 128> kQuantisers = {
    16, 11,  12, 14, 12, 10, 16,  14,  13,  14, 18, 17,  16,  19,  24,  40,  26, 24,  22,  22, 24, 49,
    35, 37,  29, 40, 58, 51, 61,  60,  57,  51, 56, 55,  64,  72,  92,  78,  64, 68,  87,  69, 55, 56,
    80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99, 17, 18,
    18, 24,  21, 24, 47, 26, 26,  47,  99,  66, 56, 66,  99,  99,  99,  99,  99, 99,  99,  99, 99, 99,
    99, 99,  99, 99, 99, 99, 99,  99,  99,  99, 99, 99,  99,  99,  99,  99,  99, 99,  99,  99, 99, 99,
    99, 99,  99, 99, 99, 99, 99,  99,  99,  99, 99, 99,  99,  99,  99,  99,  99, 99};

// Annex K.3: the Huffman tables every such stream uses.
constexpr std::array<std::uint8_t, 28> kDcLuma = {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0,  0,
                                                  0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr std::array<std::uint8_t, 28> kDcChroma = {0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0,  0,
                                                    0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr std::array<std::uint8_t, 178> kAcLuma = {
    0,    2,    1,    3,    3,    2,    4,    3,    5,    5,    4,    4,    0,    0,    1,    0x7d, 0x01,
    0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62,
    0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35,
    0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56,
    0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77,
    0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
    0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5,
    0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa};
constexpr std::array<std::uint8_t, 178> kAcChroma = {
    0,    2,    1,    2,    4,    4,    3,    4,    7,    5,    4,    4,    0,    1,    2,    0x77, 0x00,
    0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72,
    0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a,
    0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55,
    0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76,
    0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95,
    0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
    0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
    0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa};

struct JpegHeader {
  std::uint8_t type = 0;
  std::uint8_t quality = 0;
  int width = 0;
  int height = 0;
  std::uint16_t restart_interval = 0;
};

void write_huffman(Writer& w, std::uint8_t id, ByteView table) {
  w.be16(0xffc4).be16(static_cast<std::uint16_t>(3 + table.size())).u8(id).bytes(table);
}

void write_headers(Bytes& out, const JpegHeader& h, ByteView quantisers) {
  Writer w(out);
  w.be16(0xffd8);
  for (std::uint8_t i = 0; i < 2; ++i) {
    w.be16(0xffdb).be16(67).u8(i).bytes(quantisers.subspan(i * 64u % quantisers.size(), 64));
  }
  if (h.restart_interval != 0) w.be16(0xffdd).be16(4).be16(h.restart_interval);
  w.be16(0xffc0)
      .be16(17)
      .u8(8)
      .be16(static_cast<std::uint16_t>(h.height))
      .be16(static_cast<std::uint16_t>(h.width))
      .u8(3);
  w.u8(1).u8((h.type & 63) == 0 ? 0x21 : 0x22).u8(0);
  w.u8(2).u8(0x11).u8(1);
  w.u8(3).u8(0x11).u8(1);
  write_huffman(w, 0x00, kDcLuma);
  write_huffman(w, 0x10, kAcLuma);
  write_huffman(w, 0x01, kDcChroma);
  write_huffman(w, 0x11, kAcChroma);
  w.be16(0xffda).be16(12).u8(3).u8(1).u8(0x00).u8(2).u8(0x11).u8(3).u8(0x11).u8(0).u8(63).u8(0);
}

class Mjpeg final : public Depacketiser {
 public:
  explicit Mjpeg(Emit emit) : Depacketiser(std::move(emit)), unit_(kMaxAccessUnit) {}

  void push(const proto::rtp::Packet& packet, std::int64_t ticks, bool lost,
            std::chrono::steady_clock::time_point arrived) override {
    if (!has_first_) {
      has_first_ = true;
      first_ticks_ = ticks_ = ticks;
    }
    if (lost) broken_ = true;
    Reader r(packet.payload);
    r.skip(1);
    const std::size_t offset = static_cast<std::size_t>(r.u8()) << 16 | static_cast<std::size_t>(r.be16());
    // Without a marker a new time stamp ends the picture, unless its scan goes on.
    if (ticks != ticks_ && offset != unit_.size() - head_size_) finish();
    ticks_ = ticks;
    arrived_ = arrived;
    JpegHeader h;
    h.type = r.u8();
    h.quality = r.u8();
    h.width = r.u8() * 8;
    h.height = r.u8() * 8;
    const bool restarts = h.type >= 64 && h.type < 128;
    if (restarts) {
      h.restart_interval = r.be16();
      r.skip(2);
    }
    if (r.failed() || (h.type & 63) > 1 || h.type >= 128 || h.quality == 0) {
      ++malformed_;
      broken_ = true;
      return;
    }
    if (offset == 0 && !begin(h, r)) {
      ++malformed_;
      broken_ = true;
      return;
    }
    if (offset != unit_.size() - head_size_) broken_ = true;
    if (!broken_ && !unit_.append(r.rest())) overflow();
    if (packet.marker) finish();
  }

 private:
  bool begin(const JpegHeader& h, Reader& r) {
    unit_.clear();
    head_size_ = 0;
    broken_ = false;
    std::array<std::uint8_t, 128> tables;
    if (h.quality >= 128) {
      r.skip(2);
      const std::size_t size = r.be16();
      const ByteView given = r.bytes(size);
      if (!r.failed() && (size == 64 || size == 128)) {
        for (std::size_t i = 0; i < tables.size(); ++i) tables[i] = given[i % size];
        known_tables_ = tables;
        has_tables_ = true;
      } else if (r.failed() || size != 0 || !has_tables_) {
        return false;
      }
      tables = known_tables_;
    } else {
      const int scale = h.quality < 50 ? 5000 / h.quality : 200 - std::min<int>(h.quality, 99) * 2;
      for (std::size_t i = 0; i < tables.size(); ++i)
        tables[i] = static_cast<std::uint8_t>(std::clamp((kQuantisers[i] * scale + 50) / 100, 1, 255));
    }
    if (h.width == 0 || h.height == 0) return false;  // larger than 2040: the size is not in this format
    Bytes head;
    write_headers(head, h, tables);
    head_size_ = head.size();
    return unit_.append(head);
  }

  void finish() {
    static constexpr std::uint8_t kEnd[2] = {0xff, 0xd9};
    if (!broken_ && unit_.size() > head_size_ && !unit_.append(kEnd)) overflow();
    if (!broken_ && unit_.size() > head_size_) {
      AccessUnit u;
      u.kind = MediaKind::video;
      u.codec = Codec::mjpeg;
      u.key = true;
      u.time = MediaTime((ticks_ - first_ticks_) * 100 / 9);
      u.arrived = arrived_;
      u.data = unit_.take();
      emit_(std::move(u));
    }
    unit_.clear();
    head_size_ = 0;
    broken_ = true;  // until the next picture begins
  }

  void overflow() {
    ++malformed_;
    broken_ = true;
  }

  BufferBuilder unit_;
  std::size_t head_size_ = 0;
  bool broken_ = true;
  bool has_first_ = false;
  std::int64_t first_ticks_ = 0;
  std::int64_t ticks_ = 0;  // of the latest packet, as is arrived_
  std::chrono::steady_clock::time_point arrived_;
  bool has_tables_ = false;
  std::array<std::uint8_t, 128> known_tables_{};
};

}  // namespace

std::unique_ptr<Depacketiser> make_mjpeg_depacketiser(Depacketiser::Emit emit) {
  return std::make_unique<Mjpeg>(std::move(emit));
}

}  // namespace dmss::media
