#include "recorder/dvrip_media.hpp"

#include <ctime>

#include "media/dhav/frame.hpp"
#include "proto/dvrip/media_frame.hpp"

namespace dmss::recorder {
namespace {

namespace dhav = media::dhav;

constexpr std::uint32_t kBeforeWrap = 65536 - 2000;  // ms
constexpr int kWrongBy = 3;

/// Device-local time; this device lives in UTC.
std::uint32_t date_of(std::int64_t wall_us) {
  const std::time_t seconds = wall_us / 1000000;
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return dhav::pack_date({t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec});
}

}  // namespace

DvripMedia::DvripMedia(Core& core, std::shared_ptr<Link> link, int channel, int subtype)
    : core_(core), link_(std::move(link)), channel_(channel), subtype_(subtype) {
  first_ms_ = core.faults.strikes("wrap", {.service = "dvrip", .channel = channel})
                  ? kBeforeWrap
                  : core.random32() & 0xffff;
  viewer_ = core.player.open({"dvrip", channel, subtype, true}, *this);
}

bool DvripMedia::on_media(const MediaUnit& unit) {
  auto channel = static_cast<std::uint8_t>(channel_ - 1);
  if (!core_.faults.none() &&
      core_.faults.find("wrong_channel", {.service = "dvrip", .channel = channel_}) != nullptr)
    channel += kWrongBy;
  dhav::Header h;
  h.type = !unit.video ? dhav::FrameType::audio
           : unit.key  ? dhav::FrameType::key
                       : dhav::FrameType::predicted;
  h.channel = channel;
  h.number = static_cast<std::uint32_t>(unit.number);
  h.date = date_of(unit.wall_us);
  // Free-running, not the milliseconds of the date's second.
  h.milliseconds = static_cast<std::uint16_t>(first_ms_ + static_cast<std::uint64_t>(unit.time_us / 1000));
  Bytes extension;
  if (!unit.video) {
    extension = dhav::audio_extension(unit.codec, unit.sample_rate);
  } else if (unit.key) {
    extension = dhav::video_extension(unit.codec, unit.width, unit.height, unit.fps);
  }
  frame_.clear();
  packets_.clear();
  dhav::append_frame(frame_, h, extension, unit.data);
  proto::dvrip::append_media(packets_, channel, frame_);
  return link_->send_media(packets_);
}

}  // namespace dmss::recorder
