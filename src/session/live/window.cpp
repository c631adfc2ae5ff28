#include "session/live/window.hpp"

#include <algorithm>

#include "media/decode/jpeg.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxQueuedUnits = 400;
constexpr std::size_t kMaxQueuedBytes = 32u << 20;
constexpr Duration kRealTimeAge = 500ms;
constexpr Duration kFluentAge = 2s;
constexpr int kUnitsPerTurn = 8;
constexpr int kOverloadsBeforeExtra = 3;
constexpr Duration kOverloadWindow = 10s;
constexpr int kMaxDecoderThreads = 16;
constexpr int kUndecodedUnits = 10;  // frame threads hold back a few pictures
constexpr Duration kLongestDecodePatience = 60s;
constexpr auto kBelievableLatency = std::chrono::seconds(10);

}  // namespace

Window::Window(std::shared_ptr<Actor> actor, net::Clock& clock, const LiveOptions& options,
               LiveHandlers handlers, Logger log)
    : actor_(std::move(actor)),
      clock_(clock),
      options_(options),
      handlers_(std::move(handlers)),
      log_(std::move(log)),
      made_(clock.now()),
      muted_(options.muted) {
  stats_.stream = options.stream;
}

void Window::tell(LiveState state, const Error& why) {
  if (have_state_ && state_ == state && !why) return;
  have_state_ = true;
  state_ = state;
  {
    std::lock_guard lock(stats_mutex_);
    stats_.state = state;
  }
  if (!handlers_.on_state || released()) return;
  actor_->post([self = shared_from_this(), state, why] {
    if (!self->released()) call_handler(self->handlers_.on_state, state, why);
  });
}

void Window::opened(MediaRoute route, std::string transport, bool again) {
  std::lock_guard lock(stats_mutex_);
  stats_.route = route;
  stats_.transport = std::move(transport);
  if (again) ++stats_.restarts;
}

void Window::note_source(std::uint64_t bytes, std::uint64_t lost) {
  std::lock_guard lock(stats_mutex_);
  stats_.bytes = bytes;
  stats_.lost = lost;
}

void Window::wait_for_key() {
  need_key_ = true;
}

void Window::push(const media::AccessUnit& unit, StreamKind stream) {
  const bool video = unit.kind == MediaKind::video;
  {
    std::lock_guard lock(stats_mutex_);
    rate_.add(unit.arrived, unit.data.size(), video);
    if (video) {
      ++stats_.packets;
      stats_.stream = stream;
      stats_.video = unit.codec;
      if (unit.corrupt) ++stats_.corrupt;
    } else if (unit.kind == MediaKind::audio) {
      stats_.audio = unit.codec;
    }
  }
  if (released()) return;
  if (video) {
    if (need_key_ && !unit.key) return;
    need_key_ = false;
    newest_ = unit.number;
  }
  if (options_.packets_on_network_thread && handlers_.on_packet) handlers_.on_packet(unit.view());
  if (!queued(unit.kind)) return;
  bool start = false;
  bool behind = false;
  {
    std::lock_guard lock(queue_mutex_);
    if (make_room(unit, behind)) {
      queue_.push_back({unit, stream});
      queued_bytes_ += unit.data.size();
      start = !std::exchange(draining_, true);
    }
  }
  if (start) actor_->post([self = shared_from_this()] { self->drain(); });
  if (behind) fell_behind(unit.arrived);
}

/// Whether a worker has something to do with such units.
bool Window::queued(MediaKind kind) const {
  if (handlers_.on_packet && !options_.packets_on_network_thread) return true;
  if (kind == MediaKind::video) return handlers_.on_frame != nullptr;
  return kind == MediaKind::audio && handlers_.on_audio && !muted_.load(std::memory_order_relaxed);
}

void Window::catch_up(const std::vector<media::AccessUnit>& units, StreamKind stream) {
  if (released()) return;
  need_key_ = false;
  const auto known = std::find_if(units.begin(), units.end(),
                                  [&](const media::AccessUnit& u) { return u.number == newest_; });
  std::size_t repeated = known == units.end() ? 0 : static_cast<std::size_t>(known - units.begin()) + 1;
  newest_ = units.back().number;
  {
    std::lock_guard lock(stats_mutex_);
    stats_.packets += units.size() - repeated;
    stats_.stream = stream;
    stats_.video = units.back().codec;
  }
  if (options_.packets_on_network_thread && handlers_.on_packet) {
    for (std::size_t i = repeated; i < units.size(); ++i) handlers_.on_packet(units[i].view());
  }
  if (!queued(MediaKind::video)) return;
  bool start = false;
  {
    std::lock_guard lock(queue_mutex_);
    for (const media::AccessUnit& unit : units) {
      queue_.push_back({unit, stream, &unit != &units.back(), repeated != 0});
      repeated -= repeated != 0 ? 1 : 0;
      queued_bytes_ += unit.data.size();
    }
    catching_up_ = true;
    start = !std::exchange(draining_, true);
  }
  if (start) actor_->post([self = shared_from_this()] { self->drain(); });
}

bool Window::make_room(const media::AccessUnit& next, bool& behind) {
  if (queue_.empty()) {
    catching_up_ = false;
    return true;
  }
  // While catching up the age of the queue says nothing; a key frame is then the shortest way to now.
  const bool next_is_key = next.kind == MediaKind::video && next.key;
  const bool arrives = catching_up_ && next_is_key;
  const Duration age = catching_up_ ? Duration{} : next.arrived - queue_.front().unit.arrived;
  const Duration limit = options_.quality == Quality::fluent ? kFluentAge : kRealTimeAge;
  if (!arrives && age <= limit && queue_.size() < kMaxQueuedUnits &&
      queued_bytes_ + next.data.size() <= kMaxQueuedBytes)
    return true;
  catching_up_ = false;

  // Too far behind: go on from the newest key frame there is, else from the next one to come.
  auto keep = queue_.end();
  if (!next_is_key) {
    for (auto it = queue_.begin() + 1; it < queue_.end(); ++it) {
      if (it->unit.kind == MediaKind::video && it->unit.key) keep = it;
    }
  }
  std::uint64_t dropped = 0;
  for (auto it = queue_.begin(); it != keep; ++it) {
    dropped += it->unit.kind == MediaKind::video && !it->hidden ? 1 : 0;
    queued_bytes_ -= it->unit.data.size();
  }
  queue_.erase(queue_.begin(), keep);
  const bool take_next = next_is_key || !queue_.empty();
  if (!take_next && next.kind == MediaKind::video) ++dropped;
  if (!take_next && dropped > 0) need_key_ = true;
  {
    std::lock_guard lock(stats_mutex_);
    stats_.dropped += dropped;
  }
  if (arrives) return true;
  log_.debug("fell behind, {} pictures dropped", dropped);
  behind = true;
  return take_next || next.kind != MediaKind::video;
}

void Window::fell_behind(net::TimePoint now) {
  if (options_.quality != Quality::automatic || !on_behind) return;
  if (now - last_overload_ > kOverloadWindow) overloads_ = 0;
  last_overload_ = now;
  const bool lasting = ++overloads_ >= kOverloadsBeforeExtra;
  if (lasting) overloads_ = 0;
  on_behind(lasting);
}

void Window::drain() {
  for (int i = 0; i < kUnitsPerTurn; ++i) {
    Item item;
    {
      std::lock_guard lock(queue_mutex_);
      if (queue_.empty()) {
        draining_ = false;
        return;
      }
      item = std::move(queue_.front());
      queue_.pop_front();
      queued_bytes_ -= item.unit.data.size();
    }
    handle(item);
  }
  actor_->post([self = shared_from_this()] { self->drain(); });
}

void Window::handle(Item& item) {
  if (released()) return;
  if (handlers_.on_packet && !options_.packets_on_network_thread && !item.repeated)
    call_handler(handlers_.on_packet, item.unit.view());
  if (item.unit.kind == MediaKind::video) {
    if (handlers_.on_frame) decode_video(item);
  } else if (item.unit.kind == MediaKind::audio) {
    if (handlers_.on_audio && !muted_.load(std::memory_order_relaxed)) decode_audio(item);
  }
}

void Window::decode_video(const Item& item) {
  if (!video_) {
    media::VideoDecoderOptions o;
    o.channel = options_.channel;
    o.hardware = options_.hardware == HardwareDecoding::on;
    o.show_corrupt = options_.show_corrupt;
    o.threads = std::clamp(options_.decoder_threads, 0, kMaxDecoderThreads);
    video_ = std::make_unique<media::VideoDecoder>(o);
  }
  const net::TimePoint start = clock_.now();
  Duration in_handler{};
  bool picture = false;
  const media::DecodeOutcome outcome = video_->decode(item.unit, item.stream, [&](Frame frame) {
    const net::TimePoint shown = clock_.now();
    picture = true;
    if (!item.hidden) show(frame);
    in_handler += clock_.now() - shown;
  });
  watch_decoding(picture, outcome, item.unit.arrived);
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - start - in_handler);
  std::lock_guard lock(stats_mutex_);
  stats_.decode_time += spent;
  if (outcome == media::DecodeOutcome::error) ++stats_.decode_errors;
}

void Window::watch_decoding(bool picture, media::DecodeOutcome outcome, net::TimePoint arrived) {
  if (picture) {
    undecoded_since_.reset();
    decode_patience_ = kDecodePatience;
    if (std::exchange(told_undecodable_, false) && on_decoding) on_decoding(Errc::ok);
    return;
  }
  if (!undecoded_since_) {
    undecoded_since_ = arrived;
    undecoded_ = 0;
    undecoded_wait_ = true;
  }
  undecoded_wait_ = undecoded_wait_ && outcome == media::DecodeOutcome::waiting;
  if (++undecoded_ < kUndecodedUnits || arrived - *undecoded_since_ < decode_patience_) return;
  undecoded_since_.reset();
  decode_patience_ = std::min(decode_patience_ * 2, kLongestDecodePatience);
  told_undecodable_ = true;
  if (on_decoding) on_decoding(undecoded_wait_ ? Errc::no_key_frame : Errc::decode_failed);
}

void Window::show(const Frame& frame) {
  last_frame_ = frame;
  {
    std::lock_guard lock(stats_mutex_);
    ++stats_.frames;
    stats_.width = frame.width();
    stats_.height = frame.height();
    if (stats_.frames == 1) {
      stats_.first_frame = std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - made_);
    }
    stats_.latency.reset();
    if (auto wall = frame.wall_us()) {
      const auto late =
          clock_.wall_now() - std::chrono::system_clock::time_point(std::chrono::microseconds(*wall));
      if (late >= 0s && late < kBelievableLatency) {
        stats_.latency = std::chrono::duration_cast<std::chrono::milliseconds>(late);
      }
    }
  }
  if (!released()) call_handler(handlers_.on_frame, frame);
  give_to_bursts(frame);
}

void Window::decode_audio(const Item& item) {
  if (!audio_) audio_ = std::make_unique<media::AudioDecoder>();
  audio_->decode(item.unit, [&](const AudioBlock& block) {
    {
      std::lock_guard lock(stats_mutex_);
      ++stats_.audio_blocks;
    }
    if (!released()) call_handler(handlers_.on_audio, block);
  });
}

void Window::snapshot(SnapshotOptions options, Completion<std::vector<std::uint8_t>> done) {
  if (options.quality < 2 || options.quality > 31)
    return done(Error(Errc::invalid_argument, "quality is 2 to 31"));
  actor_->post([self = shared_from_this(), options, done] {
    if (!self->last_frame_) return done(Errc::no_picture);
    done(media::encode_jpeg(self->last_frame_, options.quality));
  });
}

void Window::take_burst(std::shared_ptr<Burst> burst) {
  actor_->post([self = shared_from_this(), burst] {
    std::erase_if(self->bursts_, [](const auto& b) { return b->done.finished(); });
    if (!burst->done.finished()) self->bursts_.push_back(burst);
  });
}

void Window::give_to_bursts(const Frame& frame) {
  if (bursts_.empty()) return;
  const auto ends = [&](const std::shared_ptr<Burst>& b) {
    if (b->done.finished()) return true;
    if (released()) return false;  // the window's end answers it
    const Result<std::vector<std::uint8_t>> jpeg = media::encode_jpeg(frame, b->options.quality);
    if (!jpeg) {
      b->done(jpeg.error());
      return true;
    }
    if (b->on_picture) call_handler(b->on_picture, b->taken, *jpeg);
    if (++b->taken < b->options.count) return false;
    b->done(Result<void>());
    return true;
  };
  // The list may not change while handlers run in it: what they ask for is posted.
  for (auto it = bursts_.begin(); it != bursts_.end();) {
    if (!ends(*it)) {
      ++it;
      continue;
    }
    (*it)->ended();
    it = bursts_.erase(it);
  }
}

LiveStats Window::stats() const {
  std::lock_guard lock(stats_mutex_);
  LiveStats s = stats_;
  s.bit_rate = rate_.bit_rate(clock_.now());
  s.frame_rate = rate_.picture_rate(clock_.now());
  return s;
}

}  // namespace dmss::session
