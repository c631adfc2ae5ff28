#include "recorder/streams.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cmath>

#include "recorder/clip_maker.hpp"

namespace dmss::recorder {
namespace {

constexpr int kMaxFps = 60, kMaxGop = 150;
constexpr int kRates[] = {128, 256, 512, 1024, 2048, 4096, 8192};
constexpr std::pair<int, int> kSizes[] = {{352, 288}, {704, 576}, {1280, 720}, {1920, 1080}};

int nearest_rate(int kbps) {
  const auto far = [&](int rate) {
    return std::fabs(std::log2(static_cast<double>(rate) / std::max(1, kbps)));
  };
  return *std::min_element(std::begin(kRates), std::end(kRates),
                           [&](int a, int b) { return far(a) < far(b); });
}

std::pair<int, int> nearest_size(const Profile& p, int width, int height) {
  std::vector<std::pair<int, int>> sizes(std::begin(kSizes), std::end(kSizes));
  for (const StreamProfile* s : {&p.main, &p.extra}) sizes.emplace_back(s->width, s->height);
  const auto far = [&](std::pair<int, int> size) {
    return std::fabs(std::log2(static_cast<double>(size.first) / width)) +
           std::fabs(std::log2(static_cast<double>(size.second) / height));
  };
  return *std::min_element(sizes.begin(), sizes.end(), [&](auto a, auto b) { return far(a) < far(b); });
}

}  // namespace

Streams::Streams(net::asio::io_context& io, const Profile& profile, Tables& tables, Clips& clips, Logger log)
    : io_(io), profile_(profile), tables_(tables), clips_(clips), log_(std::move(log)) {
  tables_.on_change([this](const std::string& name) {
    if (name == "Encode" || name == "VideoStandard") follow();
  });
}

Streams::~Streams() {
  stop();
}

void Streams::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    queue_.clear();
  }
  wake_.notify_all();
  if (worker_.joinable()) worker_.join();
}

ClipSpec Streams::nearest(const Profile& p, int channel, int subtype, const StreamSetting& s) {
  const ClipSpec own = Clips::spec_of(p, channel, subtype);
  ClipSpec c = own;
  c.codec = s.codec;
  if (s.width > 0 && s.height > 0) std::tie(c.width, c.height) = nearest_size(p, s.width, s.height);
  if (s.fps > 0) c.fps = std::clamp(s.fps, 1, kMaxFps);
  if (s.kbps > 0 && s.kbps != own.kbps) c.kbps = nearest_rate(s.kbps);
  if (s.gop > 0) c.gop = std::clamp(s.gop, 1, kMaxGop);
  const bool same = c.codec == own.codec && c.width == own.width && c.height == own.height &&
                    c.fps == own.fps && c.kbps == own.kbps && c.gop == own.gop;
  if (!same) c.pictures = c.gop;
  return c;
}

std::optional<StreamSetting> Streams::setting(int channel, int subtype) const {
  const Json* standard = tables_.find("VideoStandard");
  return stream_setting(tables_.find("Encode"), channel, subtype, standard != nullptr && *standard == "NTSC");
}

std::shared_ptr<const Clip> Streams::video(int channel, int subtype) {
  std::shared_ptr<const Clip>& clip = playing_[{channel, subtype}];
  if (clip) return clip;
  const auto set = setting(channel, subtype);
  const ClipSpec spec =
      set ? nearest(profile_, channel, subtype, *set) : Clips::spec_of(profile_, channel, subtype);
  if (clips_.there(spec)) {
    clip = clips_.load(spec);
  } else {
    clip = clips_.load(Clips::spec_of(profile_, channel, subtype));
    wanted_[{channel, subtype}] = spec;
    encode(spec);
  }
  return clip;
}

std::shared_ptr<const Sound> Streams::sound(int channel, int subtype) {
  const auto set = setting(channel, subtype);
  return clips_.sound(set ? set->sound : profile_.audio(channel));
}

bool Streams::video_on(int channel, int subtype) const {
  const auto set = setting(channel, subtype);
  return !set || set->video_on;
}

bool Streams::sound_on(int channel, int subtype) const {
  const auto set = setting(channel, subtype);
  return !set || set->sound_on;
}

void Streams::follow() {
  for (int channel = 1; channel <= profile_.channels; ++channel) {
    for (const int subtype : {0, 1}) {
      const Key key{channel, subtype};
      const auto set = setting(channel, subtype);
      if (!set) continue;
      const ClipSpec spec = nearest(profile_, channel, subtype, *set);
      const bool there = clips_.there(spec);
      if (!there) encode(spec);
      const auto playing = playing_.find(key);
      if (playing == playing_.end()) continue;  // looked up when somebody opens it
      wanted_.erase(key);
      if (there) {
        playing->second = clips_.load(spec);
      } else {
        wanted_[key] = spec;
      }
      if (heard_) heard_(channel, subtype);
    }
  }
}

void Streams::encode(const ClipSpec& spec) {
  const std::lock_guard lock(mutex_);
  if (ending_) return;
  const auto same = [&](const ClipSpec& s) { return s.file_name() == spec.file_name(); };
  if (std::none_of(queue_.begin(), queue_.end(), same)) queue_.push_back(spec);
  if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
  wake_.notify_all();
}

void Streams::work() {
  for (;;) {
    ClipSpec spec;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      if (ending_) return;
      spec = queue_.front();
      queue_.pop_front();
    }
    if (const Result<void> made = clips_.make(spec); !made) {
      log_.warning("{}", made.error().to_string());
      continue;
    }
    net::asio::post(io_, [this, file = spec.file_name()] { arrived(file); });
  }
}

void Streams::arrived(const std::string& file) {
  for (auto wanted = wanted_.begin(); wanted != wanted_.end();) {
    if (wanted->second.file_name() != file) {
      ++wanted;
      continue;
    }
    const Key key = wanted->first;
    playing_[key] = clips_.load(wanted->second);
    wanted = wanted_.erase(wanted);
    if (heard_) heard_(key.first, key.second);
  }
}

}  // namespace dmss::recorder
