#include "session/live/gop_cache.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using media::AccessUnit;
using session::GopCache;

namespace {

AccessUnit picture(bool key, std::size_t size = 10) {
  AccessUnit u;
  u.codec = Codec::h264;
  u.key = key;
  u.data = media::Buffer::copy_of(Bytes(size, key ? 1 : 2));
  return u;
}

}  // namespace

TEST_CASE("GOP cache: holds what came since the latest key frame") {
  GopCache c;
  c.add(picture(false));
  CHECK(c.units().empty());
  c.add(picture(true));
  c.add(picture(false));
  AccessUnit sound = picture(true);
  sound.kind = MediaKind::audio;
  c.add(sound);
  c.add(picture(false));
  CHECK(c.units().size() == 3);
  CHECK(c.units().front().key);
  c.add(picture(true));
  CHECK(c.units().size() == 1);
  c.clear();
  CHECK(c.units().empty());
  c.add(picture(false));
  CHECK(c.units().empty());
}

TEST_CASE("GOP cache: shares the bytes") {
  GopCache c;
  const AccessUnit u = picture(true);
  c.add(u);
  CHECK(c.units().front().data.data() == u.data.data());
}

TEST_CASE("GOP cache: nobody starts at a damaged key frame") {
  GopCache c;
  c.add(picture(true));
  AccessUnit damaged = picture(true);
  damaged.corrupt = true;
  c.add(damaged);
  c.add(picture(false));
  CHECK(c.units().empty());
}

TEST_CASE("GOP cache: a group of pictures beyond the limits is let go until the next key frame") {
  GopCache c;
  c.add(picture(true));
  SECTION("too many") {
    for (std::size_t n = 1; n < GopCache::kMaxUnits; ++n) c.add(picture(false));
    CHECK(c.units().size() == GopCache::kMaxUnits);
    c.add(picture(false));
  }
  SECTION("too large") {
    c.add(picture(false, GopCache::kUsualBytes - 10));
    CHECK(c.units().size() == 2);
    c.add(picture(false, 1));
  }
  CHECK(c.units().empty());
  c.add(picture(false));
  CHECK(c.units().empty());
}

TEST_CASE("GOP cache: after a group beyond the limits none is begun until one has been within them") {
  GopCache c;
  c.add(picture(true));
  c.add(picture(false, GopCache::kUsualBytes));
  c.add(picture(true, GopCache::kUsualBytes));
  CHECK(c.units().empty());
  c.add(picture(true, GopCache::kUsualBytes));  // the group before was just within
  CHECK(c.units().size() == 1);
  c.add(picture(false, 1));
  c.add(picture(true));
  c.add(picture(false));
  CHECK(c.units().empty());
  c.add(picture(true));
  c.add(picture(false));
  CHECK(c.units().size() == 2);
  SECTION("another source begins anew") {
    c.add(picture(false, GopCache::kUsualBytes));
    c.clear();
    c.add(picture(true));
    CHECK(c.units().size() == 1);
  }
}

TEST_CASE("GOP cache: a backlog that is wanted may be larger, until it is not") {
  GopCache c;
  c.wanted(true);
  c.add(picture(true, 1000));
  c.add(picture(false, GopCache::kWantedBytes - 1000));
  CHECK(c.units().size() == 2);
  SECTION("but not without end") {
    c.add(picture(false, 1));
    CHECK(c.units().empty());
  }
  SECTION("afterwards the group goes with its next picture") {
    c.wanted(false);
    CHECK(c.units().size() == 2);
    c.add(picture(false, 1));
    CHECK(c.units().empty());
    c.add(picture(true, 1000));  // the group before was too large for what is usual
    CHECK(c.units().empty());
    c.add(picture(true, 1000));
    CHECK(c.units().size() == 1);
  }
}
