#include "session/events/multipart_stream.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "net/stream.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMoment = 250ms;  // after which a text without its line end counts as whole
constexpr std::size_t kReadSize = 16u << 10;
constexpr int kSilence = 2;  // heartbeats
constexpr std::size_t kIntervals = 4;
constexpr Duration kLongestInterval = 5min;

}  // namespace

MultipartStream::MultipartStream(std::shared_ptr<DeviceSession> device, std::chrono::seconds heartbeat,
                                 std::shared_ptr<StreamHabits> habits)
    : device_(std::move(device)),
      heartbeat_(heartbeat),
      habits_(std::move(habits)),
      watch_(device_->context().executor, device_->context().clock),
      flush_(device_->context().executor, device_->context().clock) {}

MultipartStream::~MultipartStream() = default;

awaitable<Result<void>> MultipartStream::open(std::string target, Duration timeout) {
  auto self = shared_from_this();
  Result<OpenedStream> opened = co_await device_->open_cgi_stream(std::move(target), timeout);
  if (closed_) co_return Errc::cancelled;
  if (!opened) co_return opened.error();
  const std::string_view type = opened->head.get("Content-Type");
  if (!type.empty() && !starts_with_ignoring_case(type, "multipart/"))
    co_return Error(Errc::malformed, "an answer that is no stream").with_device(200, std::string(type));
  stream_ = std::move(opened->stream);
  heard_ = device_->context().clock.now();
  reader_.emplace(proto::events::boundary_of(type));
  reader_->feed(opened->first);
  spawn(device_->context().executor, read(self), device_->context().log);
  co_return Result<void>();
}

awaitable<void> MultipartStream::read([[maybe_unused]] std::shared_ptr<MultipartStream> self) {
  watch();
  take_parts();
  std::array<std::uint8_t, kReadSize> room;
  while (!closed_) {
    Result<std::size_t> n = co_await stream_->read_some(room);
    if (closed_) break;
    if (!n) {
      Error why = n.error();
      if (silent_) {
        if (beats_ < 2) habits_->doubts += 2 - beats_;
        why = Error(Errc::device_offline, "the stream fell silent").with_connection(stream_->info().label());
      }
      end(why);
      break;
    }
    heard_ = device_->context().clock.now();
    reader_->feed(ByteView(room).first(*n));
    take_parts();
  }
  watch_.cancel();
  flush_.cancel();
  stream_->close();
}

void MultipartStream::end(const Error& why) {
  if (std::exchange(closed_, true)) return;
  if (on_end) on_end(why);
}

void MultipartStream::take_parts() {
  auto self = shared_from_this();
  while (!closed_) {
    const auto part = reader_->next();
    if (!part) break;
    note_beat(*part);
    if (on_part) on_part(*part);
  }
  if (!closed_) arm_flush();
}

void MultipartStream::arm_flush() {
  if (!reader_->waiting()) return flush_.cancel();
  flush_.expires_after(kMoment);
  flush_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self || self->closed_) return;
    const auto part = self->reader_->flush();
    if (!part) return;
    self->note_beat(*part);
    if (self->on_part) self->on_part(*part);
  });
}

Duration MultipartStream::silence() const {
  if (habits_->patient() && intervals_.empty()) return Duration::max();
  return kSilence * std::max(heartbeat_, habits_->interval);
}

void MultipartStream::note_beat(const proto::events::Part& part) {
  if (part.kind != proto::events::Part::Kind::heartbeat) return beat_.reset();
  const net::TimePoint now = device_->context().clock.now();
  ++beats_;
  if (beat_) {
    intervals_.push_back(std::min(now - *beat_, kLongestInterval));
    if (intervals_.size() > kIntervals) intervals_.pop_front();
    habits_->interval = *std::max_element(intervals_.begin(), intervals_.end());
    habits_->doubts = 0;
    watch();
  }
  beat_ = now;
}

void MultipartStream::watch() {
  if (!watched()) return watch_.cancel();
  watch_.expires_at(heard_ + silence());
  watch_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self || self->closed_) return;
    if (self->device_->context().clock.now() - self->heard_ < self->silence()) return self->watch();
    self->silent_ = true;
    self->stream_->close();
  });
}

void MultipartStream::close() {
  if (std::exchange(closed_, true)) return;
  watch_.cancel();
  flush_.cancel();
  if (stream_) stream_->close();
}

std::uint64_t MultipartStream::take_malformed() {
  const std::uint64_t all = reader_ ? reader_->malformed() : 0;
  return all - std::exchange(malformed_taken_, all);
}

}  // namespace dmss::session
