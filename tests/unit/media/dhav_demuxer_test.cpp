#include "media/dhav/demuxer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;
using namespace dmss::media::dhav;

namespace {

Bytes frame(std::uint32_t number, std::size_t payload) {
  Bytes out;
  Header h;
  h.type = number % 3 == 0 ? FrameType::key : FrameType::predicted;
  h.number = number;
  const Bytes extension = number % 3 == 0 ? video_extension(Codec::h264, 352, 288, 25) : Bytes();
  append_frame(out, h, extension, filler(payload, static_cast<std::uint8_t>(number)));
  return out;
}

struct Seen {
  std::uint32_t number;
  Bytes payload;
  bool operator==(const Seen&) const = default;
};

struct Run {
  explicit Run(std::size_t limit = 8u << 20) : demuxer(limit) {}
  void push(ByteView b) {
    demuxer.push(b, [this](const dhav::Frame& f) { seen.push_back({f.header.number, bytes_of(f.payload)}); });
  }
  std::vector<std::uint32_t> numbers() const {
    std::vector<std::uint32_t> n;
    for (const Seen& s : seen) n.push_back(s.number);
    return n;
  }
  Demuxer demuxer;
  std::vector<Seen> seen;
};

using Numbers = std::vector<std::uint32_t>;

/// The same stream in one piece, in two cut anywhere, and in small ones: the same frames and statistics.
Run every_way(const Bytes& stream, std::size_t limit = 8u << 20) {
  Run whole(limit);
  whole.push(stream);
  const auto same = [&](const Run& r) {
    return r.seen == whole.seen && r.demuxer.stats().skipped == whole.demuxer.stats().skipped &&
           r.demuxer.stats().resyncs == whole.demuxer.stats().resyncs &&
           r.demuxer.foreign() == whole.demuxer.foreign();
  };
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Run two(limit);
    two.push(ByteView(stream).first(cut));
    two.push(ByteView(stream).subspan(cut));
    INFO("cut at " << cut);
    REQUIRE(same(two));
  }
  for (const std::size_t step : {1u, 2u, 3u, 7u, 23u, 24u, 25u, 31u, 33u}) {
    Run pieces(limit);
    for (std::size_t at = 0; at < stream.size(); at += step)
      pieces.push(ByteView(stream).subspan(at, std::min<std::size_t>(step, stream.size() - at)));
    INFO("pieces of " << step);
    REQUIRE(same(pieces));
  }
  return whole;
}

}  // namespace

TEST_CASE("demuxer: frames come out the same however the stream is cut") {
  const Run r = every_way(frame(0, 50) + frame(1, 0) + frame(2, 1) + frame(3, 90));
  CHECK(r.numbers() == Numbers{0, 1, 2, 3});
  CHECK(r.seen[0].payload == filler(50, 0));
  CHECK(r.seen[1].payload.empty());
  CHECK(r.seen[3].payload == filler(90, 3));
  CHECK(r.demuxer.stats().frames == 4);
  CHECK(r.demuxer.stats().skipped == 0);
  CHECK(r.demuxer.stats().resyncs == 0);
}

TEST_CASE("demuxer: a frame is given as soon as its last byte is there") {
  const Bytes f = frame(1, 60);
  Run r;
  for (std::size_t i = 0; i + 1 < f.size(); ++i) r.push({&f[i], 1});
  CHECK(r.seen.empty());
  r.push({&f.back(), 1});
  CHECK(r.numbers() == Numbers{1});
}

TEST_CASE("demuxer: garbage before, between and behind frames is skipped and counted") {
  const Bytes junk = filler(37), bait = {'D', 'H', 'A', 'V', 'D', 'H', 'D', 'H', 'A'};
  const Run r =
      every_way(junk + frame(0, 30) + bait + frame(1, 30) + junk + frame(2, 5) + bait + frame(3, 3));
  CHECK(r.numbers() == Numbers{0, 1, 2, 3});
  CHECK(r.demuxer.stats().skipped == 2 * junk.size() + 2 * bait.size());
  CHECK(r.demuxer.stats().resyncs == 4);
}

TEST_CASE("demuxer: the prefix of an exported file is skipped") {
  Bytes prefix(0x400, 0);
  std::copy_n("DAHUA", 5, prefix.begin());
  Run r;
  r.push(prefix + frame(0, 30));
  CHECK(r.numbers() == Numbers{0});
  CHECK(r.demuxer.stats().skipped == 0x400);
  CHECK(r.demuxer.foreign() == Foreign::none);
}

TEST_CASE("demuxer: any single damaged byte costs at most the frames it touches") {
  const Bytes a = frame(0, 20), b = frame(1, 20), c = frame(2, 20), d = frame(3, 20);
  const Bytes good = a + b + c + d;
  for (std::size_t i = a.size(); i < a.size() + b.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      Bytes bad = good;
      bad[i] = static_cast<std::uint8_t>(bad[i] ^ flip);
      Run r;
      r.push(bad);
      INFO(i << " " << flip);
      REQUIRE(r.seen.size() >= 3);
      CHECK(r.seen.front() == Seen{0, filler(20, 0)});
      CHECK(r.seen[r.seen.size() - 2] == Seen{2, filler(20, 2)});
      CHECK(r.seen.back() == Seen{3, filler(20, 3)});
    }
  }
}

TEST_CASE("demuxer: a length that lies does not swallow what follows") {
  const auto lie = [](std::uint32_t length) {
    Bytes f = frame(1, 20);
    store_le32(&f[12], length);
    unsigned sum = 0;
    for (std::size_t i = 0; i < 23; ++i) sum += f[i];
    f[23] = static_cast<std::uint8_t>(sum);
    return f;
  };
  for (const std::uint32_t length :
       {0u, 8u, 31u, 32u, 40u, 51u, 53u, 60u, 100u, 401u, 0x7fffffffu, 0xffffffffu}) {
    INFO(length);
    const Run r = every_way(frame(0, 20) + lie(length) + frame(2, 40) + frame(4, 200) + frame(5, 20), 400);
    const Numbers n = r.numbers();
    REQUIRE(n.size() >= 4);
    CHECK(n.front() == 0);
    CHECK(Numbers(n.end() - 3, n.end()) == Numbers{2, 4, 5});
  }
}

TEST_CASE("demuxer: a missing or damaged trailer is forgiven when the next frame stands where it should") {
  Bytes no_trailer = frame(1, 20), damaged = frame(2, 20), wrong_length = frame(4, 20);
  no_trailer.resize(no_trailer.size() - 8);
  std::fill(damaged.end() - 8, damaged.end(), 0);
  wrong_length.back() ^= 1;
  const Run r = every_way(frame(0, 20) + no_trailer + damaged + wrong_length + frame(5, 20));
  CHECK(r.numbers() == Numbers{0, 1, 2, 4, 5});
  CHECK(r.seen[1].payload == filler(20, 1));
  CHECK(r.seen[2].payload == filler(20, 2));
  CHECK(r.demuxer.stats().skipped == 0);
}

TEST_CASE("demuxer: a frame cut short costs that frame only") {
  const Bytes whole = frame(1, 60);
  for (std::size_t n = 1; n < whole.size(); ++n) {
    INFO(n);
    Run r;
    r.push(frame(0, 20) + bytes_of(ByteView(whole).first(n)) + frame(2, 80) + frame(3, 80));
    const Numbers got = r.numbers();
    REQUIRE(got.size() >= 3);
    CHECK(got.front() == 0);
    CHECK(Numbers(got.end() - 2, got.end()) == Numbers{2, 3});
  }
}

TEST_CASE("demuxer: frames above the limit are not waited for") {
  const Run r = every_way(frame(0, 100) + frame(1, 69) + frame(2, 68) + frame(4, 10), 100);
  CHECK(r.numbers() == Numbers{2, 4});
}

TEST_CASE("demuxer: headers that announce frames which never come are no burden") {
  const auto liar = [](std::size_t length) {
    Bytes h = frame(1, 0);
    h.resize(24);
    store_le32(&h[12], static_cast<std::uint32_t>(length));
    unsigned sum = 0;
    for (std::size_t i = 0; i < 23; ++i) sum += h[i];
    h[23] = static_cast<std::uint8_t>(sum);
    return h;
  };
  Bytes few;
  for (int i = 0; i < 10; ++i) few = few + liar(101);
  CHECK(every_way(few + frame(2, 60) + frame(4, 60), 101).numbers() == Numbers{2, 4});

  constexpr std::size_t kFrame = (8u << 20) - 3;
  Bytes chunk;
  while (chunk.size() < 65'000) chunk = chunk + liar(kFrame);
  Run r;
  for (std::size_t sent = 0; sent < 5 * kFrame; sent += chunk.size()) r.push(chunk);
  CHECK(r.seen.empty());
  CHECK(r.demuxer.stats().skipped > 3 * kFrame);
}

TEST_CASE("demuxer: a magic in the payload is no frame") {
  Bytes payload = filler(10) + frame(9, 5);
  Bytes outer;
  append_frame(outer, {}, {}, payload);
  const Run r = every_way(outer + frame(1, 5));
  CHECK(r.numbers() == Numbers{0, 1});
  CHECK(r.seen[0].payload == payload);
}

TEST_CASE("demuxer: other formats are recognised however they are cut") {
  const auto padded = [](Bytes b) {
    b.resize(200, 0x11);
    return b;
  };
  const auto text = [](std::string_view s) { return bytes_of(as_bytes(s)); };
  for (const std::uint8_t kind : {0xfd, 0xfc, 0xfe, 0xf0})
    CHECK(every_way(padded({0, 0, 1, kind})).demuxer.foreign() == Foreign::old_stream);
  CHECK(every_way(padded({0, 0, 1, 0xba})).demuxer.foreign() == Foreign::mpeg_ps);
  CHECK(every_way(padded(text("RIFF1234AVI "))).demuxer.foreign() == Foreign::avi);
  CHECK(every_way(padded({0, 0, 0, 24, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm'})).demuxer.foreign() ==
        Foreign::mp4);
  CHECK(every_way(padded(Bytes(30, 7) + text("Dahua_ZH"))).demuxer.foreign() == Foreign::raw_mpeg4);
  CHECK(every_way(padded({1, 2, 3})).demuxer.foreign() == Foreign::none);
  CHECK(every_way(padded(Bytes(20, 7) + text("DHAV") + Bytes(20, 7) + text("Dahua_ZH"))).demuxer.foreign() ==
        Foreign::none);
  CHECK(every_way(padded({0, 0, 1, 0xba}) + frame(0, 9)).demuxer.foreign() == Foreign::none);
}
