#include "session/events/picture_desk.hpp"

#include <algorithm>

#include "proto/events/groups.hpp"
#include "session/device/device_session.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPatience = 1500ms;  // of an event for its picture, and the other way round
constexpr auto kSameTime = std::chrono::seconds(5);
constexpr int kDisappointments = 3;  // after which events of this code do not wait any more
constexpr int kMaxFeeds = 16;
constexpr std::size_t kMaxCodes = 24;
constexpr std::size_t kMaxPictures = 16;
constexpr std::size_t kMaxHeld = 256;

/// What cameras take pictures of, for those who want everything.
std::vector<std::string> usual_codes() {
  std::vector<std::string> out = {"VideoMotion", "AlarmLocal", "AlarmIPC"};
  for (const auto& [code, group] : proto::events::known_codes()) {
    const bool seen =
        group == EventGroup::ai_analysis || group == EventGroup::face || group == EventGroup::masking;
    if (seen && out.size() < kMaxCodes) out.emplace_back(code);
  }
  return out;
}

}  // namespace

void PictureWishes::add(const EventOptions& options, const std::set<std::string>& asked) {
  all_channels = all_channels || options.channels.empty();
  channels.insert(options.channels.begin(), options.channels.end());
  everything = everything || asked.empty();
  codes.insert(asked.begin(), asked.end());
  heartbeat = std::min(heartbeat, options.heartbeat);
}

PictureDesk::PictureDesk(std::shared_ptr<DeviceSession> device, PictureEvents events)
    : device_(std::move(device)),
      events_(std::move(events)),
      timer_(device_->context().executor, device_->context().clock) {}

void PictureDesk::want(PictureWishes wishes) {
  if (closed_ || (feeds_wanted_ && wishes == wishes_)) return;
  wishes_ = std::move(wishes);
  feeds_wanted_ = true;
  for (const auto& [channel, feed] : feeds_) feed->close();
  feeds_.clear();
  told_attached();
  make_feeds();
}

void PictureDesk::make_feeds() {
  if (!device_->online() || !feeds_.empty() || closed_) return;
  std::set<int> channels = wishes_.channels;
  if (wishes_.all_channels) {
    channels.clear();
    for (int c = 1; c <= std::clamp(device_->info()->channels, 1, kMaxFeeds); ++c) channels.insert(c);
  }
  PictureFeed::Options options;
  options.codes = wishes_.everything ? usual_codes()
                                     : std::vector<std::string>(wishes_.codes.begin(), wishes_.codes.end());
  if (options.codes.size() > kMaxCodes) options.codes.resize(kMaxCodes);
  options.heartbeat = wishes_.heartbeat;
  for (const int channel : channels) {
    if (feeds_.size() >= kMaxFeeds) break;
    options.channel = channel;
    auto feed = std::make_shared<PictureFeed>(device_, options);
    feed->on_picture = [weak = weak_from_this(), channel](const proto::events::WireEvent& about,
                                                          ByteView jpeg) {
      if (auto self = weak.lock()) self->on_picture(channel, about, jpeg);
    };
    feed->on_attached = [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->told_attached();
    };
    feeds_[channel] = feed;
    feed->start();
  }
}

void PictureDesk::told_attached() {
  const bool now =
      std::any_of(feeds_.begin(), feeds_.end(), [](const auto& f) { return f.second->attached(); });
  if (std::exchange(attached_, now) != now) events_.on_attached(now);
}

void PictureDesk::on_changed() {
  make_feeds();
  for (const auto& [channel, feed] : feeds_) feed->on_changed();
}

void PictureDesk::close() {
  if (std::exchange(closed_, true)) return;
  for (const auto& [channel, feed] : feeds_) feed->close();
  feeds_.clear();
  flush();
  told_attached();
  timer_.cancel();
}

bool PictureDesk::may_have_picture(const Event& event) const {
  if (event.recovered || !attached_ || held_.size() >= kMaxHeld) return false;
  if (event.action != EventAction::start && event.action != EventAction::pulse) return false;
  if (event.group == EventGroup::housekeeping) return false;
  const auto it = disappointed_.find(event.code);
  return it == disappointed_.end() || it->second < kDisappointments;
}

bool PictureDesk::belong(const Event& event, const proto::events::WireEvent& about) {
  if (event.code != about.event.code || event.index != about.event.index || !event.picture.empty())
    return false;
  if (!event.device_time || !about.event.device_time) return true;
  const auto apart = *event.device_time - *about.event.device_time;
  return apart <= kSameTime && apart >= -kSameTime;
}

void PictureDesk::add(std::shared_ptr<const Event> event) {
  const auto picture = std::find_if(pictures_.begin(), pictures_.end(),
                                    [&](const Picture& p) { return belong(*event, p.about); });
  const bool waiting = may_have_picture(*event);
  Held held{std::move(event), device_->context().clock.now() + kPatience, waiting};
  if (waiting && picture != pictures_.end()) {
    Event with = *held.event;
    with.picture = std::move(picture->jpeg);
    pictures_.erase(picture);
    held.event = std::make_shared<const Event>(std::move(with));
    held.waits = false;
  }
  held_.push_back(std::move(held));
  release();
}

void PictureDesk::on_picture(int channel, proto::events::WireEvent about, ByteView jpeg) {
  if (closed_) return;
  if (about.event.index == 0) about.event.index = channel;
  disappointed_.erase(about.event.code);
  const auto held = std::find_if(held_.begin(), held_.end(),
                                 [&](const Held& h) { return h.waits && belong(*h.event, about); });
  if (held != held_.end()) {
    Event with = *held->event;
    with.picture.assign(jpeg.begin(), jpeg.end());
    held->event = std::make_shared<const Event>(std::move(with));
    held->waits = false;
  } else {
    if (pictures_.size() >= kMaxPictures) pictures_.front().until = {};
    pictures_.push_back({std::move(about), std::vector<std::uint8_t>(jpeg.begin(), jpeg.end()),
                         device_->context().clock.now() + kPatience});
  }
  release();
}

/// Events leave in their order; a picture whose event does not come becomes one of its own.
void PictureDesk::release() {
  auto self = shared_from_this();
  const net::TimePoint now = device_->context().clock.now();
  while (!held_.empty() && (!held_.front().waits || held_.front().until <= now)) {
    const Held held = std::move(held_.front());
    held_.pop_front();
    if (held.waits && disappointed_.size() < kMaxHeld) ++disappointed_[held.event->code];
    events_.deliver(held.event);
  }
  while (!pictures_.empty() && pictures_.front().until <= now) {
    Picture picture = std::move(pictures_.front());
    pictures_.pop_front();
    Event event = std::move(picture.about.event);
    event.action = EventAction::pulse;  // the picture says when, not what began or ended
    event.received = device_->context().clock.wall_now();
    event.picture = std::move(picture.jpeg);
    events_.deliver(std::make_shared<const Event>(std::move(event)));
  }
  arm();
}

void PictureDesk::arm() {
  timer_.cancel();
  if (closed_ || (held_.empty() && pictures_.empty())) return;
  net::TimePoint next = net::TimePoint::max();
  if (!held_.empty()) next = held_.front().until;
  if (!pictures_.empty()) next = std::min(next, pictures_.front().until);
  timer_.expires_at(next);
  timer_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (expired && self && !self->closed_) self->release();
  });
}

void PictureDesk::flush() {
  for (Held& held : held_) held.waits = false;
  for (Picture& picture : pictures_) picture.until = {};
  release();
}

}  // namespace dmss::session
