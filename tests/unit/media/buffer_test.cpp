#include "media/buffer.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "rtp_feed.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

using namespace dmss;
using namespace dmss::media;

namespace {

bool padded(const Buffer& b) {
  return std::all_of(b.data() + b.size(), b.data() + b.size() + AV_INPUT_BUFFER_PADDING_SIZE,
                     [](std::uint8_t v) { return v == 0; });
}

}  // namespace

TEST_CASE("buffer: an empty one holds nothing and copies as nothing") {
  const Buffer a;
  const Buffer b = a;
  CHECK(a.empty());
  CHECK(a.make_ref() == nullptr);
  CHECK(a.references() == 0);
  CHECK(b.view().empty());
  CHECK(Buffer::copy_of({}).references() == 0);
}

TEST_CASE("buffer: copies share the bytes and count") {
  Buffer a = Buffer::copy_of(filler(100));
  CHECK(a.references() == 1);
  {
    const Buffer b = a;
    CHECK(b.data() == a.data());
    CHECK(a.references() == 2);
    Buffer c;
    c = b;
    CHECK(a.references() == 3);
    const Buffer d = std::move(c);
    CHECK(a.references() == 3);
    CHECK(d.data() == a.data());
    CHECK(c.empty());
    CHECK(c.references() == 0);
  }
  CHECK(a.references() == 1);
  Buffer& same = a;
  a = same;
  CHECK(a.references() == 1);
  CHECK(bytes_of(a.view()) == filler(100));
}

TEST_CASE("buffer: a reference of FFmpeg's keeps the bytes") {
  Buffer a = Buffer::copy_of(filler(100));
  AVBufferRef* ref = a.make_ref();
  REQUIRE(ref != nullptr);
  CHECK(ref->data == a.data());
  CHECK(ref->size == a.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  CHECK_FALSE(av_buffer_is_writable(ref));
  AVBufferRef* second = av_buffer_ref(ref);
  CHECK(a.references() == 2);
  const std::uint8_t* bytes = a.data();
  a = Buffer();
  CHECK(Buffer::copy_of(filler(100)).data() != bytes);
  CHECK(bytes_of({ref->data, 100}) == filler(100));
  av_buffer_unref(&ref);
  CHECK(Buffer::copy_of(filler(100)).data() != bytes);
  av_buffer_unref(&second);
  CHECK(Buffer::copy_of(filler(100)).data() == bytes);  // at once the next one's
}

TEST_CASE("buffer: what was let go last is taken next, by any stream of that size") {
  const std::uint8_t* bytes = nullptr;
  {
    const Buffer a = Buffer::copy_of(filler(20'000));
    const Buffer b = Buffer::copy_of(filler(20'000));
    CHECK(a.data() != b.data());
    bytes = a.data();
  }
  const Buffer small = Buffer::copy_of(filler(100));
  CHECK(small.data() != bytes);
  CHECK(Buffer::copy_of(filler(30'000)).data() == bytes);
}

TEST_CASE("buffer: every size is kept whole and padded with zeros") {
  for (const std::size_t n : {1u, 63u, 64u, 4031u, 4032u, 4033u, 4096u, 8128u, 8129u, 65'536u, 1'000'000u}) {
    INFO(n);
    // A used buffer of the pool: its padding must be cleared again.
    {
      const Buffer dirty = Buffer::copy_of(filler(n + 60));
    }
    const Buffer b = Buffer::copy_of(filler(n));
    REQUIRE(b.size() == n);
    CHECK(bytes_of(b.view()) == filler(n));
    CHECK(padded(b));
  }
}

TEST_CASE("builder: grows over many appends without losing a byte") {
  BufferBuilder builder;
  Bytes want;
  for (std::size_t n = 0; n < 400; ++n) {
    const Bytes part = filler(n * 3, static_cast<std::uint8_t>(n));
    REQUIRE(builder.append(part));
    want = want + part;
    REQUIRE(builder.size() == want.size());
  }
  const Buffer b = builder.take();
  CHECK(bytes_of(b.view()) == want);
  CHECK(padded(b));
  CHECK(builder.empty());
}

TEST_CASE("builder: what was taken stays as it is when the builder goes on") {
  BufferBuilder builder;
  builder.append(filler(50));
  const Buffer first = builder.take();
  builder.append(filler(50, 9));
  const Buffer second = builder.take();
  CHECK(first.data() != second.data());
  CHECK(bytes_of(first.view()) == filler(50));
  CHECK(bytes_of(second.view()) == filler(50, 9));
  CHECK(builder.take().empty());
}

TEST_CASE("builder: the limit is exact and keeps what is there") {
  BufferBuilder builder(100);
  CHECK_FALSE(builder.append(filler(101)));
  CHECK(builder.empty());
  CHECK(builder.append(filler(60)));
  CHECK_FALSE(builder.append(filler(41)));
  CHECK(builder.extend(static_cast<std::size_t>(-1)) == nullptr);
  CHECK(builder.size() == 60);
  CHECK(builder.append(filler(40, 5)));
  CHECK_FALSE(builder.append(filler(1)));
  CHECK(builder.append({}));
  CHECK(bytes_of(builder.take().view()) == filler(60) + filler(40, 5));
  CHECK(builder.append(filler(100)));
  builder.clear();
  CHECK(builder.append(filler(100)));
}

TEST_CASE("builder: extend gives room that counts at once") {
  BufferBuilder builder;
  builder.append(filler(10));
  std::uint8_t* at = builder.extend(5000);
  REQUIRE(at == builder.data() + 10);
  CHECK(builder.size() == 5010);
  std::fill_n(at, 5000, static_cast<std::uint8_t>(7));
  CHECK(bytes_of(builder.take().view()) == filler(10) + Bytes(5000, 7));
}

TEST_CASE("builder: moving takes the bytes along") {
  BufferBuilder a(200);
  a.append(filler(30));
  BufferBuilder b(std::move(a));
  CHECK(a.empty());
  CHECK(b.size() == 30);
  BufferBuilder c(10);
  c = std::move(b);
  CHECK(c.append(filler(170)));
  CHECK_FALSE(c.append(filler(1)));
  CHECK(c.take().size() == 200);
}

TEST_CASE("buffer: memory that nobody uses is given back but for a bounded rest") {
  const auto use_and_let_go = [](std::size_t count, std::size_t size) {
    std::vector<Buffer> held;
    for (std::size_t n = 0; n < count; ++n) {
      BufferBuilder builder(64u << 20);
      REQUIRE(builder.extend(size) != nullptr);
      held.push_back(builder.take());
    }
  };
  const std::size_t before = kept_buffer_bytes();
  use_and_let_go(1, 17u << 20);  // a single one beyond the bound of its size
  CHECK(kept_buffer_bytes() == before);
  use_and_let_go(2000, 17'000);  // what a window that had stalled lets go of
  CHECK(kept_buffer_bytes() > before);
  CHECK(kept_buffer_bytes() <= before + kMaxKeptOfOneSize);
  for (std::size_t size = 3000; size < (8u << 20); size *= 2) use_and_let_go((12u << 20) / size, size);
  CHECK(kept_buffer_bytes() <= kMaxKept);
  CHECK(kept_buffer_bytes() > kMaxKept / 2);
}

TEST_CASE("buffer: threads share and drop references") {
  const Buffer a = Buffer::copy_of(filler(5000));
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const Buffer mine = a;
        const Buffer own = Buffer::copy_of(mine.view().first(100));
        if (own.size() != 100 || own.data()[99] != a.data()[99]) ++wrong;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(a.references() == 1);
}
