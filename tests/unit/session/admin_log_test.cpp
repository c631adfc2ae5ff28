// A log search: its pages, its limits, and that it is always closed at the device.
#include "session/admin/log.hpp"

#include "unit/session/scripted_commands.hpp"

using namespace dmss;
using namespace dmss::session;

namespace {

using Json = proto::rpc::Json;

LogQuery query() {
  LogQuery q;
  q.begin = {2026, 4, 29, 0, 0, 0};
  q.end = {2026, 4, 30, 0, 0, 0};
  q.types = {"Event.VideoMotion.Start"};
  return q;
}

constexpr const char* kCondition =
    R"({"condition":{"Types":["Event.VideoMotion.Start"],"StartTime":"2026-04-29 00:00:00",)"
    R"("EndTime":"2026-04-30 00:00:00","Translate":true,"Order":"Descent"}})";

std::string page(int first, int count) {
  Json items = Json::array();
  for (int i = first; i < first + count; ++i)
    items.push_back({{"Time", "2026-04-29 10:00:00"}, {"Type", "Event.VideoMotion.Start"}, {"RecNo", i}});
  const Json params = {{"found", count}, {"items", items}};
  return Json{{"params", params}, {"result", true}}.dump();
}

struct Search {
  /// 150 entries on two pages.
  Search() {
    device.rpc("log.startFind", kCondition, R"({"params":{"token":77},"result":true})")
        .rpc("log.getCount", R"({"token":77})", R"({"params":{"count":150},"result":true})")
        .rpc("log.doSeekFind", R"({"token":77,"offset":0,"count":100})", page(0, 100))
        .rpc("log.doSeekFind", R"({"token":77,"offset":100,"count":50})", page(100, 50))
        .rpc("log.stopFind", R"({"token":77})", kDone);
  }
  Error run(LogQuery q = query()) {
    OnPage<LogEntry> show = [this](std::vector<LogEntry> more) { return take(this, std::move(more)); };
    return device.run(search_log(device.commands(), device.lasting(), std::move(q), std::move(show))).error();
  }
  static awaitable<bool> take(Search* self, std::vector<LogEntry> entries) {
    for (LogEntry& e : entries) self->entries.push_back(std::move(e));
    co_return ++self->pages < self->wanted;
  }
  bool closed() const {
    return !device.heard.empty() && device.heard.back() == R"(rpc log.stopFind {"token":77})";
  }
  ScriptedDevice device;
  std::vector<LogEntry> entries;
  int pages = 0;
  int wanted = 1000;
};

}  // namespace

TEST_CASE("a log search gives its entries in pages and closes itself") {
  Search search;
  CHECK(search.run() == Errc::ok);
  CHECK(search.pages == 2);
  REQUIRE(search.entries.size() == 150);
  CHECK(search.entries[149].type == "Event.VideoMotion.Start");
  CHECK(search.entries[149].time == "2026-04-29 10:00:00");
  CHECK(Json::parse(search.entries[149].json)["RecNo"] == 149);
  CHECK(search.device.finished());
}

TEST_CASE("a log search that its caller has seen enough of is closed") {
  Search search;
  search.wanted = 1;
  search.device.may_skip = true;
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.size() == 100);
  CHECK(search.device.heard.size() == 4);
  CHECK(search.closed());
}

TEST_CASE("a log search asks for no more than its limit") {
  Search search;
  search.device.clear();
  search.device.rpc("log.startFind", kCondition, R"({"params":{"token":"t-1"},"result":true})")
      .rpc("log.getCount", R"({"token":"t-1"})", R"({"params":{"count":150},"result":true})")
      .rpc("log.doSeekFind", R"({"token":"t-1","offset":0,"count":7})", page(0, 9))
      .rpc("log.stopFind", R"({"token":"t-1"})", kDone);
  LogQuery q = query();
  q.limit = 7;
  CHECK(search.run(q) == Errc::ok);
  CHECK(search.entries.size() == 7);
  CHECK(search.device.finished());
}

TEST_CASE("a log search that fails or is cancelled at any step is closed once it has a token") {
  const bool cancel = GENERATE(true, false);
  const int step = GENERATE(0, 1, 2, 3);
  CAPTURE(cancel, step);
  Search search;
  if (cancel)
    search.device.cancel_at(step);
  else
    search.device.fail_at(step, Errc::timeout);
  // The first step goes by the lasting way: its token has to be heard.
  const bool began = cancel || step > 0;
  CHECK(search.run() == (cancel ? Errc::cancelled : Errc::timeout));
  CHECK(search.closed() == began);
  CHECK(search.entries.size() == (step == 3 ? 100U : 0U));
}

TEST_CASE("a search whose closing fails has found what it found") {
  Search search;
  search.device.fail_at(4, Errc::timeout);
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.size() == 150);
}

TEST_CASE("a log with nothing in it is no error") {
  Search search;
  search.device.clear();
  const std::string no_data = R"({"error":{"code":285409284,"message":"No data"},"result":false})";
  SECTION("said at once") {
    search.device.rpc("log.startFind", kCondition, no_data);
  }
  SECTION("said at the first page") {
    search.device.rpc("log.startFind", kCondition, R"({"params":{"token":77},"result":true})")
        .rpc("log.getCount", R"({"token":77})", R"({"params":{},"result":true})")
        .rpc("log.doSeekFind", R"({"token":77,"offset":0,"count":100})", no_data)
        .rpc("log.stopFind", R"({"token":77})", kDone);
  }
  SECTION("an empty page") {
    search.device.rpc("log.startFind", kCondition, R"({"params":{"token":77},"result":true})")
        .rpc("log.getCount", R"({"token":77})", R"({"params":{"count":5},"result":true})")
        .rpc("log.doSeekFind", R"({"token":77,"offset":0,"count":5})",
             R"({"params":{"found":0,"items":null},"result":true})")
        .rpc("log.stopFind", R"({"token":77})", kDone);
  }
  CHECK(search.run() == Errc::ok);
  CHECK(search.entries.empty());
  CHECK(search.device.finished());
}

TEST_CASE("a search without a token is malformed; one that makes no sense is not sent") {
  Search search;
  search.device.clear();
  search.device.rpc("log.startFind", kCondition, R"({"params":{"token":null},"result":true})");
  CHECK(search.run() == Errc::malformed);
  CHECK(search.device.heard.size() == 1);

  LogQuery q = query();
  std::swap(q.begin, q.end);
  CHECK(search.run(q) == Errc::invalid_argument);
  q = query();
  q.limit = 100001;
  CHECK(search.run(q) == Errc::invalid_argument);
  q = query();
  q.types.assign(101, "x");
  CHECK(search.run(q) == Errc::invalid_argument);
  search.device.has_rpc = false;
  CHECK(search.run() == Errc::unsupported);
  CHECK(search.device.heard.size() == 1);
}
