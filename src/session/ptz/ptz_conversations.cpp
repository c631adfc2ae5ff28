#include "session/ptz/ptz_conversations.hpp"

#include <cmath>

#include "base/charset.hpp"
#include "proto/caps/ptz.hpp"
#include "proto/cgi/tree.hpp"
#include "session/capabilities/probe.hpp"
#include "session/device/question.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;
using rpc::Json;

constexpr int kMaxNumber = 65535;  // of a preset or a tour where the device tells no range
constexpr std::size_t kMaxNameBytes = 256;
constexpr double kScreen = 8192;     // the picture's width and height in 3D positioning
constexpr int kDegreesAtMost = 720;  // a range beyond that is in tenths of degrees

std::string_view name(PtzVerb verb) {
  return verb == PtzVerb::start ? "start" : "stop";
}

std::string text_of(double n) {
  return rpc::dump(Json(n));
}

Error check_number(const char* what, int number, const Limits& device) {
  const int low = device.known() ? std::max(device.minimum, 1) : 1;
  const int high = device.known() ? device.maximum : kMaxNumber;
  if (number >= low && number <= high) return {};
  return Error(Errc::invalid_argument, std::string(what) + " " + std::to_string(number) + " is not from " +
                                           std::to_string(low) + " to " + std::to_string(high));
}

const PtzCapabilities& known(Commands& commands, int channel) {
  static const PtzCapabilities kNothing;
  const Capabilities* all = commands.capabilities().find(channel);
  return all ? all->ptz : kNothing;
}

bool in(double n, double low, double high) {
  return std::isfinite(n) && n >= low && n <= high;
}

proto::cgi::Query query_of(int channel) {
  proto::cgi::Query q;
  q.add("channel", channel);
  return q;
}

/// JSON-RPC with the instance, `cgi` where the device has no such method or refuses this form of it.
awaitable<Result<Json>> ask_ptz(std::shared_ptr<Commands> commands, int channel, std::string method,
                                Json params, std::string action, proto::cgi::Query query) {
  Result<Json> out = Error(Errc::unsupported, "this device has no interface for PTZ");
  if (commands->has_rpc()) {
    Result<rpc::Reply> reply =
        co_await call_kept(commands, "ptz", channel, std::move(method), std::move(params));
    if (reply) co_return std::move(reply->params);
    out = reply.error();
    if (reply.error() != Errc::unsupported && reply.error() != Errc::device_error) co_return out;
  }
  if (!commands->has_cgi()) co_return out;
  Result<proto::cgi::KeyValues> lines =
      co_await commands->cgi_values("ptz", std::move(action), std::move(query));
  if (!lines) co_return lines.error();
  co_return proto::cgi::to_text_tree(*lines);
}

}  // namespace

awaitable<Result<void>> send_ptz(std::shared_ptr<Commands> commands, int channel, PtzVerb verb,
                                 PtzCode code) {
  Result<void> out = Error(Errc::unsupported, "this device has no interface for PTZ");
  if (commands->has_rpc()) {
    Json params = {{"code", std::string(code.code)},
                   {"arg1", code.args[0]},
                   {"arg2", code.args[1]},
                   {"arg3", code.args[2]},
                   {"arg4", 0}};
    Result<rpc::Reply> reply =
        co_await call_kept(commands, "ptz", channel, std::string(name(verb)), std::move(params));
    if (reply) co_return Result<void>();
    out = reply.error();
    if (reply.error() != Errc::unsupported) co_return out;
  }
  if (!commands->has_cgi()) co_return out;
  proto::cgi::Query q = query_of(channel);
  q.add("code", code.code).add("arg1", code.args[0]).add("arg2", code.args[1]).add("arg3", code.args[2]);
  Result<std::string> body = co_await commands->cgi("ptz", std::string(name(verb)), std::move(q));
  if (body) co_return Result<void>();
  co_return body.error();
}

namespace {

/// A start that ends by itself, so that nothing follows it.
awaitable<Result<void>> command_ptz(std::shared_ptr<Commands> commands, int channel, PtzCode code) {
  const std::string control = "ptz.start " + std::string(code.code);
  if (const auto refused = commands->capabilities().refused(channel, control)) co_return *refused;
  Result<void> done = co_await send_ptz(commands, channel, PtzVerb::start, code);
  if (!done) commands->capabilities().remember(channel, control, done.error());
  co_return done;
}

}  // namespace

awaitable<Result<void>> stop_all_ptz(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = check_channel(*commands, channel)) co_return e;
  if (Error e = co_await ensure_probed(commands, channel, ProbeGroup::ptz)) co_return e;
  const Capabilities can = *commands->capabilities().find(channel);
  std::vector<PtzCode> codes;
  for (int i = 0; i <= static_cast<int>(PtzAction::iris_close); ++i) {
    const auto action = static_cast<PtzAction>(i);
    if (can.support(feature_of(action)) != Support::no) codes.push_back(move_code(action, 1, can.ptz));
  }
  if (codes.empty()) co_return co_await require(commands, channel, Feature::ptz);
  if (commands->has_rpc()) {
    // Of moves by speed. A device that has no such moves says so.
    Json none = Json::object();
    Result<rpc::Reply> stopped = co_await call_kept(commands, "ptz", channel, "stopMove", std::move(none));
    if (!stopped && ends_asking(*commands, stopped.error())) co_return stopped.error();
  }
  // A stop ends the move of its own code only, and which ones others have started nobody tells.
  Error first;
  bool any = false;
  for (const PtzCode& code : codes) {
    Result<void> stopped = co_await send_ptz(commands, channel, PtzVerb::stop, code);
    if (!stopped && ends_asking(*commands, stopped.error())) co_return stopped.error();
    if (stopped) any = true;
    if (!stopped && !first) first = stopped.error();
  }
  if (any) co_return Result<void>();
  co_return first;
}

awaitable<Result<void>> goto_preset(std::shared_ptr<Commands> commands, int channel, int number) {
  if (Error e = co_await require(commands, channel, Feature::ptz_presets)) co_return e;
  const Limits range = known(*commands, channel).presets;
  if (Error e = check_number("preset", number, range)) co_return e;
  const PtzCode code{"GotoPreset", {0, number, 0}};
  co_return co_await command_ptz(commands, channel, code);
}

awaitable<Result<void>> set_preset(std::shared_ptr<Commands> commands, int channel, int number,
                                   std::string name) {
  if (name.size() > kMaxNameBytes)
    co_return Error(Errc::invalid_argument, "a preset's name has 256 bytes at most");
  if (!is_utf8(name)) co_return Error(Errc::invalid_argument, "a preset's name is UTF-8");
  if (Error e = co_await require(commands, channel, Feature::ptz_presets)) co_return e;
  const Limits range = known(*commands, channel).presets;
  if (Error e = check_number("preset", number, range)) co_return e;
  if (commands->has_rpc() && !name.empty()) {
    Json params = {{"index", number}, {"name", name}};
    Result<rpc::Reply> reply = co_await call_kept(commands, "ptz", channel, "setPreset", std::move(params));
    if (reply) co_return Result<void>();
    if (reply.error() != Errc::unsupported || !commands->has_cgi()) co_return reply.error();
  }
  const PtzCode code{"SetPreset", {0, number, 0}};
  Result<void> stored = co_await command_ptz(commands, channel, code);
  if (!stored || name.empty()) co_return stored;
  proto::cgi::Query q = query_of(channel);
  q.add("arg1", number).add("arg2", name);
  Result<std::string> named = co_await commands->cgi("ptz", "setPreset", std::move(q));
  if (named) co_return Result<void>();
  co_return named.error();
}

awaitable<Result<void>> clear_preset(std::shared_ptr<Commands> commands, int channel, int number) {
  if (Error e = co_await require(commands, channel, Feature::ptz_presets)) co_return e;
  const Limits range = known(*commands, channel).presets;
  if (Error e = check_number("preset", number, range)) co_return e;
  if (commands->has_rpc()) {
    Json params = {{"index", number}};
    Result<rpc::Reply> reply =
        co_await call_kept(commands, "ptz", channel, "removePreset", std::move(params));
    if (reply) co_return Result<void>();
    if (reply.error() != Errc::unsupported) co_return reply.error();
  }
  const PtzCode code{"ClearPreset", {0, number, 0}};
  co_return co_await command_ptz(commands, channel, code);
}

awaitable<Result<std::vector<PtzPreset>>> list_presets(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::ptz_presets)) co_return e;
  proto::cgi::Query q = query_of(channel);
  Result<Json> answer =
      co_await ask_ptz(commands, channel, "getPresets", nullptr, "getPresets", std::move(q));
  if (!answer) co_return answer.error();
  co_return proto::caps::parse_ptz_presets(*answer);
}

awaitable<Result<void>> send_tour(std::shared_ptr<Commands> commands, int channel, std::string_view code,
                                  int tour, int preset) {
  if (Error e = co_await require(commands, channel, Feature::ptz_tours)) co_return e;
  const PtzCapabilities limits = known(*commands, channel);
  if (Error e = check_number("tour", tour, limits.tours)) co_return e;
  const bool takes_preset = code == "AddTour" || code == "DelTour";
  if (takes_preset) {
    if (Error e = check_number("preset", preset, limits.presets)) co_return e;
  }
  const PtzCode what{code, {tour, takes_preset ? preset : 0, 0}};
  co_return co_await command_ptz(commands, channel, what);
}

awaitable<Result<PtzStatus>> ptz_status(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::ptz_position)) co_return e;
  proto::cgi::Query q = query_of(channel);
  Result<Json> answer = co_await ask_ptz(commands, channel, "getStatus", nullptr, "getStatus", std::move(q));
  if (!answer) co_return answer.error();
  const auto status = proto::caps::parse_ptz_status(*answer);
  if (!status) co_return Error(Errc::malformed, "the device's PTZ status has no \"status\"");
  co_return *status;
}

awaitable<Result<void>> move_to_position(std::shared_ptr<Commands> commands, int channel,
                                         PtzPosition position) {
  if (!in(position.pan, -360, 360) || !in(position.tilt, -180, 180) || !in(position.zoom, 0, 10000))
    co_return Error(Errc::invalid_argument,
                    "pan of -360 to 360, tilt of -180 to 180 degrees, zoom of 0 to 10000");
  if (Error e = co_await require(commands, channel, Feature::ptz_absolute)) co_return e;
  const PtzCapabilities limits = known(*commands, channel);
  // Some count in tenths of degrees; their range shows it.
  const bool tenths =
      limits.horizontal_angle.maximum > kDegreesAtMost || limits.vertical_angle.maximum > kDegreesAtMost;
  const double scale = tenths ? 10 : 1;
  const auto outside = [&](double n, const Limits& l) {
    return l.known() && (n * scale < l.minimum || n * scale > l.maximum);
  };
  if (outside(position.pan, limits.horizontal_angle) || outside(position.tilt, limits.vertical_angle))
    co_return Error(Errc::invalid_argument, "beyond the range that the device tells (PtzCapabilities)");
  if (commands->has_rpc()) {
    // In the units of the status, so that what was read can be gone back to.
    Json params = {{"position", Json::array({position.pan, position.tilt, position.zoom})}};
    Result<rpc::Reply> reply =
        co_await call_kept(commands, "ptz", channel, "moveAbsolutely", std::move(params));
    if (reply) co_return Result<void>();
    if (reply.error() != Errc::unsupported && reply.error() != Errc::device_error) co_return reply.error();
  }
  const PtzCode code{
      "PositionABS",
      {std::llround(position.pan * scale), std::llround(position.tilt * scale), std::llround(position.zoom)}};
  co_return co_await command_ptz(commands, channel, code);
}

awaitable<Result<void>> move_relatively(std::shared_ptr<Commands> commands, int channel, double right,
                                        double up, double zoom_in) {
  if (!in(right, -1, 1) || !in(up, -1, 1) || !in(zoom_in, -1, 1))
    co_return Error(Errc::invalid_argument, "right, up and zoom_in are from -1 to 1");
  if (Error e = co_await require(commands, channel, Feature::ptz_relative)) co_return e;
  Json params = {{"translation", Json::array({right, up, zoom_in})}};
  proto::cgi::Query q = query_of(channel);
  q.add("arg1", text_of(right)).add("arg2", text_of(up)).add("arg3", text_of(zoom_in));
  Result<Json> done = co_await ask_ptz(commands, channel, "moveRelatively", std::move(params),
                                       "moveRelatively", std::move(q));
  if (done) co_return Result<void>();
  co_return done.error();
}

awaitable<Result<void>> zoom_to_rectangle(std::shared_ptr<Commands> commands, int channel, double left,
                                          double top, double right, double bottom) {
  if (!in(left, 0, 1) || !in(top, 0, 1) || !in(right, 0, 1) || !in(bottom, 0, 1) || left >= right ||
      top >= bottom)
    co_return Error(Errc::invalid_argument,
                    "a rectangle of the picture from 0 to 1, left before right, top before bottom");
  if (Error e = co_await require(commands, channel, Feature::ptz)) co_return e;
  const std::array<std::int64_t, 4> points = {std::llround(left * kScreen), std::llround(top * kScreen),
                                              std::llround(right * kScreen), std::llround(bottom * kScreen)};
  if (commands->has_cgi()) {
    proto::cgi::Query q = query_of(channel);
    q.add("startPoint[0]", points[0]).add("startPoint[1]", points[1]);
    q.add("endPoint[0]", points[2]).add("endPoint[1]", points[3]);
    Result<std::string> body = co_await commands->cgi("ptzBase", "moveDirectly", std::move(q));
    if (body) co_return Result<void>();
    const bool shut =
        body.error().category() == ErrorCategory::network || body.error().category() == ErrorCategory::login;
    if (!commands->has_rpc() || !(body.error() == Errc::unsupported || shut)) co_return body.error();
  }
  if (!commands->has_rpc()) co_return Error(Errc::unsupported, "this device has no interface for PTZ");
  Json params = {{"screen", points}};
  Result<rpc::Reply> reply = co_await call_kept(commands, "ptz", channel, "moveDirectly", std::move(params));
  if (reply) co_return Result<void>();
  co_return reply.error();
}

}  // namespace dmss::session
