#include "recorder/player.hpp"

#include <algorithm>

namespace dmss::recorder {
namespace {

using proto::rpc::int_or;
using std::chrono::microseconds;

constexpr auto kGrain = std::chrono::milliseconds(1);  // viewers due within it are served in one turn
constexpr int kMaxPainters = 8;                        // viewers beyond them see the clip
constexpr auto kTooLate =
    std::chrono::milliseconds(1000);  // the machine stood still: go on from now instead of catching up

bool every(std::uint64_t number, const Json& fault) {
  const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(1, int_or(fault, "every", 1)));
  return number % n == n - 1;
}

}  // namespace

Viewer::~Viewer() {
  player_.remove(this);
}

void Viewer::pause() {
  if (paused_) return;
  paused_ = true;
  paused_at_ = player_.clock_.now();
}

void Viewer::resume() {
  if (!paused_) return;
  paused_ = false;
  start_ += player_.clock_.now() - paused_at_;
  player_.schedule(this);
}

Json Viewer::to_json() const {
  return {{"service", service_},        {"channel", channel_},
          {"stream", subtype_},         {"codec", std::string(name(clip_->spec.codec))},
          {"width", clip_->spec.width}, {"height", clip_->spec.height},
          {"fps", clip_->spec.fps},     {"pictures", pictures_},
          {"sound", packets_},          {"taken", taken_},
          {"refused", refused_},        {"bytes", bytes_},
          {"paused", paused_}};
}

Player::Player(net::asio::io_context& io, net::Clock& clock, const Profile& profile, Clips& clips,
               Streams& streams, Faults& faults)
    : clock_(clock), profile_(profile), clips_(clips), streams_(streams), faults_(faults), io_(io) {
  streams_.on_change([this](int channel, int subtype) { refresh(channel, subtype); });
}

void Player::refresh(int channel, int subtype) {
  for (Viewer* v : viewers_) {
    if (v->channel_ != channel || v->subtype_ != subtype) continue;
    v->video_on_ = streams_.video_on(channel, subtype);
    v->sound_on_ = streams_.sound_on(channel, subtype);
    std::shared_ptr<const Clip> clip = streams_.video(channel, subtype);
    if (clip != v->clip_ && !v->switched_) change_clip(*v, std::move(clip));
  }
}

void Player::change_clip(Viewer& v, std::shared_ptr<const Clip> clip) {
  v.clip_ = std::move(clip);
  v.position_ = 0;
  v.segment_us_ = v.video_us_;
  v.segment_pictures_ = 0;
}

std::unique_ptr<Viewer> Player::open(const Request& request, MediaSink& sink) {
  std::unique_ptr<Viewer> v(new Viewer(*this, sink));
  v->service_ = request.service;
  v->channel_ = std::clamp(request.channel, 1, profile_.channels);
  v->subtype_ = request.subtype == 0 ? 0 : 1;
  v->clip_ = streams_.video(v->channel_, v->subtype_);
  v->video_on_ = streams_.video_on(v->channel_, v->subtype_);
  v->sound_on_ = streams_.sound_on(v->channel_, v->subtype_);
  if (request.sound) v->sound_ = streams_.sound(v->channel_, v->subtype_);
  if (v->sound_ && v->sound_->packets.empty()) v->sound_.reset();
  v->start_ = clock_.now();
  v->wall_start_us_ =
      std::chrono::duration_cast<microseconds>((clock_.wall_now() + ahead_).time_since_epoch()).count();
  viewers_.push_back(v.get());
  schedule(v.get());
  return v;
}

void Player::remove(Viewer* viewer) {
  std::erase(viewers_, viewer);
  // The queue holds a pointer to it: rebuilt, as viewers go seldom.
  std::vector<Due> rest;
  while (!due_.empty()) {
    if (due_.top().viewer != viewer) rest.push_back(due_.top());
    due_.pop();
  }
  for (const Due& d : rest) due_.push(d);
}

void Player::stop() {
  timer_.reset();
}

void Player::schedule(Viewer* v) {
  if (std::exchange(v->queued_, true)) return;
  std::int64_t next = v->video_us_;
  if (v->sound_) next = std::min(next, v->audio_us_);
  due_.push({v->start_ + microseconds(next), v});
  arm();
}

void Player::arm() {
  if (due_.empty() || (armed_ && timer_ && timer_->expiry() <= due_.top().at + kGrain)) return;
  if (!timer_) timer_ = std::make_unique<net::Timer>(io_.get_executor(), clock_);
  armed_ = true;
  timer_->expires_at(due_.top().at);
  timer_->async_wait([this](bool came) {
    if (!came) return;
    armed_ = false;
    run();
  });
}

void Player::run() {
  const net::TimePoint now = clock_.now();
  while (!due_.empty() && due_.top().at <= now + kGrain) {
    Viewer* v = due_.top().viewer;
    due_.pop();
    v->queued_ = false;
    if (v->paused_) continue;
    step(*v, now);
  }
  arm();
}

void Player::step(Viewer& v, net::TimePoint now) {
  const auto late = now - (v.start_ + microseconds(v.video_us_));
  if (late > kTooLate) v.start_ += late;
  if (v.sound_ && v.audio_us_ < v.video_us_) {
    give_sound(v);
  } else {
    give_picture(v);
  }
  schedule(&v);
}

void Player::apply_changes(Viewer& v) {
  const Where where{.service = v.service_, .channel = v.channel_};
  if (const auto jump = faults_.take("clock_jump", where)) v.jump_us_ += 1000 * int_or(*jump, "ms", 10000);
  if (!v.switched_ && faults_.find("resolution_change", where) != nullptr) {
    faults_.take("resolution_change", where);
    change_clip(v, clips_.other_size(v.channel_));
  } else if (!v.switched_ && faults_.find("codec_change", where) != nullptr) {
    faults_.take("codec_change", where);
    change_clip(v, clips_.other_codec(v.channel_, v.subtype_));
  } else {
    return;
  }
  v.switched_ = true;
}

void Player::damage(MediaUnit& unit) {
  damaged_.assign(unit.data.begin(), unit.data.end());
  for (std::size_t i = damaged_.size() / 3; i < damaged_.size(); i += 97) damaged_[i] ^= 0x5a;
  unit.data = damaged_;
}

void Player::switch_channel(int channel, bool on) {
  if (on) {
    off_.erase(channel);
  } else {
    off_.insert(channel);
  }
}

void Player::draw(Viewer& v, MediaUnit& unit) {
  const auto position = position_(v.channel_);
  if (!position) return;
  if (!v.painter_ || v.painted_ != v.clip_) {
    const auto draws = [](const Viewer* other) { return other->painter_ != nullptr; };
    if (!v.painter_ && std::count_if(viewers_.begin(), viewers_.end(), draws) >= kMaxPainters) return;
    v.painter_ = std::make_unique<LivePainter>(v.clip_->spec);
    v.painted_ = v.clip_;
  }
  const auto picture = v.painter_->paint(static_cast<std::uint32_t>(v.position_), *position);
  if (!picture) return;
  unit.data = picture->data;
  unit.key = picture->key;
}

void Player::give_picture(Viewer& v) {
  if (!faults_.none() && v.pictures_ > 0) apply_changes(v);
  const Clip& clip = *v.clip_;
  const int fps = std::max(1, clip.spec.fps);
  if (!clip.pictures.empty()) {
    const Clip::Picture& picture = clip.pictures[v.position_];
    MediaUnit u;
    u.key = picture.key;
    u.codec = clip.spec.codec;
    u.data = clip.picture(v.position_);
    u.number = v.pictures_;
    u.time_us = v.video_us_ + v.jump_us_;
    u.wall_us = v.wall_start_us_ + u.time_us;
    u.width = clip.spec.width;
    u.height = clip.spec.height;
    u.fps = fps;
    if (position_) draw(v, u);
    v.position_ = (v.position_ + 1) % clip.pictures.size();
    const bool on = channel_on(v.channel_);
    if (!on) v.waits_for_key_ = true;
    bool left_out = !on || !v.video_on_;
    if (!faults_.none()) {
      const Where where{.service = v.service_, .channel = v.channel_};
      left_out = left_out || faults_.find("no_media", where) != nullptr ||
                 (u.key && faults_.find("no_key_frame", where) != nullptr);
      if (const Json* drop = faults_.find("drop_pictures", where))
        left_out = left_out || every(u.number, *drop);
      if (const Json* flip = faults_.find("damage", where); flip != nullptr && every(u.number, *flip))
        damage(u);
    }
    if (v.waits_for_key_ && !u.key) left_out = true;
    if (!left_out) {
      const bool taken = v.sink_.on_media(u);
      ++(taken ? v.taken_ : v.refused_);
      if (taken) v.bytes_ += u.data.size();
      v.waits_for_key_ = !taken;
    }
  }
  ++v.pictures_;
  v.video_us_ = v.segment_us_ + static_cast<std::int64_t>(++v.segment_pictures_) * 1000000 / fps;
}

void Player::give_sound(Viewer& v) {
  const Sound& sound = *v.sound_;
  MediaUnit u;
  u.video = false;
  u.codec = sound.codec;
  u.data = sound.packets[v.packets_ % sound.packets.size()];
  u.number = v.packets_;
  u.time_us = v.audio_us_ + v.jump_us_;
  u.wall_us = v.wall_start_us_ + u.time_us;
  u.sample_rate = sound.sample_rate;
  u.samples = sound.samples;
  const Where where{.service = v.service_, .channel = v.channel_};
  const bool fault = !faults_.none() && (faults_.find("no_media", where) != nullptr ||
                                         faults_.find("no_audio", where) != nullptr);
  const bool left_out = fault || !v.sound_on_ || !channel_on(v.channel_);
  if (!left_out) v.sink_.on_media(u);
  ++v.packets_;
  v.audio_us_ += static_cast<std::int64_t>(sound.samples) * 1000000 / sound.sample_rate;
}

}  // namespace dmss::recorder
