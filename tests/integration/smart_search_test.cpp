// The smart search against the virtual recorder, over real sockets.
#include <catch2/catch.hpp>

#include "integration/wait_for.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

/// What was found, "channel type" each, or the error.
std::vector<std::string> search(Device& device, const SmartQuery& query) {
  auto found = std::make_shared<std::vector<std::string>>();
  const auto on_page = [found](const std::vector<SmartEntry>& entries) {
    for (const SmartEntry& e : entries)
      found->push_back(std::to_string(e.channel) + " " + e.type + (e.begin.empty() ? " no time" : ""));
    return true;
  };
  const auto done =
      wait_for<void>([&](auto handler) { device.admin().search_smart(query, on_page, handler); });
  if (!done) return {done.error().message()};
  return *found;
}

}  // namespace

TEST_CASE("the recorder's humans and vehicles are found by channel and kind, and each search is closed") {
  using Found = std::vector<std::string>;
  RecorderProcess recorder;
  for (const char* event : {R"({"code":"SmartMotionHuman","action":"Start","index":0})",
                            R"({"code":"SmartMotionHuman","action":"Stop","index":0})",
                            R"({"code":"VideoMotion","action":"Start","index":0})",
                            R"({"code":"SmartMotionVehicle","action":"Pulse","index":2})"})
    recorder.post("/event", event);
  SmartQuery all;
  all.begin = {2000, 1, 1, 0, 0, 0};
  all.end = {2099, 12, 31, 23, 59, 59};
  for (const ControlRoute route : {ControlRoute::dvrip, ControlRoute::http, ControlRoute::dhip}) {
    CAPTURE(name(route));
    Session session(recorder, route);
    CHECK(search(session.device, all) == Found{"3 smdTypeVehicle", "1 smdTypeHuman"});
    SmartQuery humans = all;
    humans.vehicle = false;
    CHECK(search(session.device, humans) == Found{"1 smdTypeHuman"});
    SmartQuery third = all;
    third.channels = {3};
    CHECK(search(session.device, third) == Found{"3 smdTypeVehicle"});
    SmartQuery past = all;
    past.end = {2000, 1, 2, 0, 0, 0};
    CHECK(search(session.device, past).empty());
  }
}
