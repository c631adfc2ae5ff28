// A smart search: its pages, its limits, and that it is always closed at the device.
#include "session/admin/smart.hpp"

#include "unit/session/scripted_commands.hpp"

using namespace dmss;
using namespace dmss::session;

namespace {

using Json = proto::rpc::Json;

SmartQuery query() {
  SmartQuery q;
  q.begin = {2026, 4, 29, 0, 0, 0};
  q.end = {2026, 4, 30, 0, 0, 0};
  q.channels = {1, 4};
  return q;
}

std::string condition(const char* channels, const char* types) {
  return std::string(
             R"({"Condition":{"StartTime":"2026-04-29 00:00:00","EndTime":"2026-04-30 00:00:00","Channels":)") +
         channels + R"(,"SmdType":)" + types + R"(,"Order":"descOrder"}})";
}
const std::string kCondition = condition("[0,3]", R"(["smdTypeHuman","smdTypeVehicle"])");
constexpr const char* kStarted = R"({"params":{"Token":77,"Count":150},"result":true})";
constexpr const char* kNoData = R"({"error":{"code":285409284,"message":"No data"},"result":false})";

std::string page(int first, int count) {
  Json infos = Json::array();
  for (int i = first; i < first + count; ++i)
    infos.push_back({{"Channel", 3}, {"StartTime", "b"}, {"EndTime", "e"}, {"Type", "t"}, {"No", i}});
  return Json{{"params", {{"Some", infos}}}, {"result", true}}.dump();
}

struct Search {
  /// 150 entries on two pages.
  Search() {
    device.rpc("SmdDataFinder.startFind", kCondition, kStarted)
        .rpc("SmdDataFinder.doFind", R"({"Token":77,"Offset":0,"Count":100})", page(0, 100))
        .rpc("SmdDataFinder.doFind", R"({"Token":77,"Offset":100,"Count":50})", page(100, 50))
        .rpc("SmdDataFinder.stopFind", R"({"Token":77})", kDone);
  }
  Error run(SmartQuery q = query()) {
    OnPage<SmartEntry> show = [this](std::vector<SmartEntry> more) { return take(this, std::move(more)); };
    return device.run(search_smart(device.commands(), device.lasting(), std::move(q), std::move(show)))
        .error();
  }
  static awaitable<bool> take(Search* self, std::vector<SmartEntry> entries) {
    for (SmartEntry& e : entries) self->entries.push_back(std::move(e));
    co_return ++self->pages < self->wanted;
  }
  bool closed() const {
    return !device.heard.empty() && device.heard.back() == R"(rpc SmdDataFinder.stopFind {"Token":77})";
  }
  ScriptedDevice device;
  std::vector<SmartEntry> entries;
  int pages = 0;
  int wanted = 1000;
};

}  // namespace

TEST_CASE("a smart search gives its entries in pages and closes itself") {
  Search search;
  CHECK(search.run() == Errc::ok);
  CHECK(search.pages == 2);
  REQUIRE(search.entries.size() == 150);
  const SmartEntry& last = search.entries[149];
  CHECK(last.channel == 4);
  CHECK(last.begin + last.end + last.type == "bet");
  CHECK(Json::parse(last.json)["No"] == 149);
  CHECK(search.device.finished());
}

TEST_CASE("a smart search that its caller has seen enough of is closed") {
  Search search;
  search.wanted = 1;
  search.device.may_skip = true;
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.size() == 100);
  CHECK(search.device.heard.size() == 3);
  CHECK(search.closed());
}

TEST_CASE("a smart search that fails or is cancelled at any step is closed once it has a token") {
  const bool cancel = GENERATE(true, false);
  const int step = GENERATE(0, 1, 2);
  CAPTURE(cancel, step);
  Search search;
  if (cancel)
    search.device.cancel_at(step);
  else
    search.device.fail_at(step, Errc::timeout);
  // The first step goes by the lasting way: its token has to be heard.
  CHECK(search.run() == (cancel ? Errc::cancelled : Errc::timeout));
  CHECK(search.closed() == (cancel || step > 0));
  CHECK(search.entries.size() == (step == 2 ? 100U : 0U));
}

TEST_CASE("a smart search whose closing fails has found what it found") {
  Search search;
  search.device.fail_at(3, Errc::timeout);
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.size() == 150);
}

TEST_CASE("a smart search without channels names all; its limit bounds what is asked for and taken") {
  Search search;
  search.device.clear();
  search.device
      .rpc("SmdDataFinder.startFind",
           condition("[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]", R"(["smdTypeVehicle"])"),
           R"({"params":{"Token":"t-1","Count":150},"result":true})")
      .rpc("SmdDataFinder.doFind", R"({"Token":"t-1","Offset":0,"Count":7})", page(0, 9))
      .rpc("SmdDataFinder.stopFind", R"({"Token":"t-1"})", kDone);
  SmartQuery q = query();
  q.channels.clear();
  q.human = false;
  q.limit = 7;
  CHECK(search.run(q) == Errc::ok);
  CHECK(search.entries.size() == 7);
  CHECK(search.device.finished());
}

TEST_CASE("a smart search that finds nothing is no error") {
  Search search;
  search.device.clear();
  SECTION("said at once") {
    search.device.rpc("SmdDataFinder.startFind", kCondition, kNoData);
  }
  SECTION("counted") {
    search.device
        .rpc("SmdDataFinder.startFind", kCondition, R"({"params":{"Token":77,"Count":0},"result":true})")
        .rpc("SmdDataFinder.stopFind", R"({"Token":77})", kDone);
  }
  SECTION("said at the first page") {
    search.device.rpc("SmdDataFinder.startFind", kCondition, R"({"params":{"Token":77},"result":true})")
        .rpc("SmdDataFinder.doFind", R"({"Token":77,"Offset":0,"Count":100})", kNoData)
        .rpc("SmdDataFinder.stopFind", R"({"Token":77})", kDone);
  }
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.empty());
  CHECK(search.device.finished());
}

TEST_CASE("a device without the smart search is asked once") {
  Search search;
  search.device.clear();
  search.device.rpc("SmdDataFinder.startFind", kCondition, kNoMethod);
  CHECK(search.run() == Errc::unsupported);
  CHECK(search.run() == Errc::unsupported);
  CHECK(search.device.heard.size() == 1);
}

TEST_CASE("a smart search without a token is malformed; one that makes no sense is not sent") {
  Search search;
  search.device.clear();
  search.device.rpc("SmdDataFinder.startFind", kCondition, R"({"params":{"Count":3},"result":true})");
  CHECK(search.run() == Errc::malformed);

  SmartQuery q = query();
  std::swap(q.begin, q.end);
  CHECK(search.run(q) == Errc::invalid_argument);
  q = query();
  q.limit = 100001;
  CHECK(search.run(q) == Errc::invalid_argument);
  q = query();
  q.human = q.vehicle = false;
  CHECK(search.run(q) == Errc::invalid_argument);
  q = query();
  q.channels = {0};
  CHECK(search.run(q) == Errc::invalid_argument);
  q.channels = {17};
  CHECK(search.run(q) == Errc::no_such_channel);
  q.channels.assign(1025, 1);
  CHECK(search.run(q) == Errc::invalid_argument);
  search.device.has_rpc = false;
  CHECK(search.run() == Errc::unsupported);
  CHECK(search.device.heard.size() == 1);
}
