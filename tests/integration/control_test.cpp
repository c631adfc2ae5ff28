// Capabilities, PTZ and controls against the virtual recorder, over real sockets.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "integration/wait_for.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

using Json = nlohmann::json;

Result<Capabilities> capabilities(Device& device, int channel) {
  return wait_for<Capabilities>([&](auto done) { device.capabilities(channel, done); });
}

/// Codes of ptz.start and ptz.stop that the recorder heard, in order.
std::vector<std::string> heard(const RecorderProcess& recorder) {
  std::vector<std::string> out;
  const Json state = Json::parse(recorder.get("/state"));
  for (const Json& one : state.at("ptz").at("commands")) {
    const std::string action = one.value("action", "");
    if (action == "start" || action == "stop")
      out.push_back(action + " " + one.at("params").value("code", ""));
  }
  return out;
}

}  // namespace

TEST_CASE("capabilities of a recorder and of its channels are found out over every control route") {
  RecorderProcess recorder;
  for (const ControlRoute route : {ControlRoute::dvrip, ControlRoute::http, ControlRoute::dhip}) {
    CAPTURE(name(route));
    Session session(recorder, route);
    const auto device = capabilities(session.device, 0);
    REQUIRE(device);
    CHECK(device->support(Feature::json_rpc) == Support::yes);
    CHECK(device->alarm_inputs == 4);
    CHECK(device->alarm_outputs == 2);
    CHECK_FALSE(device->event_codes.empty());
    const auto channel = capabilities(session.device, 1);
    REQUIRE(channel);
    REQUIRE(channel->streams.size() >= 2);
    CHECK(channel->support(Feature::extra_stream) == Support::yes);
    CHECK(channel->streams[0].bit_rate.minimum == 256);
    CHECK(channel->streams[0].bit_rate.maximum == 8192);
    CHECK(channel->streams[0].resolutions.at(0) == Resolution{1920, 1080, "1080P"});
    CHECK(channel->support(Feature::motion_detection) == Support::yes);
    CHECK(channel->support(Feature::smart_tracking) == Support::no);
    CHECK(capabilities(session.device, 17).error() == Errc::no_such_channel);
  }
}

TEST_CASE("a PTZ move is heard with its stop, and an engine that ends stops it") {
  RecorderProcess recorder;
  for (const ControlRoute route : {ControlRoute::dvrip, ControlRoute::http, ControlRoute::dhip}) {
    CAPTURE(name(route));
    const std::size_t before = heard(recorder).size();
    {
      Session session(recorder, route);
      auto accepted = std::make_shared<std::promise<Result<void>>>();
      auto acceptance = accepted->get_future();
      const auto stopped = wait_for<void>([&](auto done) {
        PtzMoveOptions options;
        options.on_started = [accepted](Result<void> r) { accepted->set_value(std::move(r)); };
        options.duration = std::chrono::milliseconds(50);
        options.on_stopped = done;
        [[maybe_unused]] const PtzMove move = session.device.ptz(1).move(PtzAction::left_up, options);
      });
      CHECK(get(std::move(acceptance)));
      CHECK(stopped);
      PtzMove running;
      const auto started = wait_for<void>([&](auto done) {
        PtzMoveOptions options;
        options.on_started = done;
        running = session.device.ptz(1).move(PtzAction::zoom_in, options);
      });
      CHECK(started);
    }
    auto codes = heard(recorder);
    codes.erase(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(before));
    // A stop may go out once more than needed.
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    CHECK(codes ==
          std::vector<std::string>{"start LeftUp", "stop LeftUp", "start ZoomTele", "stop ZoomTele"});
  }
}
