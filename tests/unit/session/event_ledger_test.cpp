// What counts as the same event told twice, and what the device's answers are compared with.
#include "session/events/ledger.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::session;
using namespace std::chrono_literals;
using proto::events::WireEvent;

namespace {

const net::TimePoint kNow{1h};

WireEvent event(const std::string& action, const std::string& data = "", int index = 0,
                const std::string& code = "VideoMotion") {
  const auto parsed = proto::events::parse_block("Code=" + code + ";action=" + action +
                                                 ";index=" + std::to_string(index) + ";data=" + data);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("from one source only what an id or a moment distinguishes is the same") {
  EventLedger l;
  CHECK(l.take(1, event("Pulse", R"({"EventID":5,"UTC":9})"), kNow));
  CHECK_FALSE(l.take(1, event("Pulse", R"({"EventID":5,"UTC":9})"), kNow + 1s));
  CHECK(l.take(1, event("Pulse", R"({"EventID":5,"UTC":9})", 1), kNow + 1s));
  CHECK(l.take(1, event("Pulse", R"({"EventID":6,"UTC":9})"), kNow + 1s));
  CHECK(l.take(1, event("Pulse", R"({"UTC":9})"), kNow + 1s));
  CHECK(l.take(1, event("Pulse", R"({"UTC":9})"), kNow + 1s));
  CHECK(l.take(1, event("Pulse"), kNow + 1s));
  CHECK(l.take(1, event("Pulse"), kNow + 1s));
  CHECK(l.take(1, event("Pulse", R"({"EventID":5,"UTC":9})"), kNow + 2min));  // out of the window
  CHECK(l.count() == 8);
}

TEST_CASE("a beginning is told again only until something else was told of it") {
  EventLedger l;
  const WireEvent start = event("Start", R"({"UTC":9})"), stop = event("Stop", R"({"UTC":9})");
  CHECK(l.take(1, start, kNow));
  CHECK_FALSE(l.take(1, start, kNow));
  CHECK(l.take(1, stop, kNow));
  CHECK(l.take(1, start, kNow));
  CHECK(l.is_on({"VideoMotion", 1}));
  CHECK(l.take(1, event("Start"), kNow));  // nothing says that it is the same
}

TEST_CASE("what is forgotten is neither on nor off until the next event about it") {
  EventLedger l;
  CHECK(l.take(1, event("Start"), kNow));
  CHECK(l.take(1, event("Start", "", 2, "VideoLoss"), kNow));
  CHECK(l.heard_at({"VideoLoss", 3}) == 2);
  CHECK(l.heard_at({"VideoLoss", 4}) == 0);
  l.forget([](const EventKey& key) { return key.code == "VideoLoss"; });
  CHECK(l.on() == std::vector<EventKey>{{"VideoMotion", 1}});
  CHECK(l.heard_at({"VideoLoss", 3}) == 0);
  CHECK(l.take(1, event("Start", "", 2, "VideoLoss"), kNow));
  CHECK(l.on().size() == 2);
}

TEST_CASE("two attachments that overlap tell each event once more, and each only once") {
  EventLedger l;
  CHECK(l.take(1, event("Pulse"), kNow - 1s));
  l.overlap(1, 2, kNow);
  CHECK(l.take(1, event("Pulse"), kNow + 1s));
  CHECK(l.take(1, event("Pulse"), kNow + 2s));
  CHECK_FALSE(l.take(2, event("Pulse"), kNow + 3s));
  CHECK_FALSE(l.take(2, event("Pulse"), kNow + 3s));
  CHECK(l.take(2, event("Pulse"), kNow + 3s));  // the one that only the new attachment heard
  CHECK(l.take(3, event("Pulse"), kNow + 4s));  // of an attachment that did not overlap
}

TEST_CASE("an event with a moment that a new attachment tells again is known") {
  EventLedger l;
  CHECK(l.take(1, event("Start", R"({"UTC":9})"), kNow));
  CHECK_FALSE(l.take(2, event("Start", R"({"UTC":9})"), kNow + 10s));
  CHECK(l.take(2, event("Start", R"({"UTC":19})"), kNow + 10s));
}

TEST_CASE("an answer of the device says where the events are wrong, unless they are newer") {
  EventLedger l;
  l.take(1, event("Start", "", 0), kNow);
  l.take(1, event("Start", "", 1), kNow);
  const auto asked = l.count();
  l.take(1, event("Stop", "", 1), kNow + 1s);
  // By the device 2 and 3 are on; that 2 has ended came later.
  const auto d = l.compare("VideoMotion", {2, 3}, asked);
  REQUIRE(d.size() == 2);
  CHECK(d[0].key.index == 1);
  CHECK_FALSE(d[0].on);
  CHECK(d[1].key.index == 3);
  CHECK(d[1].on);
  for (const auto& one : d) l.recover(one, kNow + 2s);
  CHECK(l.compare("VideoMotion", {3}, l.count()).empty());
  CHECK(l.on() == std::vector<EventKey>{{"VideoMotion", 3}});
  // The event itself was late: told already.
  CHECK_FALSE(l.take(1, event("Start", "", 2), kNow + 3s));
  CHECK(l.take(1, event("Stop", "", 2), kNow + 4s));
}

TEST_CASE("a code without an index is on when the device names any") {
  EventLedger l;
  l.take(1, event("Start", "", -1, "StorageNotExist"), kNow);
  CHECK(l.compare("StorageNotExist", {1}, l.count()).empty());
  REQUIRE(l.compare("StorageNotExist", {}, l.count()).size() == 1);
}

TEST_CASE("what nobody has spoken of since is stale") {
  EventLedger l;
  l.take(1, event("Start", "", 0), kNow);
  const auto before = l.count();
  l.take(1, event("Start", "", 1), kNow + 1h);
  CHECK(l.stale("VideoMotion", before) == std::vector<EventKey>{{"VideoMotion", 1}});
  CHECK(l.on_since(kNow + 1min) == std::vector<EventKey>{{"VideoMotion", 1}});
  CHECK(l.stateful() == std::set<std::string>{"VideoMotion"});
}
