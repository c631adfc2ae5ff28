#include "session/live/live_session.hpp"

#include <boost/asio/post.hpp>

#include "session/device/device_limits.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPauseHold = 15s;
constexpr Duration kJoinPatience = 30s;  // for the next key frame of a stream that may play well for others

}  // namespace

LiveSession::LiveSession(std::shared_ptr<DeviceSession> device, LiveOptions options, LiveHandlers handlers)
    : device_(std::move(device)),
      options_(std::move(options)),
      window_(std::make_shared<Window>(
          device_->core()->make_actor(), device_->context().clock, options_, std::move(handlers),
          device_->context().log.scoped(fmt::format("window {}", options_.channel)))),
      stream_(options_.stream),
      return_(device_->context().executor, device_->context().clock),
      hold_(device_->context().executor, device_->context().clock) {
  ++device_->core()->lives;
}

LiveSession::~LiveSession() {
  --device_->core()->lives;
}

void LiveSession::start() {
  // By way of the queue: it is called while a unit is being handed out.
  window_->on_behind = [weak = weak_from_this()](bool lasting) {
    auto self = weak.lock();
    if (!self) return;
    net::asio::post(self->device_->context().executor, [weak, lasting] {
      if (auto s = weak.lock()) s->on_behind(lasting);
    });
  };
  window_->on_decoding = [weak = weak_from_this(), core = device_->core()](Errc why) {
    core->post([weak, why] {
      if (auto s = weak.lock()) s->on_decoding(why);
    });
  };
  window_->tell(LiveState::opening, {});
  if (options_.channel < 1 || options_.channel > 1024) {
    stopped_ = true;
    window_->tell(LiveState::failed, Error(Errc::no_such_channel, "channels are numbered from 1 to 1024"));
    return;
  }
  attach_current();
}

void LiveSession::attach_current() {
  if (device_->closed()) {
    stopped_ = true;
    window_->tell(LiveState::stopped, Errc::cancelled);
    return;
  }
  window_->wait_for_key();
  current_ = device_->upstream(key(stream_));
  joined_ = current_->stats();
  current_->attach(*this);
}

void LiveSession::note_source() {
  if (!current_) return;
  const SourceStats now = current_->stats();
  window_->note_source(left_.bytes + now.bytes - joined_.bytes, left_.lost + now.lost - joined_.lost);
}

std::shared_ptr<Upstream> LiveSession::leave_current() {
  if (!current_) return nullptr;
  note_source();
  const SourceStats now = current_->stats();
  left_.bytes += now.bytes - joined_.bytes;
  left_.lost += now.lost - joined_.lost;
  return std::exchange(current_, nullptr);
}

/// Goes over to what other windows on the same stream have, if that is another upstream.
void LiveSession::share() {
  if (stopped_ || !current_ || next_) return;
  if (device_->upstream(key(stream_)) != current_) go_over(stream_, Reason::sharing);
}

void LiveSession::on_behind(bool lasting) {
  const net::TimePoint now = device_->context().clock.now();
  if (load_.low()) return load_.unrest(now);
  if (!lasting || stopped_ || paused_ || stream_ != StreamKind::main || next_) return;
  device_->context().log.info("channel {}: cannot keep up with the main stream, going over to extra",
                              options_.channel);
  go_over(StreamKind::extra, Reason::load);
}

void LiveSession::on_decoding(Errc why) {
  if (stopped_) return;
  undecodable_ = why != Errc::ok;
  if (undecodable_ && current_ && !paused_) current_->renew(why);
  if (!undecodable_ && playing_ && !paused_) window_->tell(LiveState::playing, {});
}

/// The window lacks a key frame to begin with, and none comes.
bool LiveSession::misses_key(const Upstream& from, const media::AccessUnit& unit) {
  if (unit.key || !window_->waits_for_key()) {
    key_watch_.reset();
    return false;
  }
  return from.has_key() && key_watch_.waits(unit.arrived, kJoinPatience);
}

/// The timer runs to the earliest moment at which main may be tried; what disturbs the calm lets it run again.
void LiveSession::arm_return() {
  return_.expires_at(load_.due());
  return_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self || self->stopped_ || self->paused_ || !self->load_.low()) return;
    const net::TimePoint now = self->device_->context().clock.now();
    if (!self->playing_ || self->next_) self->load_.unrest(now);
    if (now < self->load_.due()) return self->arm_return();
    self->go_over(StreamKind::main, Reason::calm);
  });
}

void LiveSession::pause() {
  if (stopped_ || paused_) return;
  paused_ = true;
  return_.cancel();
  if (current_) current_->size_backlog();
  window_->tell(LiveState::paused, {});
  hold_.expires_after(kPauseHold);
  hold_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self || !self->paused_ || !self->current_) return;
    self->leave_current()->detach(*self);
  });
}

void LiveSession::resume() {
  if (stopped_ || !paused_) return;
  paused_ = false;
  playing_ = false;
  key_watch_.reset();
  hold_.cancel();
  if (load_.low()) {
    load_.unrest(device_->context().clock.now());
    arm_return();
  }
  window_->tell(LiveState::opening, {});
  if (current_) {
    window_->wait_for_key();
    current_->catch_up(*this);
    current_->size_backlog();
  } else {
    attach_current();
  }
}

void LiveSession::switch_stream(StreamKind stream, Completion<void> done) {
  if (stopped_) return done(Errc::invalid_state);
  load_.reset();
  return_.cancel();
  drop_next(Errc::cancelled);
  if (stream == stream_) {
    share();
    return done(Result<void>());
  }
  if (!current_) {
    stream_ = stream;
    return done(Result<void>());
  }
  switched_ = std::move(done);
  go_over(stream, Reason::caller);
}

void LiveSession::go_over(StreamKind stream, Reason reason) {
  reason_ = reason;
  next_ = device_->upstream(key(stream));
  next_joined_ = next_->stats();
  next_->attach(*this);
}

void LiveSession::drop_next(const Error& why) {
  if (next_ && reason_ == Reason::calm && load_.low()) {
    load_.stayed(device_->context().clock.now());
    arm_return();
  }
  if (auto done = std::exchange(switched_, std::nullopt)) (*done)(why ? Result<void>(why) : Result<void>());
  if (auto next = std::exchange(next_, nullptr)) next->detach(*this);
}

void LiveSession::cut_over() {
  auto old = leave_current();
  current_ = std::exchange(next_, nullptr);
  joined_ = next_joined_;
  stream_ = current_->key().stream;
  window_->wait_for_key();
  const SourceInfo* info = current_->info();
  if (info != nullptr) window_->opened(info->route, info->transport, false);
  opened_before_ = info != nullptr;
  const net::TimePoint now = device_->context().clock.now();
  if (reason_ == Reason::load) {
    load_.fell_back(now);
    arm_return();
  } else if (reason_ == Reason::calm) {
    load_.returned(now);
  }
  if (old) old->detach(*this);
  if (auto done = std::exchange(switched_, std::nullopt)) (*done)(Result<void>());
}

void LiveSession::take_burst(std::shared_ptr<Burst> burst) {
  const BurstOptions& o = burst->options;
  if (o.count < 1 || o.count > 20 || o.quality < 2 || o.quality > 31)
    return burst->done(Error(Errc::invalid_argument, "count is 1 to 20, quality 2 to 31"));
  if (stopped_) return burst->done(Errc::invalid_state);
  if (!window_->decodes()) return burst->done(Errc::no_picture);
  // The window may hold a burst longer than this list; its timer belongs to this thread.
  std::erase_if(bursts_, [](const auto& b) {
    if (b->done.finished()) b->limit.reset();
    return b->done.finished();
  });
  if (bursts_.size() >= kMaxBursts) return burst->done(Error(Errc::overflow, "too many bursts at a time"));
  const auto forget = [weak = weak_from_this(), gone = std::weak_ptr<Burst>(burst)] {
    auto self = weak.lock();
    auto b = gone.lock();
    if (!self || !b) return;
    b->limit.reset();
    std::erase(self->bursts_, b);
  };
  burst->ended = [core = device_->core(), forget] { core->post(forget); };
  burst->limit = std::make_unique<net::Timer>(device_->context().executor, device_->context().clock);
  burst->limit->expires_after(bounded(o.timeout));
  burst->limit->async_wait([forget, weak = std::weak_ptr<Burst>(burst)](bool expired) {
    auto b = weak.lock();
    if (!expired || !b) return;
    b->done(Errc::timeout);
    forget();
  });
  bursts_.push_back(burst);
  window_->take_burst(std::move(burst));
}

void LiveSession::stop() {
  if (stopped_) return;
  stopped_ = true;
  hold_.cancel();
  return_.cancel();
  load_.reset();
  for (const auto& burst : std::exchange(bursts_, {})) {
    burst->limit.reset();
    burst->done(Errc::cancelled);
  }
  window_->on_behind = nullptr;
  drop_next(Errc::cancelled);
  if (auto current = leave_current()) current->detach(*this);
  window_->tell(LiveState::stopped, {});
}

void LiveSession::on_unit(Upstream& from, const media::AccessUnit& unit) {
  if (&from == next_.get()) {
    if (switched_ && switched_->finished()) {
      drop_next(Errc::cancelled);
      return share();
    }
    if (unit.kind != MediaKind::video || !unit.key) return;
    cut_over();
  }
  if (&from != current_.get() || paused_) return;
  if (unit.kind == MediaKind::audio && !options_.audio) return;
  if (unit.kind == MediaKind::video) {
    if (!playing_ && unit.key) {
      playing_ = true;
      if (!undecodable_) window_->tell(LiveState::playing, {});
    }
    if (misses_key(from, unit)) from.renew(Errc::no_key_frame);
  }
  window_->push(unit, stream_);
  note_source();
}

void LiveSession::on_backlog(Upstream& from, const std::vector<media::AccessUnit>& units) {
  if (&from == next_.get()) cut_over();
  if (&from != current_.get() || paused_) return;
  playing_ = true;
  if (!undecodable_) window_->tell(LiveState::playing, {});
  window_->catch_up(units, stream_);
}

void LiveSession::on_opened(Upstream& from, const SourceInfo& info) {
  if (&from != current_.get()) return;
  window_->opened(info.route, info.transport, opened_before_);
  opened_before_ = true;
}

void LiveSession::on_interrupted(Upstream& from, const Error& why, bool final) {
  if (&from == next_.get()) {
    const Reason reason = reason_;
    // A return to main is not worth insisting on: extra plays. What is to be shared is offered again once it plays.
    if (!final && reason != Reason::calm && reason != Reason::sharing) return;
    drop_next(why ? why : Error(Errc::cancelled));
    if (reason != Reason::sharing) share();
    return;
  }
  if (&from != current_.get()) return;
  playing_ = false;
  note_source();
  window_->wait_for_key();
  key_watch_.reset();
  if (!why || why == Errc::cancelled) {
    auto self = shared_from_this();
    leave_current();
    stop();
    return;
  }
  window_->tell(final ? LiveState::failed : LiveState::reconnecting, why);
}

void LiveSession::on_superseded(Upstream& from) {
  if (&from == current_.get()) share();
}

void LiveSession::on_upstream_notice(Upstream& from, const Error& notice) {
  if (&from == current_.get()) window_->tell(playing_ ? LiveState::playing : LiveState::opening, notice);
}

}  // namespace dmss::session
