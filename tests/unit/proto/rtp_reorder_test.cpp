#include <algorithm>
#include <catch2/catch.hpp>

#include "proto/rtp/reorder.hpp"

using namespace dmss;
using namespace dmss::proto::rtp;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<int>;

/// A receiver: what comes out of the buffer, by the number each packet carries in its bytes.
struct Receiver {
  explicit Receiver(std::size_t max_packets = 256) : buffer(max_packets, 100ms) {}
  ReorderBuffer buffer;
  ReorderBuffer::TimePoint now{};
  Numbers out;

  void drain() {
    while (const auto p = buffer.pop(now)) out.push_back(load_be16(p->data()));
  }
  Receiver& come(std::initializer_list<int> sequences) {
    for (int s : sequences) {
      Bytes packet(2);
      store_be16(packet.data(), static_cast<std::uint16_t>(s));
      if (buffer.pass(static_cast<std::uint16_t>(s), packet, now)) out.push_back(s);
      drain();
    }
    return *this;
  }
  Receiver& later(std::chrono::milliseconds d) {
    now += d;
    drain();
    return *this;
  }
};

}  // namespace

TEST_CASE("packets in order pass at once, without being copied") {
  Receiver r;
  r.come({65534, 65535, 0, 1});
  CHECK(r.out == Numbers{65534, 65535, 0, 1});
  CHECK_FALSE(r.buffer.waiting());
}

TEST_CASE("swapped packets come out in order") {
  Receiver r;
  r.come({10, 12});
  CHECK(r.out == Numbers{10});
  CHECK(r.buffer.waiting());
  r.come({14, 13, 11});
  CHECK(r.out == Numbers{10, 11, 12, 13, 14});
  CHECK_FALSE(r.buffer.waiting());
}

TEST_CASE("packets swapped across the wrap come out in order") {
  Receiver r;
  r.come({65534, 1, 0, 65535, 2});
  CHECK(r.out == Numbers{65534, 65535, 0, 1, 2});
}

TEST_CASE("every order of six packets around the wrap comes out right once the first has come") {
  Numbers rest = {65534, 65535, 0, 1, 2};
  std::sort(rest.begin(), rest.end());
  do {
    Receiver r;
    r.come({65533});
    for (int s : rest) r.come({s});
    CHECK(r.out == Numbers{65533, 65534, 65535, 0, 1, 2});
  } while (std::next_permutation(rest.begin(), rest.end()));
}

TEST_CASE("a lost packet is waited for as long as told, then skipped") {
  Receiver r;
  r.come({1, 3, 4}).later(99ms);
  CHECK(r.out == Numbers{1});
  r.later(1ms);
  CHECK(r.out == Numbers{1, 3, 4});
  r.come({2, 5});
  CHECK(r.out == Numbers{1, 3, 4, 5});
}

TEST_CASE("the wait for a second gap starts when its packet came") {
  Receiver r;
  r.come({1, 3}).later(60ms).come({5}).later(40ms);
  CHECK(r.out == Numbers{1, 3});
  r.later(59ms);
  CHECK(r.out == Numbers{1, 3});
  r.later(1ms);
  CHECK(r.out == Numbers{1, 3, 5});
}

TEST_CASE("a lost packet is given up when too many wait behind it") {
  Receiver r(3);
  r.come({1, 3, 4, 5});
  CHECK(r.out == Numbers{1});
  r.come({6});
  CHECK(r.out == Numbers{1, 3, 4, 5, 6});
}

TEST_CASE("duplicates and late packets are dropped") {
  Receiver r;
  r.come({1, 1, 2, 1, 4, 4, 2, 3, 4, 3});
  CHECK(r.out == Numbers{1, 2, 3, 4});
  CHECK_FALSE(r.buffer.waiting());
}

TEST_CASE("a duplicate of a waiting packet does not replace it") {
  ReorderBuffer b;
  const ReorderBuffer::TimePoint now{};
  CHECK(b.pass(1, Bytes{1}, now));
  CHECK_FALSE(b.pass(3, Bytes{3}, now));
  CHECK_FALSE(b.pass(3, Bytes{99}, now));
  CHECK_FALSE(b.pass(2, Bytes{2}, now));
  CHECK(b.pop(now) == Bytes{2});
  CHECK(b.pop(now) == Bytes{3});
  CHECK_FALSE(b.pop(now));
}

TEST_CASE("one stray packet from far away changes nothing") {
  Receiver r;
  r.come({1, 20000, 2, 20001, 3});
  CHECK(r.out == Numbers{1, 2, 3});
}

TEST_CASE("two packets in a row from far away are a new start, forward and back") {
  Receiver r;
  r.come({1, 2, 4, 20000, 20001, 20002});
  CHECK(r.out == Numbers{1, 2, 20001, 20002});
  CHECK_FALSE(r.buffer.waiting());
  r.come({5, 6, 7});
  CHECK(r.out == Numbers{1, 2, 20001, 20002, 6, 7});
}

TEST_CASE("a jump of 3000 is a gap, one more is far away") {
  Receiver gap;
  gap.come({1, 3002}).later(100ms);
  CHECK(gap.out == Numbers{1, 3002});
  Receiver far;
  far.come({1, 3003}).later(100ms);
  CHECK(far.out == Numbers{1});
}

TEST_CASE("order holds over many wraps") {
  Receiver r;
  for (int i = 0; i < 200'000; i += 2) {
    r.out.clear();
    if (i == 0) {
      r.come({0, 1});
    } else {
      r.come({(i + 1) % 65536, i % 65536});
    }
    REQUIRE(r.out == Numbers{i % 65536, (i + 1) % 65536});
  }
}
