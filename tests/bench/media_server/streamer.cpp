#include "bench/media_server/streamer.hpp"

#include <sys/socket.h>

#include <array>
#include <cmath>

namespace dmss::bench {
namespace {

constexpr std::size_t kMaxBacklog = 8u << 20;  // a client that far behind loses pictures
constexpr int kBulkTurn = 8;
// Datagrams of a large picture are spread out, as a camera's network port does.
constexpr std::size_t kDatagramsAtOnce = 32;
constexpr auto kDatagramPause = std::chrono::milliseconds(1);
constexpr std::size_t kInterleavedHead = 4;
constexpr double kGoldenRatio = 0.6180339887498949;

}  // namespace

Streamer::Streamer(Loop& loop, std::shared_ptr<Connection> connection, Clip& clip, Route route, Pace pace,
                   unsigned number)
    : loop_(loop), connection_(std::move(connection)), clip_(clip), route_(route), pace_(pace) {
  const std::chrono::duration<double> interval(1 / (clip_.fps() * pace_.speed));
  interval_ = std::chrono::duration_cast<std::chrono::nanoseconds>(interval);
  const double phase = std::fmod(number * kGoldenRatio, 1.0);
  second_ = Loop::now() + interval_ + std::chrono::duration_cast<std::chrono::nanoseconds>(interval * phase);
  if (pace_.bulk) connection_->on_drained = [this] { run(); };
  schedule(Loop::now());
}

Streamer::~Streamer() {
  if (timer_) loop_.cancel(*timer_);
  connection_->on_drained = nullptr;
}

Time Streamer::due(std::uint64_t picture) const {
  return picture == 0 ? Loop::now() : second_ + interval_ * static_cast<std::int64_t>(picture - 1);
}

void Streamer::schedule(Time when) {
  timer_ = loop_.at(when, [this] {
    timer_.reset();
    run();
  });
}

void Streamer::run() {
  if (connection_->closed()) return;
  if (route_.kind == Route::Kind::datagrams) {
    const bool whole = send_datagrams();
    return schedule(whole ? due(next_) : Loop::now() + kDatagramPause);
  }
  if (pace_.bulk) {
    for (int i = 0; i < kBulkTurn && connection_->backlog() == 0 && !connection_->closed(); ++i)
      send_picture();
    if (connection_->backlog() == 0 && !connection_->closed()) schedule(Loop::now());
    return;
  }
  const Time now = Loop::now();
  do send_picture();
  while (!connection_->closed() && due(next_) <= now);
  if (!connection_->closed()) schedule(due(next_));
}

void Streamer::send_picture() {
  const std::size_t picture = next_ % clip_.pictures();
  const bool fits = connection_->backlog() <= kMaxBacklog;
  if (route_.kind == Route::Kind::dvrip) {
    const auto number = static_cast<std::uint32_t>(next_);
    const auto ms = static_cast<std::int64_t>(stream_seconds() * 1000);
    if (fits) connection_->send(clip_.dvrip(picture, number, ms, Loop::now()));
  } else {
    const Clip::RtpPatch patch{route_.channel, sequence_, timestamp(), Loop::now()};
    const std::size_t all = clip_.packets(picture);
    const std::size_t at_once = pace_.packets ? 1 : all;
    for (std::size_t i = 0; fits && i < all; i += at_once)
      connection_->send(clip_.interleaved(picture, patch, i, at_once));
    sequence_ = static_cast<std::uint16_t>(sequence_ + all);
  }
  ++next_;
}

bool Streamer::send_datagrams() {
  const std::size_t picture = next_ % clip_.pictures();
  const std::size_t all = clip_.packets(picture);
  const std::size_t count = std::min(kDatagramsAtOnce, all - next_packet_);
  const Clip::RtpPatch patch{0, sequence_, timestamp(), Loop::now()};
  ByteView data = clip_.interleaved(picture, patch, next_packet_, count);

  std::array<mmsghdr, kDatagramsAtOnce> messages{};
  std::array<iovec, kDatagramsAtOnce> parts{};
  sockaddr_in to = route_.to;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = load_be16(&data[2]);
    parts[i] = {const_cast<std::uint8_t*>(data.data() + kInterleavedHead), size};
    messages[i].msg_hdr.msg_name = &to;
    messages[i].msg_hdr.msg_namelen = sizeof to;
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    data = data.subspan(kInterleavedHead + size);
  }
  (void)::sendmmsg(route_.udp, messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
  next_packet_ += count;
  if (next_packet_ < all) return false;
  next_packet_ = 0;
  sequence_ = static_cast<std::uint16_t>(sequence_ + all);
  ++next_;
  return true;
}

}  // namespace dmss::bench
