#include "session/live/upstream.hpp"

#include <algorithm>
#include <atomic>

#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRefusedPause = 5s;  // "too many viewers", a camera that is off: the recorder needs time
constexpr Duration kLongestPause = 30s;
constexpr Duration kSteady = 10s;  // a stream that lasts less does not make the pauses start anew

/// The device has spoken about this stream; asking again at once changes nothing, later it may.
bool stream_may_come_back(Errc code) {
  switch (code) {
    case Errc::stream_limit:
    case Errc::device_busy:
    case Errc::too_many_users:
    case Errc::no_media:
    case Errc::decode_failed:
    case Errc::no_key_frame:
    case Errc::device_error:
    case Errc::malformed:
    case Errc::session_expired: return true;
    default: return false;
  }
}

/// Far from the numbers of all others, as a window may go from one stream to another.
std::uint64_t first_number() {
  static std::atomic<std::uint64_t> streams{0};
  return streams.fetch_add(1, std::memory_order_relaxed) << 40;
}

bool is_tls_refusal(const Error& why) {
  return why == Errc::tls_untrusted || why == Errc::tls_changed;
}

}  // namespace

Upstream::Upstream(std::shared_ptr<DeviceSession> device, UpstreamKey key)
    : device_(std::move(device)),
      key_(key),
      log_(device_->context().log.scoped(fmt::format("live {}/{}", key.channel, name(key.stream)))),
      pause_(device_->context().executor, device_->context().clock),
      number_(first_number()) {
  ++device_->core()->upstreams;
}

Upstream::~Upstream() {
  --device_->core()->upstreams;
}

void Upstream::start() {
  spawn(device_->context().executor, run(shared_from_this()), log_);
}

template <class F>
void Upstream::for_each_listener(F&& f) {
  const auto present = listeners_;
  for (UpstreamListener* l : present) {
    if (std::find(listeners_.begin(), listeners_.end(), l) != listeners_.end()) f(*l);
  }
}

void Upstream::attach(UpstreamListener& listener) {
  listeners_.push_back(&listener);
  size_backlog();
  if (opened_) {
    listener.on_opened(*this, info_);
    catch_up(listener);
  } else if (interrupted_) {
    listener.on_interrupted(*this, interrupted_, final_);
    if (final_ && interrupted_.category() != ErrorCategory::login)
      device_->changed().notify();  // worth another try
  }
}

void Upstream::size_backlog() {
  const bool rests = std::any_of(listeners_.begin(), listeners_.end(), [](auto* l) { return l->rests(); });
  gop_.wanted(rests || listeners_.size() > 1);
}

void Upstream::catch_up(UpstreamListener& listener) {
  if (!gop_.units().empty()) listener.on_backlog(*this, gop_.units());
}

void Upstream::detach(UpstreamListener& listener) {
  std::erase(listeners_, &listener);
  size_backlog();
  if (listeners_.empty()) close(Error());
}

void Upstream::close(const Error& why) {
  if (closed_) return;
  closed_ = true;
  pause_.cancel();
  auto self = shared_from_this();
  device_->remove_upstream(*this);
  for_each_listener([&](UpstreamListener& l) { l.on_interrupted(*this, why, true); });
  listeners_.clear();
  device_->changed().notify();
  if (source_ && !opened_) {
    source_->close();
  } else if (source_) {
    auto goodbye = [](std::shared_ptr<Upstream> keep,
                      std::shared_ptr<MediaSource> source) -> awaitable<void> {
      co_await source->stop();
      (void)keep;
    };
    spawn(device_->context().executor, goodbye(self, source_), log_);
  }
}

void Upstream::supersede() {
  for_each_listener([&](UpstreamListener& l) { l.on_superseded(*this); });
}

void Upstream::tell_interrupted(const Error& why, bool final) {
  interrupted_ = why;
  final_ = final;
  for_each_listener([&](UpstreamListener& l) { l.on_interrupted(*this, why, final); });
}

awaitable<void> Upstream::run(std::shared_ptr<Upstream> self) {
  Duration pause{};
  while (!closed_) {
    heard_ = has_key_ = false;
    const net::TimePoint begin = device_->context().clock.now();
    Error why = co_await play_once();
    if (closed_) break;
    if (why == Errc::no_key_frame) key_patience_ = more_patience(key_patience_);
    const bool network = device_->retries(why);
    const bool again = device_->options().reconnect &&
                       (network || stream_may_come_back(why.code()) ||
                        (played_ && why.category() != ErrorCategory::login && !is_tls_refusal(why)));
    log_.warning("stream ended, {}: {}", again ? "will open it again" : "for good", why.to_string());
    tell_interrupted(why, !again);
    if (closed_) break;
    if (!again) {
      // Other credentials or a new login may help; the window stays and waits for them.
      co_await device_->changed().wait();
      interrupted_ = {};
      continue;
    }
    // Pictures without a key frame are not heard on every route, but they came.
    const bool heard = heard_ || why == Errc::no_key_frame;
    if (heard && device_->context().clock.now() - begin >= kSteady) pause = {};
    pause_.expires_after(pause);
    co_await pause_.wait();
    const Duration least = network ? Duration(device_->options().reconnect_min) : kRefusedPause;
    pause = std::min<Duration>(std::max<Duration>(pause * 2, least), kLongestPause);
  }
  (void)self;
}

awaitable<Error> Upstream::play_once() {
  const MediaRoute wanted = device_->options().media;
  Result<void> ready = co_await device_->ready_for_media(wanted == MediaRoute::dvrip);
  if (!ready) co_return ready.error();
  if (closed_) co_return Errc::cancelled;

  Result<SourceInfo> opened = co_await device_->open_source(*this);
  if (closed_) co_return Errc::cancelled;
  if (!opened) {
    count_last();
    source_.reset();
    co_return opened.error();
  }
  info_ = *opened;
  opened_ = true;
  interrupted_ = {};
  ++openings_;
  log_.info("open: {} {}", info_.transport, name(info_.video));
  for_each_listener([&](UpstreamListener& l) { l.on_opened(*this, info_); });
  if (key_.audio) device_->unite(key_);

  std::shared_ptr<MediaSource> playing = source_;
  Error why = co_await playing->run();
  count_last();
  if (!closed_) {
    // Politely, so that a device that counts viewers forgets this one before it is opened again.
    co_await playing->stop();
  }
  opened_ = false;
  gop_.clear();
  source_.reset();
  co_return why;
}

void Upstream::opening(std::shared_ptr<MediaSource> source) {
  count_last();
  source_ = std::move(source);
  counted_ = {};
  counts_ = true;
  if (closed_) source_->close();
}

void Upstream::renew(Error why) {
  if (opened_ && source_) source_->end(std::move(why));
}

void Upstream::count_last() {
  stats();
  counts_ = false;
}

SourceStats Upstream::stats() {
  if (!counts_) return total_;
  const SourceStats now = source_->stats();
  // On another connection a source counts anew, and what had been taken for lost may still come.
  if (now.bytes < counted_.bytes) counted_ = {};
  const auto add = [](std::uint64_t& total, std::uint64_t& counted, std::uint64_t n) {
    if (n <= counted) return;
    total += n - counted;
    counted = n;
  };
  add(total_.bytes, counted_.bytes, now.bytes);
  add(total_.lost, counted_.lost, now.lost);
  add(total_.skipped, counted_.skipped, now.skipped);
  return total_;
}

void Upstream::on_access_unit(media::AccessUnit&& unit) {
  heard_ = played_ = true;
  if (unit.key && unit.kind == MediaKind::video) {
    has_key_ = true;
    key_patience_ = kKeyPatience;
  }
  unit.number = ++number_;
  gop_.add(unit);
  if (listeners_.size() == 1) {
    listeners_.front()->on_unit(*this, unit);
    return;
  }
  for_each_listener([&](UpstreamListener& l) { l.on_unit(*this, unit); });
}

void Upstream::on_notice(Error notice) {
  log_.warning("{}", notice.to_string());
  for_each_listener([&](UpstreamListener& l) { l.on_upstream_notice(*this, notice); });
}

}  // namespace dmss::session
