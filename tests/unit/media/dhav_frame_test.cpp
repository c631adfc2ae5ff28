#include "media/dhav/frame.hpp"

#include <catch2/catch.hpp>

#include "media/dhav/crypto.hpp"

using namespace dmss;
using namespace dmss::media;
using namespace dmss::media::dhav;

namespace {

constexpr std::size_t kLimit = 8u << 20;
const Date kDate{2026, 6, 27, 22, 38, 50};

Header header_of(FrameType type, std::uint32_t number, std::uint16_t ms) {
  Header h;
  h.type = type;
  h.number = number;
  h.milliseconds = ms;
  h.date = pack_date(kDate);
  return h;
}

Bytes frame_of(const Header& h, ByteView extension, std::size_t payload) {
  Bytes out;
  append_frame(out, h, extension, Bytes(payload, 0x5a));
  return out;
}

std::string head_of(const Bytes& frame, std::size_t n) {
  return to_hex(ByteView(frame).first(n));
}

/// A header whose checksum is right whatever else is wrong.
Bytes with_checksum(Bytes header) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < 23; ++i) sum += header[i];
  header[23] = static_cast<std::uint8_t>(sum);
  return header;
}

}  // namespace

TEST_CASE("DHAV: a captured header is understood") {
  const Bytes captured = from_hex("44484156 f0000000 e6070000 b0010000 b969b769 aa6d 04 0e 83011a04");
  const auto h = parse_header(captured, kLimit);
  REQUIRE(h);
  CHECK(h->type == FrameType::audio);
  CHECK_FALSE(h->is_video());
  CHECK(h->number == 0x7e6);
  CHECK(h->length == 432);
  CHECK(h->milliseconds == 0x6daa);
  CHECK(h->extension_length == 4);
  CHECK(unpack_date(h->date) == Date{2026, 6, 27, 22, 38, 57});
  const Extensions x = parse_extensions(ByteView(captured).subspan(24));
  CHECK(x.audio_codec == 0x1a);
  CHECK(x.audio_channels == 1);
  CHECK(sample_rate(x.sample_rate_index) == 16000);
}

TEST_CASE("DHAV: frames are written as the worked examples say") {
  const Bytes key =
      frame_of(header_of(FrameType::key, 0, 0), video_extension(Codec::h264, 352, 288, 25), 0x15b7 - 32 - 16);
  CHECK(head_of(key, 40) == to_hex(from_hex("44484156fd00000000000000b7150000b269b769000010 37"
                                            "80002c2481000819 8200000060012001")));
  CHECK(to_hex(ByteView(key).last(8)) == to_hex(from_hex("64686176b7150000")));
  const Bytes predicted = frame_of(header_of(FrameType::predicted, 1, 40), {}, 0x820 - 32);
  CHECK(head_of(predicted, 24) == to_hex(from_hex("44484156fc0000000100000020080000b269b769280000ab")));
  const Bytes sound =
      frame_of(header_of(FrameType::audio, 0, 0), audio_extension(Codec::pcm_alaw, 8000), 320);
  CHECK(head_of(sound, 28) == to_hex(from_hex("44484156f00000000000000064010000b269b769000004b783010e02")));
  CHECK(sound.size() == 0x164);
}

TEST_CASE("DHAV: a header is refused for each thing that can be wrong") {
  const Bytes good = frame_of(header_of(FrameType::key, 7, 3), {}, 100);
  const Bytes head(good.begin(), good.begin() + 24);
  REQUIRE(parse_header(head, kLimit));
  CHECK(parse_header(head, 132));
  CHECK_FALSE(parse_header(head, 131));
  for (std::size_t n = 0; n < 24; ++n) CHECK_FALSE(parse_header(ByteView(head).first(n), kLimit));
  for (std::size_t i = 0; i < 24; ++i) {
    Bytes bad = head;
    bad[i] ^= 0x10;
    INFO(i);
    CHECK_FALSE(parse_header(bad, kLimit));
  }
  for (const std::uint32_t length : {0u, 24u, 31u, 0x80000000u, 0xffffffffu}) {
    Bytes bad = head;
    store_le32(&bad[12], length);
    CHECK_FALSE(parse_header(with_checksum(bad), kLimit));
  }
  Bytes bad = head;
  bad[22] = 101;
  CHECK_FALSE(parse_header(with_checksum(bad), kLimit));
  bad[22] = 100;
  CHECK(parse_header(with_checksum(bad), kLimit));
}

TEST_CASE("DHAV: dates") {
  CHECK(pack_date({2026, 6, 27, 22, 38, 57}) == 0x69b769b9);
  for (const Date& d :
       {Date{2000, 1, 1, 0, 0, 0}, Date{2063, 12, 31, 23, 59, 59}, Date{2024, 2, 29, 12, 0, 1}})
    CHECK(unpack_date(pack_date(d)) == d);
  for (const Date& d : {Date{2026, 0, 1, 0, 0, 0}, Date{2026, 13, 1, 0, 0, 0}, Date{2026, 1, 0, 0, 0, 0},
                        Date{2025, 2, 29, 0, 0, 0}, Date{2026, 4, 31, 0, 0, 0}, Date{2026, 1, 1, 24, 0, 0},
                        Date{2026, 1, 1, 0, 60, 0}, Date{2026, 1, 1, 0, 0, 61}})
    CHECK_FALSE(unpack_date(pack_date(d)));
  CHECK_FALSE(unpack_date(0));
  CHECK(date_seconds({2000, 1, 1, 0, 0, 0}) == 946684800);
  CHECK(date_seconds({2026, 6, 27, 22, 38, 57}) == 1782599937);
}

TEST_CASE("DHAV: every documented extension tag is stepped over or read") {
  const Bytes last = from_hex("81000c0f");
  for (int tag = 0; tag < 256; ++tag) {
    INFO(tag);
    const bool four = tag == 0x80 || tag == 0x81 || (tag >= 0x83 && tag <= 0x85) || tag == 0x8b ||
                      tag == 0x94 || tag == 0x96 || tag == 0xa0 || tag == 0xb2 || tag == 0xb4;
    const bool eight = tag == 0x82 || tag == 0x88 || tag == 0x8c || (tag >= 0x91 && tag <= 0x93) ||
                       tag == 0x95 || tag == 0x9a || tag == 0x9b || tag == 0xb3;
    const std::size_t size = tag == 0xb5 ? 43 : eight ? 8 : 4;
    Bytes block(size, 0);
    block[0] = static_cast<std::uint8_t>(tag);
    block.insert(block.end(), last.begin(), last.end());
    const Extensions x = parse_extensions(block);
    const bool known = four || eight || tag == 0xb5;
    CHECK(x.unknown_tag == !known);
    CHECK((x.video_codec == 12 && x.frame_rate == 15) == known);
  }
}

TEST_CASE("DHAV: picture size and sound in their old and new tags, in any order") {
  Extensions x = parse_extensions(from_hex("80002c24 81000819"));
  CHECK(x.width == 352);
  CHECK(x.height == 288);
  CHECK(x.video_codec == 8);
  CHECK(x.frame_rate == 25);
  x = parse_extensions(from_hex("82000000 800f7008 81000c1e 8000f087"));
  CHECK(x.width == 3968);
  CHECK(x.height == 2160);
  CHECK(x.video_codec == 12);
  x = parse_extensions(from_hex("8000f087 82000000 80073804"));
  CHECK(x.width == 1920);
  CHECK(x.height == 1080);
  x = parse_extensions(from_hex("83001602"));
  CHECK(x.audio_channels == 1);
  CHECK(x.audio_codec == 0x16);
  x = parse_extensions(from_hex("8c00021a09000000"));
  CHECK(x.audio_channels == 2);
  CHECK(x.audio_codec == 0x1a);
  CHECK(sample_rate(x.sample_rate_index) == 48000);
  x = parse_extensions(from_hex("83010e02 8c00021a09000000"));
  CHECK(x.audio_codec == 0x0e);
}

TEST_CASE("DHAV: an extension block cut anywhere is read as far as it goes") {
  const Bytes block = video_extension(Codec::h265, 2560, 1440, 20);
  REQUIRE(block.size() == 16);
  for (std::size_t n = 0; n <= block.size(); ++n) {
    INFO(n);
    const Extensions x = parse_extensions(ByteView(block).first(n));
    CHECK(x.video_codec.has_value() == (n >= 8));
    CHECK(x.width == (n >= 16 ? 2560 : n >= 4 ? 2560 % 2048 : 0));
    CHECK_FALSE(x.unknown_tag);
  }
}

TEST_CASE("DHAV: an encryption record is found in the walk and behind an unknown tag") {
  Bytes record(43, 0);
  record[0] = 0xb5;
  record[2] = 1;
  record[3] = 0x10;
  record[6] = 0x34;
  record[7] = 0x12;
  for (std::size_t i = 0; i < 16; ++i) record[27 + i] = static_cast<std::uint8_t>(0xa0 + i);
  const auto check = [&](const Bytes& block) {
    const Extensions x = parse_extensions(block);
    REQUIRE(x.encryption);
    CHECK(x.encryption->clear == 0x10);
    CHECK(x.encryption->encrypted == 0x1234);
    CHECK(std::equal(x.encryption->iv.begin(), x.encryption->iv.end(), record.begin() + 27));
    return x;
  };
  check(record);
  Bytes block = video_extension(Codec::h264, 352, 288, 25);
  block.insert(block.end(), record.begin(), record.end());
  CHECK(check(block).video_codec == 8);
  block.insert(block.begin(), {0x77, 1, 2, 3, 4});
  CHECK(check(block).unknown_tag);
}

TEST_CASE("DHAV: an encryption record of another scheme, or half of one, is not taken for none") {
  Bytes record(43, 0);
  record[0] = 0xb5;
  for (int scheme = 0; scheme < 256; ++scheme) {
    INFO(scheme);
    record[2] = static_cast<std::uint8_t>(scheme);
    const auto e = parse_extensions(record).encryption;
    CHECK(e.has_value() == (scheme != 0));
    if (e) CHECK(e->known == (scheme == 1));
  }
  record[2] = 1;
  for (std::size_t n = 1; n < record.size(); ++n) {
    const auto e = parse_extensions(ByteView(record).first(n)).encryption;
    REQUIRE(e);
    CHECK_FALSE(e->known);
  }
  // Behind an unknown tag any byte may be 0xb5; only the known scheme is believed.
  record[2] = 7;
  record.insert(record.begin(), {0x77, 1, 2, 3, 4});
  CHECK_FALSE(parse_extensions(record).encryption);
}

TEST_CASE("DHAV: codec ids and sample rates") {
  CHECK(video_codec(1) == Codec::mpeg4);
  CHECK(video_codec(2) == Codec::h264);
  CHECK(video_codec(4) == Codec::h264);
  CHECK(audio_codec(7) == Codec::pcm_s8);
  CHECK(audio_codec(10) == Codec::pcm_mulaw);
  CHECK(audio_codec(12) == Codec::pcm_s16le);
  CHECK(audio_codec(27) == Codec::g726_40);
  CHECK(audio_codec(28) == Codec::g726_32);
  CHECK(audio_codec(29) == Codec::g726_24);
  CHECK(audio_codec(30) == Codec::g726_16);
  for (const Codec c : {Codec::h264, Codec::h265, Codec::mjpeg}) CHECK(video_codec(codec_id(c)) == c);
  for (const Codec c : {Codec::pcm_alaw, Codec::pcm_mulaw, Codec::pcm_s16le, Codec::aac})
    CHECK(audio_codec(codec_id(c)) == c);
  CHECK(codec_id(Codec::unknown) == 0);
  CHECK(video_codec(0) == Codec::unknown);
  CHECK(video_codec(11) == Codec::unknown);
  CHECK(audio_codec(9) == Codec::unknown);
  for (const int rate : {4000, 8000, 11025, 16000, 20000, 22050, 32000, 44100, 48000, 96000, 192000, 64000})
    CHECK(sample_rate(sample_rate_index(rate)) == rate);
  CHECK(sample_rate(0) == 8000);
  CHECK(sample_rate(13) == 8000);
  CHECK(sample_rate(255) == 8000);
  CHECK(sample_rate_index(12345) == 2);
}

TEST_CASE("DHAV: the key of encrypted streams follows from serial number and password") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  CHECK(Bytes(key.begin(), key.end()) ==
        from_hex("258b1b03b28a22c0f40784302140f4900764ec06140320d443f5d27fb6ffd532"));
}

TEST_CASE("DHAV: only the encrypted part is deciphered") {
  // NIST SP 800-38A, F.4.6: AES-256 in OFB mode.
  const Bytes k = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  StreamKey key{};
  std::copy(k.begin(), k.end(), key.begin());
  Encryption e;
  for (std::size_t i = 0; i < 16; ++i) e.iv[i] = static_cast<std::uint8_t>(i);
  e.clear = 3;
  e.encrypted = 32;
  const Bytes cipher = from_hex("dc7e84bfda79164b7ecd8486985d38604febdc6740d20b3ac88f6ad82a4fb08d");
  const Bytes plain = from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  Bytes payload = {1, 2, 3};
  payload.insert(payload.end(), cipher.begin(), cipher.end());
  payload.push_back(9);
  REQUIRE(decrypt(key, e, payload.data(), payload.size()));
  CHECK(Bytes(payload.begin(), payload.begin() + 3) == Bytes{1, 2, 3});
  CHECK(Bytes(payload.begin() + 3, payload.end() - 1) == plain);
  CHECK(payload.back() == 9);
}

TEST_CASE("DHAV: encryption lengths that do not fit the payload are refused") {
  Bytes payload(40, 0);
  const Bytes before = payload;
  Encryption e;
  e.clear = 41;
  CHECK_FALSE(decrypt({}, e, payload.data(), payload.size()));
  e.clear = 0xffffff;
  e.encrypted = 0xffffff;
  CHECK_FALSE(decrypt({}, e, payload.data(), payload.size()));
  e.clear = 10;
  e.encrypted = 31;
  CHECK_FALSE(decrypt({}, e, payload.data(), payload.size()));
  CHECK(payload == before);
  e.encrypted = 30;
  CHECK(decrypt({}, e, payload.data(), payload.size()));
  CHECK(payload != before);
}
