#include "media/dhav/frame.hpp"

#include <algorithm>
#include <numeric>

namespace dmss::media::dhav {
namespace {

constexpr std::uint8_t kMagic[4] = {'D', 'H', 'A', 'V'};
constexpr std::uint8_t kTrailer[4] = {'d', 'h', 'a', 'v'};
constexpr int kSampleRates[] = {8000,  4000,  8000,  11025, 16000,  20000, 22050,
                                32000, 44100, 48000, 96000, 192000, 64000};
constexpr std::size_t kEncryptionSize = 43;
constexpr std::uint8_t kEncryptionTag = 0xb5;
enum Scheme : std::uint8_t { kPlain = 0, kAes256Ofb = 1 };

/// Size of a tag's record by table §1.3; 0 = not known.
std::size_t tag_size(std::uint8_t tag) noexcept {
  // clang-format off
  switch (tag) {
    case 0x80: case 0x81: case 0x83: case 0x84: case 0x85: case 0x8b: case 0x94: case 0x96: case 0xa0: case 0xb2: case 0xb4: return 4;
    case 0x82: case 0x88: case 0x8c: case 0x91: case 0x92: case 0x93: case 0x95: case 0x9a: case 0x9b: case 0xb3: return 8;
    case kEncryptionTag: return kEncryptionSize;
    default: return 0;
  }
  // clang-format on
}

std::uint32_t le24(const std::uint8_t* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
         static_cast<std::uint32_t>(p[2]) << 16;
}

std::optional<Encryption> parse_encryption(ByteView r) noexcept {
  if (r.size() > 2 && r[2] == kPlain) return std::nullopt;
  Encryption e;
  e.known = r.size() >= kEncryptionSize && r[2] == kAes256Ofb;
  if (!e.known) return e;
  e.clear = le24(&r[3]);
  e.encrypted = le24(&r[6]);
  std::copy_n(&r[27], e.iv.size(), e.iv.begin());
  return e;
}

void read_tag(ByteView r, Extensions& x) noexcept {
  switch (r[0]) {
    case 0x80:
      if (x.width == 0) {
        x.width = r[2] * 8;
        x.height = r[3] * 8;
      }
      break;
    case 0x81:
      x.video_codec = r[2];
      x.frame_rate = r[3];
      break;
    case 0x82:
      x.width = load_le16(&r[4]);
      x.height = load_le16(&r[6]);
      break;
    case 0x83:
      x.audio_channels = r[1] == 0 ? 1 : r[1];
      x.audio_codec = r[2];
      x.sample_rate_index = r[3];
      break;
    case 0x8c:
      if (x.audio_codec) break;
      x.audio_channels = r[2] == 0 ? 1 : r[2];
      x.audio_codec = r[3];
      x.sample_rate_index = r[4];
      break;
    case kEncryptionTag: x.encryption = parse_encryption(r); break;
    default: break;
  }
}

}  // namespace

std::uint32_t pack_date(const Date& d) noexcept {
  return static_cast<std::uint32_t>(d.second | d.minute << 6 | d.hour << 12 | d.day << 17 | d.month << 22 |
                                    (d.year - 2000) << 26);
}

std::optional<Date> unpack_date(std::uint32_t p) noexcept {
  Date d;
  d.second = static_cast<int>(p & 63);
  d.minute = static_cast<int>(p >> 6 & 63);
  d.hour = static_cast<int>(p >> 12 & 31);
  d.day = static_cast<int>(p >> 17 & 31);
  d.month = static_cast<int>(p >> 22 & 15);
  d.year = 2000 + static_cast<int>(p >> 26);
  const std::chrono::year_month_day date(std::chrono::year(d.year),
                                         std::chrono::month(static_cast<unsigned>(d.month)),
                                         std::chrono::day(static_cast<unsigned>(d.day)));
  if (!date.ok() || d.hour > 23 || d.minute > 59 || d.second > 60) return std::nullopt;
  return d;
}

std::int64_t date_seconds(const Date& d) noexcept {
  const std::chrono::year_month_day date(std::chrono::year(d.year),
                                         std::chrono::month(static_cast<unsigned>(d.month)),
                                         std::chrono::day(static_cast<unsigned>(d.day)));
  return std::chrono::sys_days(date).time_since_epoch().count() * 86400ll + d.hour * 3600 + d.minute * 60 +
         d.second;
}

Extensions parse_extensions(ByteView block) noexcept {
  Extensions x;
  while (!block.empty()) {
    const std::size_t size = tag_size(block[0]);
    if (size == 0) {
      x.unknown_tag = true;
      break;
    }
    if (size > block.size()) {
      if (block[0] == kEncryptionTag) x.encryption = parse_encryption(block);
      break;
    }
    read_tag(block.first(size), x);
    block = block.subspan(size);
  }
  // The walk may have stopped before the record that decides whether the payload can be read at all.
  for (std::size_t i = 0; x.unknown_tag && !x.encryption && i + kEncryptionSize <= block.size(); ++i) {
    if (block[i] == kEncryptionTag && block[i + 2] == kAes256Ofb)
      x.encryption = parse_encryption(block.subspan(i));
  }
  return x;
}

std::optional<Header> parse_header(ByteView in, std::size_t max_length) noexcept {
  if (in.size() < kHeaderSize || !std::equal(std::begin(kMagic), std::end(kMagic), in.begin()))
    return std::nullopt;
  const unsigned sum = std::accumulate(in.begin(), in.begin() + 23, 0u);
  Header h;
  h.type = static_cast<FrameType>(in[4]);
  h.sub_type = in[5];
  h.channel = in[6];
  h.number = load_le32(&in[8]);
  h.length = load_le32(&in[12]);
  h.date = load_le32(&in[16]);
  h.milliseconds = load_le16(&in[20]);
  h.extension_length = in[22];
  if ((sum & 0xff) != in[23] || h.length < kSmallestFrame || h.length > max_length ||
      h.extension_length > h.length - kSmallestFrame)
    return std::nullopt;
  return h;
}

Codec video_codec(std::uint8_t id) noexcept {
  switch (id) {
    case 1: return Codec::mpeg4;
    case 2:
    case 4:
    case 8: return Codec::h264;
    case 3: return Codec::mjpeg;
    case 12: return Codec::h265;
    default: return Codec::unknown;
  }
}

Codec audio_codec(std::uint8_t id) noexcept {
  switch (id) {
    case 7: return Codec::pcm_s8;
    case 10:
    case 22: return Codec::pcm_mulaw;
    case 12:
    case 16: return Codec::pcm_s16le;
    case 14: return Codec::pcm_alaw;
    case 26: return Codec::aac;
    case 27: return Codec::g726_40;
    case 28: return Codec::g726_32;
    case 29: return Codec::g726_24;
    case 30: return Codec::g726_16;
    default: return Codec::unknown;
  }
}

std::uint8_t codec_id(Codec c) noexcept {
  switch (c) {
    case Codec::h264: return 8;
    case Codec::h265: return 12;
    case Codec::mjpeg: return 3;
    case Codec::pcm_alaw: return 14;
    case Codec::pcm_mulaw: return 22;
    case Codec::pcm_s16le: return 16;
    case Codec::aac: return 26;
    default: return 0;
  }
}

int sample_rate(std::uint8_t index) noexcept {
  return index < std::size(kSampleRates) ? kSampleRates[index] : 8000;
}

std::uint8_t sample_rate_index(int rate) noexcept {
  for (std::size_t i = 1; i < std::size(kSampleRates); ++i) {
    if (kSampleRates[i] == rate) return static_cast<std::uint8_t>(i);
  }
  return 2;
}

Bytes video_extension(Codec codec, int width, int height, int frame_rate) {
  Bytes out;
  Writer w(out);
  w.u8(0x80).u8(0).u8(static_cast<std::uint8_t>(width / 8)).u8(static_cast<std::uint8_t>(height / 8));
  w.u8(0x81).u8(0).u8(codec_id(codec)).u8(static_cast<std::uint8_t>(frame_rate));
  w.u8(0x82).zeros(3).le16(static_cast<std::uint16_t>(width)).le16(static_cast<std::uint16_t>(height));
  return out;
}

Bytes audio_extension(Codec codec, int rate, int channels) {
  Bytes out;
  Writer(out)
      .u8(0x83)
      .u8(static_cast<std::uint8_t>(channels))
      .u8(codec_id(codec))
      .u8(sample_rate_index(rate));
  return out;
}

void append_frame(Bytes& out, Header h, ByteView extension, ByteView payload) {
  const std::size_t start = out.size();
  h.length = static_cast<std::uint32_t>(kSmallestFrame + extension.size() + payload.size());
  out.reserve(start + h.length);
  Writer w(out);
  w.bytes(kMagic).u8(static_cast<std::uint8_t>(h.type)).u8(h.sub_type).u8(h.channel).u8(0);
  w.le32(h.number)
      .le32(h.length)
      .le32(h.date)
      .le16(h.milliseconds)
      .u8(static_cast<std::uint8_t>(extension.size()));
  const unsigned sum = std::accumulate(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), 0u);
  w.u8(static_cast<std::uint8_t>(sum)).bytes(extension).bytes(payload).bytes(kTrailer).le32(h.length);
}

}  // namespace dmss::media::dhav
