#include "media/dhav/unit_reader.hpp"

#include <catch2/catch.hpp>

#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;
using namespace dmss::media::dhav;

namespace {

const Bytes kH264Key = annexb({{0x67, 0x64, 0x00, 0x1f}, {0x68, 0xee, 0x3c, 0x80}, Bytes{0x65} + filler(30)});
const Bytes kH265Key =
    annexb({{0x40, 0x01, 0x0c}, {0x42, 0x01, 0x01}, {0x44, 0x01}, Bytes{0x26} + filler(30)});
const Bytes kPicture = annexb({Bytes{0x41} + filler(30)});

struct Out {
  Out()
      : reader([this](AccessUnit u) { units.push_back(std::move(u)); },
               [this](Error e) { notices.push_back(e.code()); }) {}

  void frame(FrameType type, std::uint32_t number, const Bytes& extension, const Bytes& payload) {
    Header h;
    h.type = type;
    h.number = number;
    h.date = pack_date({2026, 6, 27, 22, 38, 50});
    h.milliseconds = static_cast<std::uint16_t>(number * 40);
    Bytes b;
    append_frame(b, h, extension, payload);
    reader.push(b, arrived);
  }
  void key(std::uint32_t number, const Bytes& payload = kH264Key, Codec label = Codec::h264) {
    frame(FrameType::key, number, video_extension(label, 352, 288, 25), payload);
  }
  void predicted(std::uint32_t number) { frame(FrameType::predicted, number, {}, kPicture); }
  void sound(const Bytes& extension, const Bytes& payload) { frame(FrameType::audio, 0, extension, payload); }
  Bytes data(std::size_t i) const { return bytes_of(units.at(i).data.view()); }

  std::vector<AccessUnit> units;
  std::vector<Errc> notices;
  std::chrono::steady_clock::time_point arrived{};
  UnitReader reader;
};

using Codes = std::vector<Errc>;

Bytes id_extension(std::uint8_t id) {
  return {0x81, 0, id, 25};
}

/// AES in OFB mode is its own inverse.
Bytes encrypt(Bytes payload, const StreamKey& key, Encryption& record, std::size_t clear) {
  record.clear = static_cast<std::uint32_t>(clear);
  record.encrypted = static_cast<std::uint32_t>(payload.size() - clear);
  for (std::size_t i = 0; i < record.iv.size(); ++i) record.iv[i] = static_cast<std::uint8_t>(3 * i);
  REQUIRE(decrypt(key, record, payload.data(), payload.size()));
  return payload;
}

Bytes extension_of(const Encryption& e) {
  Bytes out = video_extension(Codec::h264, 352, 288, 25);
  const std::size_t at = out.size();
  out.resize(at + 43);
  out[at] = 0xb5;
  out[at + 2] = 1;
  store_le16(&out[at + 3], static_cast<std::uint16_t>(e.clear));
  store_le16(&out[at + 6], static_cast<std::uint16_t>(e.encrypted));
  std::copy(e.iv.begin(), e.iv.end(), out.begin() + static_cast<std::ptrdiff_t>(at) + 27);
  return out;
}

}  // namespace

TEST_CASE("unit reader: pictures from the first key frame on") {
  Out out;
  out.arrived += std::chrono::seconds(3);
  out.predicted(4);
  CHECK(out.units.empty());
  out.key(5);
  out.predicted(6);
  REQUIRE(out.units.size() == 2);
  CHECK(out.units[0].kind == MediaKind::video);
  CHECK(out.units[0].codec == Codec::h264);
  CHECK(out.units[0].key);
  CHECK(out.units[0].arrived == out.arrived);
  CHECK(out.data(0) == kH264Key);
  CHECK_FALSE(out.units[1].key);
  CHECK_FALSE(out.units[1].corrupt);
  CHECK(out.units[1].time - out.units[0].time == std::chrono::milliseconds(40));
  CHECK(out.data(1) == kPicture);
  CHECK(out.reader.lost() == 0);
  CHECK(out.notices.empty());
}

TEST_CASE("unit reader: what the key frame is wins over its label") {
  Out out;
  out.key(0, kH265Key, Codec::h264);
  out.predicted(1);
  out.key(2, kH264Key, Codec::h265);
  out.key(3, Bytes{0xff, 0xd8, 0xff, 0xdb, 0, 0x43}, Codec::h264);
  REQUIRE(out.units.size() == 4);
  CHECK(out.units[0].codec == Codec::h265);
  CHECK(out.units[1].codec == Codec::h265);
  CHECK(out.units[2].codec == Codec::h264);
  CHECK(out.units[3].codec == Codec::mjpeg);
}

TEST_CASE("unit reader: the label serves when the bytes say nothing, and an unknown codec is told once") {
  Out out;
  out.frame(FrameType::key, 0, id_extension(1), filler(20));
  REQUIRE(out.units.size() == 1);
  CHECK(out.units[0].codec == Codec::mpeg4);
  out.frame(FrameType::key, 1, id_extension(11), filler(20));
  out.frame(FrameType::key, 2, id_extension(11), filler(20));
  out.predicted(3);
  CHECK(out.units.size() == 1);
  CHECK(out.notices == Codes{Errc::codec_unsupported});
}

TEST_CASE("unit reader: numbers that are missing are counted and mark what follows") {
  Out out;
  out.key(10);
  out.predicted(11);
  out.predicted(14);
  out.predicted(15);
  out.key(20);
  REQUIRE(out.units.size() == 5);
  CHECK(out.reader.lost() == 6);
  CHECK(out.units[2].corrupt);
  CHECK(out.units[2].discontinuity);
  CHECK_FALSE(out.units[3].corrupt);
  CHECK_FALSE(out.units[4].corrupt);
  CHECK(out.units[4].discontinuity);
}

TEST_CASE("unit reader: numbers may wrap, stand still or start anew") {
  Out out;
  for (const std::uint32_t n : {0xfffffffeu, 0xffffffffu, 0u, 1u, 1u, 0u, 0x70000000u}) out.key(n);
  CHECK(out.units.size() == 7);
  CHECK(out.reader.lost() == 0);
  for (const AccessUnit& u : out.units) CHECK_FALSE(u.corrupt);
}

TEST_CASE("unit reader: sound of each codec") {
  const std::vector<std::pair<int, Codec>> ids = {
      {7, Codec::pcm_s8},     {10, Codec::pcm_mulaw}, {14, Codec::pcm_alaw}, {16, Codec::pcm_s16le},
      {22, Codec::pcm_mulaw}, {27, Codec::g726_40},   {30, Codec::g726_16}};
  for (const auto& [id, codec] : ids) {
    INFO(id);
    Out out;
    out.sound({0x83, 2, static_cast<std::uint8_t>(id), 4}, filler(64));
    REQUIRE(out.units.size() == 1);
    CHECK(out.units[0].kind == MediaKind::audio);
    CHECK(out.units[0].codec == codec);
    CHECK(out.units[0].sample_rate == 16000);
    CHECK(out.units[0].channels == 2);
    CHECK(out.units[0].key);
    CHECK(out.data(0) == filler(64));
    CHECK(out.notices.empty());
  }
}

TEST_CASE("unit reader: sound labelled AAC that is not is G.711") {
  Out out;
  out.sound({0x83, 1, 0x1a, 4}, Bytes{0xff, 0xf1} + filler(20));
  out.sound({0x83, 1, 0x1a, 2}, filler(20));
  out.sound({0x83, 1, 0x1a, 2}, filler(20));
  REQUIRE(out.units.size() == 3);
  CHECK(out.units[0].codec == Codec::aac);
  CHECK(out.units[1].codec == Codec::pcm_alaw);
  CHECK(out.notices == Codes{Errc::codec_unsupported});
}

TEST_CASE("unit reader: sound without a label or of an unknown kind is left out") {
  Out out;
  out.sound({}, filler(20));
  CHECK(out.notices.empty());
  out.sound({0x83, 1, 9, 2}, filler(20));
  out.sound({0x83, 1, 9, 2}, filler(20));
  CHECK(out.units.empty());
  CHECK(out.notices == Codes{Errc::codec_unsupported});
  out.sound({0x83, 200, 14, 99}, filler(20));
  REQUIRE(out.units.size() == 1);
  CHECK(out.units[0].channels == 8);
  CHECK(out.units[0].sample_rate == 8000);
}

TEST_CASE("unit reader: auxiliary frames are data, empty and unknown ones nothing") {
  Out out;
  out.frame(FrameType::auxiliary, 0, {}, filler(12));
  out.frame(FrameType::auxiliary, 0, {}, {});
  out.frame(static_cast<FrameType>(0xf7), 0, {}, filler(12));
  REQUIRE(out.units.size() == 1);
  CHECK(out.units[0].kind == MediaKind::data);
  CHECK(out.data(0) == filler(12));
}

TEST_CASE("unit reader: encrypted key frames are deciphered with the right password") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  Encryption record;
  for (const std::size_t clear : {0u, 5u, 40u}) {
    const Bytes payload = encrypt(kH264Key, key, record, clear);
    Out out;
    out.reader.set_key("EXAMPLE0123456", Secret("Passw0rd!"));
    out.frame(FrameType::key, 0, extension_of(record), payload);
    out.predicted(1);
    REQUIRE(out.units.size() == 2);
    CHECK(out.data(0) == kH264Key);
    CHECK(out.notices.empty());
  }
}

TEST_CASE("unit reader: encrypted key frames without the right password are told once and left out") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  Encryption record;
  const Bytes payload = encrypt(kH264Key, key, record, 0);
  SECTION("no password") {
    Out out;
    out.frame(FrameType::key, 0, extension_of(record), payload);
    out.frame(FrameType::key, 1, extension_of(record), payload);
    out.predicted(2);
    CHECK(out.units.empty());
    CHECK(out.notices == Codes{Errc::encrypted});
  }
  SECTION("another password, then the right one") {
    Out out;
    out.reader.set_key("EXAMPLE0123456", Secret("other"));
    out.frame(FrameType::key, 0, extension_of(record), payload);
    CHECK(out.units.empty());
    CHECK(out.notices == Codes{Errc::encrypted});
    out.reader.set_key("EXAMPLE0123456", Secret("Passw0rd!"));
    out.frame(FrameType::key, 1, extension_of(record), payload);
    CHECK(out.units.size() == 1);
  }
  SECTION("lengths that lie") {
    record.encrypted += 1;
    Out out;
    out.reader.set_key("EXAMPLE0123456", Secret("Passw0rd!"));
    out.frame(FrameType::key, 0, extension_of(record), payload);
    CHECK(out.units.empty());
    CHECK(out.notices == Codes{Errc::encrypted});
  }
}

TEST_CASE("unit reader: pictures under an unknown cipher are told and never come out") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  Encryption record;
  const Bytes payload = encrypt(kH264Key, key, record, 0);
  Bytes extension = extension_of(record);
  extension[extension.size() - 41] = 2;
  Out out;
  out.reader.set_key("EXAMPLE0123456", Secret("Passw0rd!"));
  out.frame(FrameType::key, 0, extension, payload);
  out.predicted(1);
  extension[extension.size() - 41] = 1;
  extension.pop_back();
  out.frame(FrameType::key, 2, extension, payload);
  out.predicted(3);
  CHECK(out.units.empty());
  CHECK(out.notices == Codes{Errc::encrypted});
  out.key(4);
  out.predicted(5);
  CHECK(out.units.size() == 2);
}

TEST_CASE("unit reader: pictures that follow an unreadable key frame are left out until a readable one") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  Encryption record;
  const Bytes payload = encrypt(kH264Key, key, record, 0);
  Out out;
  out.key(0);
  out.frame(FrameType::key, 1, extension_of(record), payload);
  out.predicted(2);
  CHECK(out.units.size() == 1);
  out.key(3);
  out.predicted(4);
  CHECK(out.units.size() == 3);
}

TEST_CASE("unit reader: pictures between key frames may have a record, too, and be encrypted or clear") {
  const StreamKey key = derive_stream_key("EXAMPLE0123456", Secret("Passw0rd!"));
  Encryption of_key, record;
  const Bytes key_payload = encrypt(kH264Key, key, of_key, 0);
  Out out;
  out.reader.set_key("EXAMPLE0123456", Secret("Passw0rd!"));
  out.frame(FrameType::key, 0, extension_of(of_key), key_payload);
  SECTION("encrypted as the record says") {
    for (const std::size_t clear : {0u, 3u, 12u}) {
      const Bytes payload = encrypt(kPicture, key, record, clear);
      REQUIRE(payload != kPicture);
      out.frame(FrameType::predicted, static_cast<std::uint32_t>(out.units.size()), extension_of(record),
                payload);
      CHECK(out.data(out.units.size() - 1) == kPicture);
    }
    CHECK(out.units.size() == 4);
    CHECK(out.notices.empty());
  }
  SECTION("clear although there is a record") {
    encrypt(kPicture, key, record, 0);
    out.frame(FrameType::predicted, 1, extension_of(record), kPicture);
    record.encrypted = 0;
    out.frame(FrameType::predicted, 2, extension_of(record), kPicture);
    REQUIRE(out.units.size() == 3);
    CHECK(out.data(1) == kPicture);
    CHECK(out.data(2) == kPicture);
    CHECK(out.notices.empty());
  }
  SECTION("with a key that is not ours: told, and nothing until the next key frame") {
    const StreamKey other = derive_stream_key("EXAMPLE0123456", Secret("other"));
    const Bytes payload = encrypt(kPicture, other, record, 0);
    out.frame(FrameType::predicted, 1, extension_of(record), payload);
    out.frame(FrameType::predicted, 2, extension_of(record), payload);
    out.predicted(3);
    CHECK(out.units.size() == 1);
    CHECK(out.notices == Codes{Errc::encrypted});
    out.frame(FrameType::key, 4, extension_of(of_key), key_payload);
    out.predicted(5);
    CHECK(out.units.size() == 3);
  }
  SECTION("in a way that is not known: told, and never given out") {
    Bytes extension = extension_of(record);
    extension[extension.size() - 41] = 2;
    out.frame(FrameType::predicted, 1, extension, kPicture);
    CHECK(out.units.size() == 1);
    CHECK(out.notices == Codes{Errc::encrypted});
  }
  SECTION("lengths that lie") {
    const Bytes payload = encrypt(kPicture, key, record, 0);
    record.encrypted += 1;
    out.frame(FrameType::predicted, 1, extension_of(record), payload);
    CHECK(out.units.size() == 1);
    CHECK(out.notices == Codes{Errc::encrypted});
  }
}

TEST_CASE("unit reader: another format is told once") {
  Out out;
  for (int i = 0; i < 3; ++i) out.reader.push(Bytes{0, 0, 1, 0xba} + filler(100), out.arrived);
  CHECK(out.units.empty());
  CHECK(out.notices == Codes{Errc::codec_unsupported});
}
