#include "window_report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "media/stamp/stamp.hpp"

dmss::LiveHandlers WindowReport::handlers() {
  dmss::LiveHandlers h;
  h.on_frame = [this](const dmss::Frame& f) { on_frame(f); };
  h.on_audio = [](const dmss::AudioBlock&) {};
  h.on_state = [this](dmss::LiveState state, const dmss::Error& why) {
    std::lock_guard lock(mutex_);
    state_ = state;
    why_ = why;
  };
  return h;
}

void WindowReport::on_frame(const dmss::Frame& frame) {
  wall_.put(index_, frame);
  std::lock_guard lock(mutex_);
  ++frames_;
  check_stamp(frame);
}

void WindowReport::check_stamp(const dmss::Frame& frame) {
  const dmss::Frame::Plane luma = frame.plane(0);
  const auto stamp = dmss::media::read_stamp(luma.data, luma.stride, frame.width(), frame.height());
  if (!stamp || stamp->channel != channel_) {
    ++wrong_;
    return;
  }
  position_ = dmss::media::read_position(luma.data, luma.stride, frame.width(), frame.height());
  const auto number = static_cast<std::int64_t>(stamp->number);
  if (first_stamp_ < 0) {
    first_stamp_ = last_stamp_ = number;
    width_ = frame.width();
    return;
  }
  // The recorder plays a loop of `stamp->loop` pictures; the count here goes on.
  const std::int64_t loop = std::max<std::int64_t>(stamp->loop, 1);
  const std::int64_t skipped = ((number - last_stamp_ - 1) % loop + loop) % loop;
  last_stamp_ += skipped + 1;
  // A stream that was coded anew begins with a key picture of another loop, whatever number that has.
  if (std::exchange(width_, frame.width()) == frame.width()) missing_ += static_cast<std::uint64_t>(skipped);
}

nlohmann::json WindowReport::to_json(const dmss::LiveStats& s) const {
  std::lock_guard lock(mutex_);
  nlohmann::json position;  // where the last picture shows that the camera points
  if (position_)
    position = {
        {"pan", position_->pan / 10.0}, {"tilt", position_->tilt / 10.0}, {"zoom", position_->zoom / 100.0}};
  return {{"route", dmss::name(s.route)},
          {"transport", s.transport},
          {"channel", channel_},
          {"stream", dmss::name(s.stream)},
          {"codec", dmss::name(s.video)},
          {"audio", dmss::name(s.audio)},
          {"width", s.width},
          {"height", s.height},
          {"frames", frames_},
          {"first_stamp", first_stamp_},
          {"last_stamp", last_stamp_},
          {"missing", missing_},
          {"wrong", wrong_},
          {"position", position},
          {"first_frame_ms", static_cast<double>(s.first_frame.count()) / 1000.0},
          {"dropped", s.dropped},
          {"lost", s.lost},
          {"audio_blocks", s.audio_blocks},
          {"bit_rate", s.bit_rate},
          {"frame_rate", s.frame_rate},
          {"decode_ms", s.frames == 0 ? 0.0
                                      : static_cast<double>(s.decode_time.count()) / 1000.0 /
                                            static_cast<double>(s.frames)},
          {"state", dmss::name(state_)},
          {"error", why_ ? why_.to_string() : std::string()}};
}

std::string WindowReport::table_line(const dmss::LiveStats& s) const {
  std::lock_guard lock(mutex_);
  char line[256];
  std::snprintf(line, sizeof line,
                "%3d  %-6s %-12s %-6s %-5s %4dx%-4d %5.1f/s %7.0f kbit/s %7llu pictures %4llu dropped  %s",
                channel_, std::string(dmss::name(s.stream)).c_str(), std::string(dmss::name(state_)).c_str(),
                std::string(dmss::name(s.route)).c_str(), std::string(dmss::name(s.video)).c_str(), s.width,
                s.height, s.frame_rate, s.bit_rate / 1000, static_cast<unsigned long long>(frames_),
                static_cast<unsigned long long>(s.dropped),
                why_ ? (why_.message() + " " + std::string(why_.remedy())).substr(0, 60).c_str() : "");
  return line;
}

std::string WindowReport::failure() const {
  std::lock_guard lock(mutex_);
  if (state_ == dmss::LiveState::failed) return why_.to_string();
  if (frames_ != 0) return {};
  return why_ ? "no picture: " + why_.to_string() : "no picture";
}
